"""Matches new alerts against the subscriptions and queues what is to be delivered, once each."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from visitwire_schemas import Alert

from visitwire_alerting import store
from visitwire_alerting.database import is_postgresql, reading, writing
from visitwire_alerting.facts import facts
from visitwire_alerting.matching import Index
from visitwire_alerting.store import Endpoint, Stored
from visitwire_alerting.subscription import Chat, Email, Subscription
from visitwire_alerting.tables import alerts, deliveries, delivery_alerts, sequences, silences
from visitwire_alerting.timetable import due
from visitwire_alerting.vault import Vault

BATCH = 200
LOCK = 0x76697369
"""PostgreSQL's number for "somebody is matching": alerts of one visit must be numbered in order."""


@dataclass
class Book:
    """The subscriptions, read again when one changed."""

    vault: Vault
    version: tuple[int, int] | None = None
    index: Index = field(default_factory=lambda: Index({}))
    stored: dict[str, Stored] = field(default_factory=dict)
    ends: dict[str, tuple[Subscription, Endpoint]] = field(default_factory=dict)
    """The channels, by endpoint."""

    def refresh(self, connection: Connection) -> None:
        version = store.version(connection)
        if version != self.version:
            self.stored = {one.key: one for one in store.load(connection, self.vault)}
            self.index = Index({key: one.subscription for key, one in self.stored.items()})
            self.ends = {end.id: (one.subscription, end) for one in self.stored.values() for end in one.endpoints}
            self.version = version


def dispatch(engine: Engine, book: Book, at: datetime) -> int:
    """Queues the deliveries of up to `BATCH` new alerts, in one transaction. Gives how many alerts it took."""
    unmatched = select(alerts).where(alerts.c.matched.is_(None)).order_by(alerts.c.number).limit(BATCH)
    with reading(engine) as connection:
        if connection.execute(unmatched).first() is None:
            return 0
    with writing(engine) as connection:
        if is_postgresql(connection):
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        rows = connection.execute(unmatched).all()
        book.refresh(connection)
        for row in rows:
            _queue(connection, book, row, at)
        numbers = [row.number for row in rows]
        connection.execute(update(alerts).where(alerts.c.number.in_(numbers)).values(matched=at))
        return len(rows)


def _queue(connection: Connection, book: Book, row: Row[tuple[object, ...]], at: datetime) -> None:
    alert = Alert.model_validate_json(row.body)
    asked = facts(alert, at.date())
    for key in book.index.matching(asked):
        stored = book.stored[key]
        subscription = stored.subscription
        hushed = _silenced(connection, key, alert.subject, at)
        sequence = _count(connection, key, alert.subject)
        when = due(subscription, asked.changes, at, row.not_before)
        for end in stored.endpoints:
            lane = "all" if isinstance(end.channel, Email | Chat) else alert.subject
            if row.not_before and row.not_before > at:
                lane += f"|{row.not_before.isoformat()}"  # an embargo holds up nothing else, and nothing frees it
            delivery = None if hushed else _waiting(connection, end.id, lane, at, when)
            if delivery is None:
                delivery = _new(connection, stored, end, lane, "silenced" if hushed else "pending", at, when)
            link = {"delivery": delivery, "alert": row.number, "sequence": sequence}
            connection.execute(insert(delivery_alerts).values(link))


def _waiting(connection: Connection, endpoint: str, lane: str, at: datetime, when: datetime) -> int | None:
    """The message of this lane that waits for more, if there is one; it goes as soon as the more urgent may."""
    query = select(deliveries.c.number, deliveries.c.due).where(
        deliveries.c.endpoint == endpoint,
        deliveries.c.lane == lane,
        deliveries.c.state == "pending",
        deliveries.c.attempts == 0,
        deliveries.c.claimed_by.is_(None),
        deliveries.c.replay.is_(False),
        deliveries.c.due > at,
    )
    query = query.order_by(deliveries.c.number).limit(1)
    found = connection.execute(query.with_for_update() if is_postgresql(connection) else query).first()
    if found is None:
        return None
    if when < found.due:
        connection.execute(update(deliveries).where(deliveries.c.number == found.number).values(due=when))
    return int(found.number)


def _new(
    connection: Connection, stored: Stored, end: Endpoint, lane: str, state: str, at: datetime, when: datetime
) -> int:
    row = {
        "tenant": stored.tenant,
        "subscription": stored.key,
        "endpoint": end.id,
        "lane": lane,
        "state": state,
        "created": at,
        "due": when,
        "attempts": 0,
        "replay": False,
    }
    return int(connection.execute(insert(deliveries).values(row).returning(deliveries.c.number)).scalar_one())


def _count(connection: Connection, subscription: str, visit: str) -> int:
    upsert = (postgresql.insert if is_postgresql(connection) else sqlite.insert)(sequences)
    counted = upsert.values(subscription=subscription, visit=visit, last=1).on_conflict_do_update(
        index_elements=["subscription", "visit"], set_={"last": sequences.c.last + 1}
    )
    return int(connection.execute(counted.returning(sequences.c.last)).scalar_one())


def _silenced(connection: Connection, subscription: str, visit: str, at: datetime) -> bool:
    query = select(silences.c.id).where(
        silences.c.until > at,
        or_(silences.c.subscription.is_(None), silences.c.subscription == subscription),
        or_(silences.c.visit.is_(None), silences.c.visit == visit),
    )
    return connection.execute(query.limit(1)).first() is not None
