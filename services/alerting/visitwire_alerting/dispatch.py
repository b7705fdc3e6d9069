"""Matches new alerts against the subscriptions and queues what is to be delivered, once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from visitwire_alerting import store
from visitwire_alerting.database import insert_or, is_postgresql
from visitwire_alerting.facts import facts
from visitwire_alerting.index import Index
from visitwire_alerting.message import read_alert
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
    """The subscriptions. Those that changed are read again."""

    vault: Vault
    version: store.Version | None = None
    stamps: dict[str, int] = field(default_factory=dict)
    index: Index = field(default_factory=lambda: Index({}))
    stored: dict[str, Stored] = field(default_factory=dict)
    ends: dict[str, tuple[Subscription, Endpoint]] = field(default_factory=dict)
    """The channels, by endpoint."""

    def refresh(self, connection: Connection) -> None:
        version = store.version(connection)
        if version == self.version:
            return
        stamps = store.stamps(connection)
        changed = [key for key, stamp in stamps.items() if self.stamps.get(key) != stamp]
        read = store.some(connection, self.vault, changed)
        for key in self.stored.keys() - stamps.keys():
            self._drop(key)
        for stored in read:
            self._put(stored)
        self.version, self.stamps = version, stamps

    def _drop(self, key: str) -> None:
        self.index.drop(key)
        for end in self.stored.pop(key).endpoints:
            del self.ends[end.id]

    def _put(self, stored: Stored) -> None:
        if stored.key in self.stored:
            self._drop(stored.key)
        self.index.put(stored.key, stored.subscription)
        self.stored[stored.key] = stored
        self.ends |= {end.id: (stored.subscription, end) for end in stored.endpoints}


def never_waits(subscription: Subscription) -> bool:
    return not (subscription.wait or subscription.quiet or subscription.digest)


class Queue:
    """New deliveries, written many at a time."""

    def __init__(self, connection: Connection, at: datetime, visits: Sequence[str]) -> None:
        self._connection = connection
        self._at = at
        self._new: list[tuple[dict[str, object], tuple[int, int]]] = []
        self._counted: dict[tuple[str, str], int] = {}
        asked = select(sequences).where(sequences.c.visit.in_(set(visits)))
        self._last = {(row.subscription, row.visit): row.last for row in connection.execute(asked)}
        hushed = connection.execute(select(silences).where(silences.c.until > at))
        self._silences = [(row.subscription, row.visit) for row in hushed]

    def silenced(self, subscription: str, visit: str) -> bool:
        return any(of in (None, subscription) and on in (None, visit) for of, on in self._silences)

    def count(self, subscription: str, visit: str) -> int:
        """The how-manieth alert of the visit this is for the subscription."""
        pair = subscription, visit
        self._last[pair] = self._counted[pair] = self._last.get(pair, 0) + 1
        return int(self._last[pair])

    def add(self, stored: Stored, end: Endpoint, lane: str, state: str, when: datetime, link: tuple[int, int]) -> None:
        """Queues an alert (its number and sequence), in the message of its lane that waits, or in one of its own."""
        row = {"tenant": stored.tenant, "subscription": stored.key, "endpoint": end.id, "lane": lane, "state": state}
        fresh = row | {"created": self._at, "due": when, "attempts": 0, "replay": False}
        if state != "pending" or never_waits(stored.subscription):
            self._new.append((fresh, link))
            return
        self.flush()  # what was queued before must be numbered before
        waiting = _waiting(self._connection, end.id, lane, self._at, when)
        if waiting is None:
            self._new.append((fresh, link))
            self.flush()
        else:
            self._link([(waiting, link)])

    def flush(self) -> None:
        if self._new:
            made = insert(deliveries).returning(deliveries.c.number, sort_by_parameter_order=True)
            numbers = self._connection.execute(made, [row for row, _ in self._new]).scalars().all()
            self._link(list(zip(numbers, (link for _, link in self._new), strict=True)))
            self._new.clear()
        if self._counted:
            upsert = insert_or(self._connection, sequences)
            counted = upsert.on_conflict_do_update(
                index_elements=["subscription", "visit"], set_={"last": upsert.excluded.last}
            )
            rows = [{"subscription": one, "visit": two, "last": last} for (one, two), last in self._counted.items()]
            self._connection.execute(counted, rows)
            self._counted.clear()

    def _link(self, links: Sequence[tuple[int, tuple[int, int]]]) -> None:
        rows = [{"delivery": to, "alert": alert, "sequence": sequence} for to, (alert, sequence) in links]
        self._connection.execute(insert(delivery_alerts), rows)


def dispatch(connection: Connection, book: Book, at: datetime) -> int:
    """Queues the deliveries of up to `BATCH` new alerts. Gives how many there were to do."""
    unmatched = select(alerts).where(alerts.c.matched.is_(None)).order_by(alerts.c.number).limit(BATCH)
    if connection.execute(unmatched).first() is None:
        return 0
    if is_postgresql(connection) and not connection.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
        return 1  # another worker matches just now; whatever it does not see is to be looked at again
    rows = connection.execute(unmatched).all()
    book.refresh(connection)
    queue = Queue(connection, at, [row.visit for row in rows])
    for row in rows:
        _queue(queue, book, row, at)
    queue.flush()
    numbers = [row.number for row in rows]
    connection.execute(update(alerts).where(alerts.c.number.in_(numbers)).values(matched=at))
    return len(rows)


def _queue(queue: Queue, book: Book, row: Row[Any], at: datetime) -> None:
    alert = read_alert(row.body)
    asked = facts(alert, at.date())
    for key in book.index.matching(asked):
        stored = book.stored[key]
        hushed = queue.silenced(key, alert.subject)
        sequence = queue.count(key, alert.subject)
        when = due(stored.subscription, asked.changes, at, row.not_before)
        for end in stored.endpoints:
            lane = "all" if isinstance(end.channel, Email | Chat) else alert.subject
            if row.not_before and row.not_before > at:
                lane += f"|{row.not_before.isoformat()}"  # an embargo holds up nothing else, and nothing frees it
            queue.add(stored, end, lane, "silenced" if hushed else "pending", when, (row.number, sequence))


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
