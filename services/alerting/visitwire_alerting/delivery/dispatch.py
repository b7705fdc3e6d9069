"""Matches new alerts against the subscriptions and queues what is to be delivered, once each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from visitwire_runtime.database import insert_or, is_postgresql
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Chat, Email, Subscription

from visitwire_alerting.delivery.timetable import due
from visitwire_alerting.ledger.fold.alerts import read_alert
from visitwire_alerting.storage.delivery_tables import deliveries, delivery_alerts, sequences
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.storage.subscription_tables import silences
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions import store
from visitwire_alerting.subscriptions.alert_facts import facts
from visitwire_alerting.subscriptions.matching_index import Index
from visitwire_alerting.subscriptions.stored import Endpoint, Stored

BATCH = 200
MOST = 2_000
"""Deliveries queued with one commit, or those of one alert: nobody else writes to SQLite meanwhile."""
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


type Link = tuple[int, int]
"""An alert's number, and its sequence number among the alerts about its visit to this subscription."""


@dataclass
class _Message:
    """A delivery that is new, or one in the database (its number) that waits for more."""

    due: datetime
    row: dict[str, object] | None = None
    number: int | None = None
    links: list[Link] = field(default_factory=list)
    sooner: bool = False


class Queue:
    """New deliveries, read and written many at a time."""

    def __init__(self, connection: Connection, at: datetime, visits: Sequence[str]) -> None:
        self._connection = connection
        self._at = at
        self._touched: list[_Message] = []
        self._waiting: dict[tuple[str, str], _Message | None] = {}
        """By endpoint and lane, as far as they were looked for."""
        self._counted: dict[tuple[str, str], int] = {}
        asked = select(sequences).where(sequences.c.visit.in_(set(visits)))
        self._last = {(row.subscription, row.visit): row.last for row in connection.execute(asked)}
        hushed = connection.execute(select(silences).where(silences.c.until > at))
        self._silences = [(row.subscription, row.visit) for row in hushed]

    def silenced(self, subscription: str, visit: str) -> bool:
        return any(of in (None, subscription) and on in (None, visit) for of, on in self._silences)

    def count(self, subscription: str, visit: str) -> int:
        """The next sequence number among the alerts about the visit to this subscription."""
        pair = subscription, visit
        self._last[pair] = self._counted[pair] = self._last.get(pair, 0) + 1
        return int(self._last[pair])

    def look(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Finds the messages to these endpoints, in these lanes, that wait for more."""
        new = [pair for pair in pairs if pair not in self._waiting]
        self._waiting.update(dict.fromkeys(new))
        ends, lanes = [endpoint for endpoint, _ in new], {lane for _, lane in new}
        for start in range(0, len(ends), store.AT_ONCE):
            for row in _waiting(self._connection, ends[start : start + store.AT_ONCE], lanes, self._at):
                pair = row.endpoint, row.lane
                if self._waiting.get(pair, row) is None:
                    self._waiting[pair] = _Message(row.due, number=row.number)

    def add(self, stored: Stored, end: Endpoint, lane: str, state: str, when: datetime, link: Link) -> None:
        """Queues an alert, in the message of its lane that waits, or in one of its own."""
        waits = state == "pending" and not never_waits(stored.subscription)
        message = self._waiting.get((end.id, lane)) if waits else None
        if message is None or message.due <= self._at:
            row = {"tenant": stored.tenant, "subscription": stored.key, "endpoint": end.id, "lane": lane}
            fresh = {"state": state, "created": self._at, "attempts": 0, "replay": False}
            message = _Message(when, row | fresh)
            if waits:
                self._waiting[end.id, lane] = message
        elif when < message.due:  # it goes as soon as the more urgent may
            message.due, message.sooner = when, True
        if not message.links:
            self._touched.append(message)
        message.links.append(link)

    def __len__(self) -> int:
        """How many messages are not written yet."""
        return len(self._touched)

    def flush(self) -> None:
        new = [message for message in self._touched if message.number is None]
        if new:
            made = insert(deliveries).returning(deliveries.c.number, sort_by_parameter_order=True)
            rows = [(message.row or {}) | {"due": message.due} for message in new]
            for message, number in zip(new, self._connection.execute(made, rows).scalars(), strict=True):
                message.number, message.sooner = number, False
        sooner = [{"this": message.number, "due": message.due} for message in self._touched if message.sooner]
        if sooner:
            self._connection.execute(_SOONER, sooner)
        links = [
            {"delivery": message.number, "alert": alert, "sequence": sequence}
            for message in self._touched
            for alert, sequence in message.links
        ]
        if links:
            self._connection.execute(insert(delivery_alerts), links)
        for message in self._touched:
            message.links, message.sooner = [], False
        self._touched.clear()
        self._count()

    def _count(self) -> None:
        if self._counted:
            upsert = insert_or(self._connection, sequences)
            counted = upsert.on_conflict_do_update(
                index_elements=["subscription", "visit"], set_={"last": upsert.excluded.last}
            )
            rows = [{"subscription": one, "visit": two, "last": last} for (one, two), last in self._counted.items()]
            self._connection.execute(counted, rows)
            self._counted.clear()


_UNMATCHED = select(alerts).where(alerts.c.matched.is_(None)).order_by(alerts.c.number).limit(BATCH)
_SOONER = update(deliveries).where(deliveries.c.number == bindparam("this")).values(due=bindparam("due"))


def dispatch(connection: Connection, book: Book, at: datetime) -> int:
    """Queues the deliveries of up to `BATCH` new alerts, and hardly more than `MOST`. Gives how many alerts there were
    to do."""
    if connection.execute(_UNMATCHED).first() is None:
        return 0
    if is_postgresql(connection) and not connection.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
        return 1  # another worker matches just now; whatever it does not see is to be looked at again
    rows = connection.execute(_UNMATCHED).all()
    book.refresh(connection)
    queue = Queue(connection, at, [row.visit for row in rows])
    done: list[int] = []
    for row in rows:
        _queue(queue, book, row, at)
        done.append(row.number)
        if len(queue) >= MOST:
            break
    queue.flush()
    connection.execute(update(alerts).where(alerts.c.number.in_(done)).values(matched=at))
    return len(done)


def wishes(subscription: Subscription, alert: Alert) -> bool:
    """Whether it is told of old stories, and of what people changed by hand, where the alert is of such."""
    of_desk = alert.data.change.desk is not None
    return (subscription.old or not alert.data.old) and (subscription.by_hand or not of_desk)


def _queue(queue: Queue, book: Book, row: Row[Any], at: datetime) -> None:
    alert = read_alert(row.body)
    asked = facts(alert, at.date())
    matching = [book.stored[key] for key in book.index.matching(asked)]
    found = [stored for stored in matching if wishes(stored.subscription, alert)]
    embargo = f"|{row.not_before.isoformat()}" if row.not_before and row.not_before > at else ""

    def lane(end: Endpoint) -> str:
        """An embargo holds up nothing else, and nothing frees it."""
        return ("all" if isinstance(end.channel, Email | Chat) else alert.subject) + embargo

    waiting = [stored for stored in found if not never_waits(stored.subscription)]
    queue.look((end.id, lane(end)) for stored in waiting for end in stored.endpoints)
    for stored in found:
        hushed = queue.silenced(stored.key, alert.subject)
        sequence = queue.count(stored.key, alert.subject)
        when = due(stored.subscription, asked.changes, at, row.not_before)
        for end in stored.endpoints:
            queue.add(stored, end, lane(end), "silenced" if hushed else "pending", when, (row.number, sequence))


def _waiting(
    connection: Connection, ends: Sequence[str], lanes: Collection[str], at: datetime
) -> Sequence[Row[Any, Any, Any, Any]]:
    """The messages that wait for more, to any of these endpoints in any of these lanes."""
    query = select(deliveries.c.number, deliveries.c.endpoint, deliveries.c.lane, deliveries.c.due).where(
        deliveries.c.endpoint.in_(ends),
        deliveries.c.lane.in_(lanes),
        deliveries.c.state == "pending",
        deliveries.c.attempts == 0,
        deliveries.c.claimed_by.is_(None),
        deliveries.c.replay.is_(False),
        deliveries.c.due > at,
    )
    query = query.order_by(deliveries.c.number)
    return connection.execute(query.with_for_update() if is_postgresql(connection) else query).all()
