"""Publishes what the ledger recorded: visits to visits-v1 (tombstones too), what each story reports to reports-v1, and
alerts to alerts-v1."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, Table, delete, func, select, update
from visitwire_runtime import Publish
from visitwire_schemas import ALERTS, REPORTS, VISITS, Record

from visitwire_alerting.ledger.fold.alerts import read_alert
from visitwire_alerting.ledger.publisher_lock import publisher_lock
from visitwire_alerting.ledger.story_reports import reported
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.ledger_tables import alerts, report_updates, visit_updates
from visitwire_alerting.storage.threads import in_thread

BATCH = 200
POLL = 0.25
"""Seconds after which the outbox is looked at without being told to: other workers write to it too."""
LOCK = 0x76697270
"""PostgreSQL's number for "somebody is publishing": one visit's records must not overtake each other."""

SLACK = timedelta(minutes=1)
"""How far the broker's clock and ours may be apart."""

SAID_LATER = ""
"""In place of what a story reports where the same batch says it once more."""

type Row = tuple[int, str, str | None]


async def publish_outbox(engine: Engine, wake: Bell, clock: Callable[[], datetime], publish: Publish) -> None:
    """Publishes until cancelled. A record is marked as sent once the broker has it, so that a crash loses nothing;
    whoever starts after one first looks which alerts are on the topic already, so that it repeats none. Another worker
    on PostgreSQL, which goes on at once, may repeat a batch, with the same ids."""
    with publisher_lock(engine) as turn:
        in_doubt = True
        while True:
            sent = 0
            if not turn.ours():
                in_doubt = True
            else:
                if in_doubt:
                    await _mark_those_there(engine, clock, publish)
                    in_doubt = False
                sent = await _some(engine, clock, visit_updates, partial(_visit, publish))
                sent += await _some(engine, clock, report_updates, partial(_reports, publish))
                sent += await _some(engine, clock, alerts, partial(_alert, publish))
            if not sent:
                await wake.wait(POLL)


async def _mark_those_there(engine: Engine, clock: Callable[[], datetime], publish: Publish) -> None:
    """Marks alerts as sent that a process sent and did not live to mark."""
    numbers, oldest = await in_thread(_unsent, engine)
    if oldest is None:
        return
    there = {alert.id for alert in await publish.since(ALERTS, oldest - SLACK)}
    found = [number for id, number in numbers.items() if id in there]
    if found:
        await in_thread(_mark, engine, None, alerts, found, clock())


def _unsent(engine: Engine) -> tuple[dict[str, int], datetime | None]:
    """The alerts that are not marked as sent, by id, and when the oldest was recorded."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(alerts.c.id, alerts.c.number, alerts.c.at).where(alerts.c.sent.is_(None))
        ).all()
    return {row.id: row.number for row in rows}, min((row.at for row in rows), default=None)


async def _visit(publish: Publish, visit: str, body: str | None) -> None:
    if body is None:
        await publish.tombstone(VISITS, visit)
    else:
        await publish.record(VISITS, Record(visit.encode(), body.encode()))


async def _alert(publish: Publish, _visit_id: str, body: str | None) -> None:
    await publish(ALERTS, read_alert(body or ""))


async def _reports(publish: Publish, story: str, body: str | None) -> None:
    if body is None:
        await publish.tombstone(REPORTS, story)
    elif body != SAID_LATER:
        await publish.record(REPORTS, Record(story.encode(), body.encode()))


type Send = Callable[[str, str | None], Awaitable[None]]


async def _some(engine: Engine, clock: Callable[[], datetime], table: Table, send: Send) -> int:
    """Sends a batch: records of one key one after the other, those of several at once."""
    with ExitStack() as held:
        rows, connection = await in_thread(_take, engine, table, held)
        by_visit: dict[str, list[Row]] = {}
        for row in rows:
            by_visit.setdefault(row[1], []).append(row)
        await _to_the_end([_in_turn(rows, send) for rows in by_visit.values()])
        if rows:
            await in_thread(_mark, engine, connection, table, [row[0] for row in rows], clock())
        await in_thread(held.close)
    return len(rows)


async def _to_the_end(work: Sequence[Coroutine[None, None, None]]) -> None:
    """Waits for all, also where one fails: what went on by itself would put old records behind those of the next try,
    and the last on the topic is what readers take a visit to be."""
    for ended in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended


async def _in_turn(rows: Sequence[Row], send: Send) -> None:
    for _, visit, body in rows:
        await send(visit, body)


def _take(engine: Engine, table: Table, held: ExitStack) -> tuple[list[Row], Connection | None]:
    """The next unsent rows. On PostgreSQL the transaction stays open until they are sent: others publish nothing
    meanwhile, and take over at once when this worker dies. SQLite's one writer is not kept waiting."""
    if engine.dialect.name != "postgresql":
        with engine.connect().execution_options(reading=True) as connection, connection.begin():
            return _rows(connection, table), None
    connection = held.enter_context(writing(engine))
    if not connection.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
        return [], connection
    return _rows(connection, table), connection


def _rows(connection: Connection, table: Table) -> list[Row]:
    if table is report_updates:
        return _reporting(connection)
    query = select(table.c.number, table.c.visit, table.c.body).order_by(table.c.number).limit(BATCH)
    if table is alerts:
        query = query.where(alerts.c.sent.is_(None))
    return [(row.number, row.visit, row.body) for row in connection.execute(query)]


def _reporting(connection: Connection) -> list[Row]:
    """What stories report now, whatever it was when they were marked: the mark was there before this is read."""
    query = select(report_updates).order_by(report_updates.c.number).limit(BATCH)
    marked = connection.execute(query).all()
    now = reported(connection, {row.story for row in marked})
    bodies = {key: told.model_dump_json() for key, told in now.items()}
    last = {row.story: row.number for row in marked}
    return [
        (row.number, row.story, bodies.get(row.story) if last[row.story] == row.number else SAID_LATER)
        for row in marked
    ]


def _mark(engine: Engine, open_: Connection | None, table: Table, numbers: Sequence[int], at: datetime) -> None:
    """Notes that these rows were sent. An update of a visit has then done its work and goes: each holds every report
    of the visit, so that kept ones would grow with the square of what is told of it."""
    these = table.c.number.in_(numbers)
    marked = update(alerts).where(these).values(sent=at) if table is alerts else delete(table).where(these)
    if open_ is not None:
        open_.execute(marked)
        return
    with writing(engine) as connection:
        connection.execute(marked)
