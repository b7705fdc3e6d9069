"""Publishes what the ledger recorded: visits to visits-v1 (tombstones too), what each story reports to reports-v1, and
alerts to alerts-v1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Table, delete, select, update
from visitwire_runtime import Publish
from visitwire_runtime.stage import TooLarge
from visitwire_schemas import ALERTS, REPORTS, VISITS, Record

from visitwire_alerting.ledger.fold.alerts import read_alert
from visitwire_alerting.ledger.publisher_lock import PublisherLock, publisher_lock
from visitwire_alerting.ledger.story_reports import reported
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.ledger_tables import alerts, report_updates, visit_updates
from visitwire_alerting.storage.threads import in_thread

BATCH = 200
"""Rows of each table that are sent together."""
POLL = 0.25
"""Seconds after which the outbox is looked at without being told to: other workers write to it too."""

SLACK = timedelta(minutes=1)
"""How far the clocks may be apart by which an alert was recorded and sent."""


@dataclass(frozen=True)
class Row:
    """What is to be sent, and marked as sent."""

    table: Table
    number: int
    topic: str
    record: Record | None
    """None where the same batch says it once more."""


async def publish_outbox(engine: Engine, wake: Bell, clock: Callable[[], datetime], publish: Publish) -> None:
    """Publishes until cancelled. Rows are marked as sent once the broker has them, so that a crash loses nothing.

    Whoever takes the turn, or does not know what became of a batch, first has the broker refuse what is not there yet,
    and then looks which alerts are, so that it repeats none. The turn alone would not do: PostgreSQL gives it to
    another process while what the first one sent is still on its way.
    """
    with publisher_lock(engine) as turn:
        in_doubt, most = True, BATCH
        while True:
            if not await in_thread(turn.ours):
                in_doubt = True
                await wake.wait(POLL)
                continue
            if in_doubt:
                await publish.take_over()
                await _mark_those_there(turn, clock, publish)
                in_doubt = False
            rows = await in_thread(_take, turn, most)
            records = [(row.topic, row.record) for row in rows if row.record is not None]
            try:
                if records:
                    await publish.together(records, clock())
            except TooLarge:
                in_doubt = True
                if len(rows) > 1:
                    most = 1  # which of them, the broker does not say
                    continue
                await publish.bury(*records[0])
                most = BATCH
            if rows:
                await in_thread(_mark, turn, rows, clock())
            else:
                await wake.wait(POLL)


async def _mark_those_there(turn: PublisherLock, clock: Callable[[], datetime], publish: Publish) -> None:
    """Marks alerts as sent that a process sent and did not live to mark."""
    numbers, oldest = await in_thread(_unsent, turn)
    if oldest is None:
        return
    there = {alert.id for alert in await publish.since(ALERTS, oldest - SLACK)}
    found = [Row(alerts, number, ALERTS.name, None) for id, number in numbers.items() if id in there]
    if found:
        await in_thread(_mark, turn, found, clock())


def _unsent(turn: PublisherLock) -> tuple[dict[str, int], datetime | None]:
    """The alerts that are not marked as sent, by id, and when the oldest was recorded."""
    with turn.reading() as connection:
        rows = connection.execute(
            select(alerts.c.id, alerts.c.number, alerts.c.at).where(alerts.c.sent.is_(None))
        ).all()
    return {row.id: row.number for row in rows}, min((row.at for row in rows), default=None)


def _take(turn: PublisherLock, most: int) -> list[Row]:
    """The next unsent rows, at most so many of each table; one alone where `most` is 1."""
    with turn.reading() as connection:
        rows = [*_visits(connection, most), *_reports(connection, most), *_alerts(connection, most)]
    return rows[:1] if most == 1 else rows


def _visits(connection: Connection, most: int) -> Iterator[Row]:
    for row in connection.execute(select(visit_updates).order_by(visit_updates.c.number).limit(most)):
        record = Record(row.visit.encode(), None if row.body is None else row.body.encode())
        yield Row(visit_updates, row.number, VISITS.name, record)


def _alerts(connection: Connection, most: int) -> Iterator[Row]:
    unsent = select(alerts).where(alerts.c.sent.is_(None)).order_by(alerts.c.number).limit(most)
    for row in connection.execute(unsent):
        yield Row(alerts, row.number, ALERTS.name, ALERTS.encode(read_alert(row.body)))


def _reports(connection: Connection, most: int) -> Iterator[Row]:
    """What stories report now, whatever it was when they were marked: the mark was there before this is read."""
    query = select(report_updates).order_by(report_updates.c.number).limit(most)
    marked = connection.execute(query).all()
    now = reported(connection, {row.story for row in marked})
    last = {row.story: row.number for row in marked}
    for row in marked:
        told = now.get(row.story)
        record = Record(row.story.encode(), None if told is None else told.model_dump_json().encode())
        yield Row(report_updates, row.number, REPORTS.name, record if last[row.story] == row.number else None)


def _mark(turn: PublisherLock, rows: Sequence[Row], at: datetime) -> None:
    """Notes that these rows were sent. An update of a visit has then done its work and goes: each holds every report
    of the visit, so that kept ones would grow with the square of what is told of it."""
    numbers: dict[Table, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.table, []).append(row.number)
    with turn.writing() as connection:
        for table, sent in numbers.items():
            these = table.c.number.in_(sent)
            connection.execute(
                update(alerts).where(these).values(sent=at) if table is alerts else delete(table).where(these)
            )
