"""Tries a channel: a message that says it is a test, by the way that every other message takes."""

from datetime import datetime

from sqlalchemy import Connection, insert
from visitwire_schemas import (
    Alert,
    AlertData,
    Change,
    ChangeKind,
    DeliveryInfo,
    Destination,
    LedgerVisit,
    Party,
    Precision,
    Report,
    SubscriptionRef,
    VisitDates,
    VisitStatus,
)
from visitwire_schemas.subscription import Subscription

from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.subscriptions.stored import Stored
from visitwire_alerting.wording import TEST

LANE = "test"
"""A lane of its own: it waits for no other message, and none for it."""


def queue_trial(connection: Connection, stored: Stored, endpoint: str, at: datetime) -> int:
    """Queues a test to one of the subscription's endpoints, at once; gives the delivery's number. It tells no alert,
    which is what makes it a test."""
    row = {"tenant": stored.tenant, "subscription": stored.key, "endpoint": endpoint, "lane": LANE}
    fresh = {"state": "pending", "created": at, "due": at, "attempts": 0, "replay": False}
    return int(connection.execute(insert(deliveries).values(row | fresh).returning(deliveries.c.number)).scalar_one())


def trial(subscription: Subscription, number: int, at: datetime) -> Alert:
    """The event of a test: an invented visit, under a type that no visit has."""
    return Alert(
        id=f"test.{number}",
        type=TEST,
        subject="test",
        time=at,
        data=AlertData(
            visit=_visit(at),
            change=Change(kind=ChangeKind.ANNOUNCED, kinds=(ChangeKind.ANNOUNCED,)),
            evidence=(_report(at),),
            subscription=SubscriptionRef(id=subscription.id, name=subscription.name),
            delivery=DeliveryInfo(sequence=1),
        ),
    )


def _visit(at: datetime) -> LedgerVisit:
    return LedgerVisit(
        id="test",
        revision=1,
        visitor=Party(name="Nobody Atall", label="President", country="IT"),
        destination=Destination(country="NO", place="Bergen"),
        status=VisitStatus.PLANNED,
        dates=_day(at),
        reports=(_report(at),),
        updated=at,
    )


def _report(at: datetime) -> Report:
    return Report(
        provider="visitwire",
        uri="test",
        version=1,
        published=at,
        headline="A test",
        status=VisitStatus.PLANNED,
        dates=_day(at),
        sentence="This is a test. If you read it, the channel works; no such visit was announced.",
    )


def _day(at: datetime) -> VisitDates:
    return VisitDates(start=at.date().isoformat(), precision=Precision.DAY)
