"""Looks back at deliveries as they are in the database, and sends them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select
from visitwire_schemas import Alert

from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.subscriptions.stored import DEFAULT, key_of

REPLAYABLE = ("delivered", "failed", "dropped", "silenced")

type OneOf = str | Sequence[str] | None
"""A value, or any of several; None, or no value, asks for nothing."""


def several(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def list_deliveries(
    connection: Connection,
    tenant: str = DEFAULT,
    *,
    subscription: OneOf = None,
    state: OneOf = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Deliveries of a tenant, the newest first; `before` is the number to go on from."""
    query = select(deliveries).where(*_asked(tenant, subscription, state, since, until))
    if before is not None:
        query = query.where(deliveries.c.number < before)
    return connection.execute(query.order_by(deliveries.c.number.desc()).limit(limit)).all()


def _asked(
    tenant: str, subscription: OneOf, state: OneOf, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    """What must hold of a tenant's deliveries, for each that is given."""
    table = deliveries.c
    found = [table.tenant == tenant]
    if subscription:
        found.append(table.subscription.in_([key_of(one, tenant) for one in several(subscription)]))
    if state:
        found.append(table.state.in_(several(state)))
    if since is not None:
        found.append(table.created >= since)
    if until is not None:
        found.append(table.created < until)
    return found


@dataclass(frozen=True)
class DeliveryDetail:
    """A delivery with what it tells and every attempt at it."""

    row: Row[Any]
    alerts: tuple[Alert, ...]
    attempts: Sequence[Row[Any]]


def find_delivery(connection: Connection, number: int, tenant: str = DEFAULT) -> DeliveryDetail | None:
    mine = (deliveries.c.number == number) & (deliveries.c.tenant == tenant)
    row = connection.execute(select(deliveries).where(mine)).first()
    if row is None:
        return None
    told = told_by(connection, [number]).get(number, [])
    tried = connection.execute(select(attempts).where(attempts.c.delivery == number).order_by(attempts.c.number)).all()
    return DeliveryDetail(row, tuple(told), tried)


def told_by(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Alert]]:
    """What each of these deliveries tells."""
    query = (
        select(delivery_alerts.c.delivery, alerts.c.body)
        .join(alerts, delivery_alerts.c.alert == alerts.c.number)
        .where(delivery_alerts.c.delivery.in_(numbers))
        .order_by(alerts.c.number)
    )
    found: dict[int, list[Alert]] = {}
    for row in connection.execute(query):
        found.setdefault(row.delivery, []).append(Alert.model_validate_json(row.body))
    return found


@dataclass(frozen=True)
class ReplayRequest:
    """Which finished deliveries to send again: each that is given must hold. Those that were a replay are not."""

    number: int | None = None
    subscription: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self, tenant: str) -> list[ColumnElement[bool]]:
        found = _asked(tenant, self.subscription, self.state, self.since, self.until)
        found += [deliveries.c.state.in_(REPLAYABLE), deliveries.c.replay.is_(False)]
        return found if self.number is None else [*found, deliveries.c.number == self.number]


def count(connection: Connection, wanted: ReplayRequest, tenant: str = DEFAULT) -> int:
    """How many `replay` would send again."""
    query = select(func.count()).select_from(deliveries).where(*wanted.conditions(tenant))
    return int(connection.execute(query).scalar_one())


def replay(connection: Connection, at: datetime, wanted: ReplayRequest, tenant: str = DEFAULT) -> int:
    """Queues finished deliveries again, in their order and with the same ids; gives how many.

    Receivers see `data.delivery.replay`.
    """
    query = select(deliveries).where(*wanted.conditions(tenant))
    rows = connection.execute(query.order_by(deliveries.c.number)).all()
    for row in rows:
        _again(connection, row, at)
    return len(rows)


def _again(connection: Connection, row: Row[Any], at: datetime) -> None:
    copy = {name: getattr(row, name) for name in ("tenant", "subscription", "endpoint", "lane")}
    fresh = {"state": "pending", "created": at, "due": at, "attempts": 0, "replay": True}
    number = connection.execute(insert(deliveries).values(copy | fresh).returning(deliveries.c.number)).scalar_one()
    links = connection.execute(select(delivery_alerts).where(delivery_alerts.c.delivery == row.number)).all()
    copies = [{"delivery": number, "alert": link.alert, "sequence": link.sequence} for link in links]
    if copies:  # a test tells no alert
        connection.execute(insert(delivery_alerts), copies)
