"""Lets go what the ledger need not know any more: visits last reported long ago with their reports, stories without
reports, alerts that nobody can be sent again.

A visit goes as if its reports had never been: the others are folded without them, a tombstone says so on visits-v1, and
nobody is alerted.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, Engine, delete, or_, select
from visitwire_runtime import Publish, Unavailable

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.versions import GONE
from visitwire_alerting.ledger.refold import refold
from visitwire_alerting.ledger.visitor_locks import hold
from visitwire_alerting.ledger.write_visit import Cause
from visitwire_alerting.storage.database import committed, reading, writing
from visitwire_alerting.storage.delivery_tables import delivery_alerts, notices, sequences
from visitwire_alerting.storage.ledger_tables import alerts, claims, hands, sightings, stories, visits
from visitwire_alerting.storage.threads import in_thread

log = structlog.get_logger()

SOME = 200
"""Rows let go with one commit."""
EVERY = 3600.0
"""Seconds between polls."""
LEAST = 400
"""Days: until then a report may still be about the visit (see `occasions.SETTLED`)."""


@dataclass(frozen=True)
class RetentionLimits:
    """For how long; None for ever."""

    visits: timedelta | None = None
    alerts: timedelta | None = None


async def tidy(engine: Engine, kept: RetentionLimits, clock: Callable[[], datetime], _publish: Publish) -> None:
    """Lets go, now and then, until cancelled."""
    while True:
        try:
            more = await in_thread(let_go, engine, kept, clock())
        except Unavailable as missing:
            more = False
            log.warning("unavailable", why=str(missing))
        await asyncio.sleep(0.1 if more else EVERY)


def let_go(engine: Engine, kept: RetentionLimits, at: datetime) -> bool:
    """Lets some go; gives whether there may be more."""
    more = False
    if kept.visits is not None:
        more = _visits(engine, at - kept.visits, at)
        with writing(engine) as connection:
            more = _stories(connection, at - kept.visits) or more
    if kept.alerts is not None:
        with writing(engine) as connection:
            more = _alerts(connection, at - kept.alerts) or more
    return more


def _visits(engine: Engine, before: datetime, at: datetime) -> bool:
    old = select(visits.c.id).where(visits.c.updated < before).order_by(visits.c.updated).limit(SOME)
    with reading(engine) as connection:
        ids = connection.execute(old).scalars().all()
    for id in ids:
        committed(engine, partial(_visit, id=id, at=at))
    return len(ids) == SOME


def _visit(connection: Connection, id: str, at: datetime) -> None:
    keys = sorted({held.sighting.story for held in live_reports.of_visit(connection, id)})
    hold(connection, keys)
    held = live_reports.of_visit(connection, id)  # again: another worker may have been at it
    if held:
        live_reports.remove(connection, [one.number for one in held])
        refold(connection, Cause(keys[0], True, at, quiet=True), [one.sighting for one in held], {id})
    erase(connection, id)


def erase(connection: Connection, id: str) -> None:
    """Takes every trace of a visit that does not stand; one that stands again, by other reports, is left."""
    gone = (visits.c.id == id) & visits.c.standing.is_(False)
    if connection.execute(delete(visits).where(gone)).rowcount:
        connection.execute(delete(claims).where(claims.c.visit == id))
        connection.execute(delete(sequences).where(sequences.c.visit == id))
        connection.execute(delete(hands).where(hands.c.visit == id))


def _stories(connection: Connection, before: datetime) -> bool:
    """Stories that report no visit any more; what was forgotten for the law's sake is not to come again."""
    said = select(sightings.c.id).where(sightings.c.story == stories.c.key).exists()
    lawful = or_(stories.c.kill_version.is_(None), stories.c.kill_version != GONE)
    old = select(stories.c.key).where(stories.c.seen < before, ~said, lawful).limit(SOME)
    return _delete(connection, connection.execute(old).scalars().all())


def _delete(connection: Connection, keys: Sequence[str]) -> bool:
    connection.execute(delete(stories).where(stories.c.key.in_(keys)))
    return len(keys) == SOME


def _alerts(connection: Connection, before: datetime) -> bool:
    """Alerts that were published and matched, and that no kept delivery tells; and what owners were told."""
    used = select(delivery_alerts.c.alert).where(delivery_alerts.c.alert == alerts.c.number).exists()
    done = alerts.c.sent.is_not(None) & alerts.c.matched.is_not(None)
    old = select(alerts.c.number).where(alerts.c.at < before, done, ~used).order_by(alerts.c.at).limit(SOME)
    numbers = connection.execute(old).scalars().all()
    connection.execute(delete(alerts).where(alerts.c.number.in_(numbers)))
    connection.execute(delete(notices).where(notices.c.created < before, notices.c.sent.is_not(None)))
    return len(numbers) == SOME
