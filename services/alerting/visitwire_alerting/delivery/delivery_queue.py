"""Which messages may go now: at most so many to one endpoint, and the first of each lane.

Several workers may take from it. What one has taken is its own while it shows life; when it dies the others have it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    or_,
    select,
    update,
)
from visitwire_runtime.database import is_postgresql

from visitwire_alerting.delivery.job import Job
from visitwire_alerting.delivery.live_workers import SILENT
from visitwire_alerting.delivery.message import NumberedAlert
from visitwire_alerting.delivery.settle import PATIENCE
from visitwire_alerting.ledger.fold.alerts import read_alert
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.delivery_tables import deliveries, delivery_alerts, workers
from visitwire_alerting.storage.ledger_tables import alerts, report_updates, visit_updates
from visitwire_alerting.storage.subscription_tables import endpoints


def take(
    connection: Connection, worker: str, at: datetime, under_way: Mapping[str, int], limit: int, each: int
) -> list[Job]:
    """Up to `limit` messages that may go now, at most `each` to one endpoint, of which `under_way` are there already.

    The first of each lane only: the next goes when it has arrived, or was given up. However much waits for endpoints
    that can take no more, the others' messages are found behind it.
    """
    closed, failing = _unwell(connection, at)
    room = _Room(dict(under_way), each, closed, failing)
    taken: list[int] = []
    while len(taken) < limit:
        rows = connection.execute(_ready(connection, worker, at, room.full(), taken, limit * 2)).all()
        fitting = [row.number for row in rows if room.fits(row.endpoint)]
        taken += fitting[: limit - len(taken)]
        if not fitting or len(rows) < limit * 2:
            break
    if not taken:
        return []
    connection.execute(update(deliveries).where(deliveries.c.number.in_(taken)).values(claimed_by=worker))
    return _jobs(connection, taken)


@dataclass
class _Room:
    """How many more messages each endpoint may have under way."""

    under_way: dict[str, int]
    each: int
    closed: list[str]
    failing: frozenset[str]

    def _most(self, endpoint: str) -> int:
        return 1 if endpoint in self.failing else self.each

    def full(self) -> list[str]:
        busy = [endpoint for endpoint, number in self.under_way.items() if number >= self._most(endpoint)]
        return self.closed + busy

    def fits(self, endpoint: str) -> bool:
        """Takes a place at the endpoint, if there is one."""
        number = self.under_way.get(endpoint, 0)
        if number >= self._most(endpoint):
            return False
        self.under_way[endpoint] = number + 1
        return True


def _unwell(connection: Connection, at: datetime) -> tuple[list[str], frozenset[str]]:
    """The endpoints that take nothing now, and those that are tried by one message at a time."""
    closed, failing = [], set()
    for row in connection.execute(_UNWELL):
        if row.disabled or (row.paused_until and row.paused_until > at):
            closed.append(row.id)
        elif row.failures >= PATIENCE:
            failing.add(row.id)
    return closed, frozenset(failing)


_UNWELL = select(endpoints).where(or_(endpoints.c.failures > 0, endpoints.c.disabled.is_not(None)))


def _ready(
    connection: Connection, worker: str, at: datetime, full: Sequence[str], taken: Sequence[int], limit: int
) -> Select[tuple[int, str]]:
    earlier = deliveries.alias("earlier")
    first = ~(
        select(earlier.c.number)
        .where(
            earlier.c.endpoint == deliveries.c.endpoint,
            earlier.c.lane == deliveries.c.lane,
            earlier.c.number < deliveries.c.number,
            earlier.c.state == "pending",
        )
        .exists()
    )
    # our own are under way, whatever the clock did since we last showed life
    living = select(workers.c.id).where(
        or_(and_(workers.c.seen > at - SILENT, workers.c.seen < at + SILENT), workers.c.id == worker)
    )
    query = (
        select(deliveries.c.number, deliveries.c.endpoint)
        .where(
            deliveries.c.state == "pending",
            deliveries.c.due <= at,
            or_(deliveries.c.claimed_by.is_(None), deliveries.c.claimed_by.not_in(living)),
            first,
        )
        .order_by(deliveries.c.due, deliveries.c.number)
        .limit(limit)
    )
    if full:
        query = query.where(deliveries.c.endpoint.not_in(full))
    if taken:
        query = query.where(deliveries.c.number.not_in(taken))
    return query.with_for_update(of=deliveries, skip_locked=True) if is_postgresql(connection) else query


def _jobs(connection: Connection, numbers: Sequence[int]) -> list[Job]:
    told: dict[int, list[NumberedAlert]] = {}
    links = (
        select(delivery_alerts.c.delivery, delivery_alerts.c.sequence, alerts.c.body)
        .join(alerts, alerts.c.number == delivery_alerts.c.alert)
        .where(delivery_alerts.c.delivery.in_(numbers))
        .order_by(delivery_alerts.c.alert)
    )
    for delivery, sequence, body in connection.execute(links):
        told.setdefault(delivery, []).append(NumberedAlert(read_alert(body), sequence))
    rows = connection.execute(
        select(deliveries).where(deliveries.c.number.in_(numbers)).order_by(deliveries.c.due, deliveries.c.number)
    )
    return [
        Job(
            row.number,
            row.endpoint,
            row.subscription,
            row.attempts,
            row.created,
            row.replay,
            tuple(told.get(row.number, ())),
        )
        for row in rows
    ]


def waiting(engine: Engine, at: datetime) -> bool:
    """Whether something is to be sent now: unpublished, or to be delivered."""
    with reading(engine) as connection:
        return bool(connection.execute(_UNSENT).scalar_one()) or _to_deliver(connection, at)


def to_deliver(engine: Engine, at: datetime) -> bool:
    """Whether an alert is unmatched, or a message due to an endpoint that takes it."""
    with reading(engine) as connection:
        return _to_deliver(connection, at)


def _to_deliver(connection: Connection, at: datetime) -> bool:
    closed, _ = _unwell(connection, at)
    return bool(connection.execute(_TO_DELIVER, {"at": at, "closed": closed}).scalar_one())


# built once: every worker asks this several times a second
_UNSENT = select(
    or_(
        select(visit_updates.c.number).exists(),
        select(report_updates.c.number).exists(),
        select(alerts.c.number).where(alerts.c.sent.is_(None)).exists(),
    )
)
_DUE = select(deliveries.c.number).where(
    deliveries.c.state == "pending",
    deliveries.c.due <= bindparam("at"),
    deliveries.c.endpoint.not_in(bindparam("closed", expanding=True)),
)
_TO_DELIVER = select(or_(select(alerts.c.number).where(alerts.c.matched.is_(None)).exists(), _DUE.exists()))
