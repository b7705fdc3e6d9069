"""The deliveries in the database: which may go now, and what became of them.

Several workers may take from it. What one has taken is its own while it shows life; when it dies the others have it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from visitwire_runtime.database import is_postgresql, upsert

from visitwire_alerting.delivery.message import NumberedAlert
from visitwire_alerting.delivery.outcome import DISABLE, GIVE_UP, Outcome, Result
from visitwire_alerting.ledger.fold.alerts import read_alert
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.sql_tables import (
    alerts,
    attempts,
    deliveries,
    delivery_alerts,
    endpoints,
    notices,
    report_updates,
    visit_updates,
    workers,
)

SILENT = timedelta(seconds=5)
"""A worker without a sign of life for so long is dead. So is one whose sign lies as far ahead: the clock was put back,
and those that live have shown life since."""
DISABLE_REASON = "it failed for five days"
SETTLED = {Result.DELIVERED: "delivered", Result.UNNEEDED: "dropped"}
"""How a message ended that needs no other try, and says nothing against its endpoint."""
PATIENCE = 3
"""Failures in a row after which an endpoint is tried by one message at a time, ever more rarely."""


@dataclass(frozen=True)
class Job:
    """A message to be sent now."""

    number: int
    endpoint: str
    subscription: str
    attempts: int
    created: datetime
    replay: bool
    told: tuple[NumberedAlert, ...]


@dataclass(frozen=True)
class Finished:
    job: Job
    outcome: Outcome
    again: timedelta
    """When to try again, if it failed."""
    at: datetime
    """When the attempt began."""
    milliseconds: float


def alive(connection: Connection, worker: str, at: datetime) -> None:
    """Shows life, and forgets workers long dead."""
    upsert(connection, workers, [{"id": worker}], {"seen": at})
    connection.execute(delete(workers).where(workers.c.seen < at - timedelta(hours=1)))


def known(engine: Engine) -> list[str]:
    """The workers that showed life and are not forgotten yet."""
    with reading(engine) as connection:
        return list(connection.execute(select(workers.c.id)).scalars())


def last_life(connection: Connection) -> datetime | None:
    """When a worker last showed life; None where none did within an hour of the last that did."""
    seen: datetime | None = connection.execute(select(func.max(workers.c.seen))).scalar_one()
    return seen


def bury(engine: Engine, dead: Collection[str]) -> None:
    """Frees what workers known to be dead had taken."""
    with writing(engine) as connection:
        connection.execute(delete(workers).where(workers.c.id.in_(dead)))


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
    rows = connection.execute(select(endpoints).where(or_(endpoints.c.failures > 0, endpoints.c.disabled.is_not(None))))
    closed, failing = [], set()
    for row in rows:
        if row.disabled or (row.paused_until and row.paused_until > at):
            closed.append(row.id)
        elif row.failures >= PATIENCE:
            failing.add(row.id)
    return closed, frozenset(failing)


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


def settle(connection: Connection, finished: Sequence[Finished], at: datetime) -> list[str]:
    """Writes what became of messages. Gives the endpoints that this disabled."""
    if not finished:
        return []
    connection.execute(_MARK, [_marked(one, at) for one in finished])
    connection.execute(insert(attempts), [_attempt(one) for one in finished])
    _recovered(connection, finished)
    failed = [one for one in finished if one.outcome.result not in SETTLED]
    failed.sort(key=lambda one: one.job.endpoint)  # two workers lock endpoints in one order, or they might deadlock
    disabled = [one for one in failed if _failing(connection, one, at)]
    for one in disabled:
        text = f"{one.job.endpoint} was disabled: {one.outcome.error or DISABLE_REASON}"
        row = {"subscription": one.job.subscription, "text": text, "created": at}
        connection.execute(insert(notices).values(row))
    return [one.job.endpoint for one in disabled]


def _attempt(one: Finished) -> dict[str, object]:
    return {
        "delivery": one.job.number,
        "at": one.at,
        "result": one.outcome.result.value,
        "status": one.outcome.status,
        "error": one.outcome.error,
        "milliseconds": one.milliseconds,
    }


_MARK = (
    update(deliveries)
    .where(deliveries.c.number == bindparam("this"))
    .values(
        attempts=bindparam("attempts"),
        claimed_by=None,
        last_status=bindparam("last_status"),
        last_error=bindparam("last_error"),
        state=bindparam("state"),
        finished=bindparam("finished"),
        due=bindparam("due"),
    )
)


def _marked(one: Finished, at: datetime) -> dict[str, object]:
    outcome, over = one.outcome, at + one.again - one.job.created > GIVE_UP
    unsettled = "failed" if outcome.result is not Result.FAILED or over else "pending"
    state = SETTLED.get(outcome.result, unsettled)
    return {
        "this": one.job.number,
        "attempts": one.job.attempts + 1,
        "last_status": outcome.status,
        "last_error": outcome.error,
        "state": state,
        "finished": None if state == "pending" else at,
        "due": at + one.again if state == "pending" else at,
    }


def _recovered(connection: Connection, finished: Sequence[Finished]) -> None:
    """Forgets the failures of endpoints that took a message."""
    took = {one.job.endpoint for one in finished if one.outcome.result is Result.DELIVERED}
    well = {"failures": 0, "failing_since": None, "paused_until": None}
    connection.execute(update(endpoints).where(endpoints.c.id.in_(took), endpoints.c.failures > 0).values(well))


def _failing(connection: Connection, one: Finished, at: datetime) -> bool:
    """Notes that an endpoint failed; gives whether it is disabled now and was not before."""
    this = endpoints.c.id == one.job.endpoint
    row = connection.execute(select(endpoints).where(this)).first()
    if row is None:
        return False
    since = row.failing_since or at
    values: dict[str, object] = {"failures": row.failures + 1, "failing_since": since}
    if row.failures + 1 >= PATIENCE or one.outcome.retry_after:
        values["paused_until"] = at + one.again
    final = one.outcome.result is Result.GONE or at - since >= DISABLE
    if final and row.disabled is None:
        values |= {"disabled": at, "reason": one.outcome.error or DISABLE_REASON}
    connection.execute(update(endpoints).where(this).values(values))
    return final and row.disabled is None


def waiting(engine: Engine, at: datetime) -> bool:
    """Whether something is to be sent now: unpublished, or to be delivered."""
    unsent = or_(
        select(visit_updates.c.number).exists(),
        select(report_updates.c.number).exists(),
        select(alerts.c.number).where(alerts.c.sent.is_(None)).exists(),
    )
    with reading(engine) as connection:
        return bool(connection.execute(select(unsent)).scalar_one()) or _to_deliver(connection, at)


def to_deliver(engine: Engine, at: datetime) -> bool:
    """Whether an alert is unmatched, or a message due to an endpoint that takes it."""
    with reading(engine) as connection:
        return _to_deliver(connection, at)


def _to_deliver(connection: Connection, at: datetime) -> bool:
    unmatched = select(alerts.c.number).where(alerts.c.matched.is_(None)).exists()
    due = select(deliveries.c.number).where(deliveries.c.state == "pending", deliveries.c.due <= at)
    closed, _ = _unwell(connection, at)
    if closed:
        due = due.where(deliveries.c.endpoint.not_in(closed))
    return bool(connection.execute(select(or_(unmatched, due.exists()))).scalar_one())
