"""Lets stories, changes and dead letters of long ago go from the read model. Visits stay until they leave the
ledger."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import OperationalError

from visitwire_gateway.model.database import take_writers_place
from visitwire_gateway.model.sql_tables import CHANGES, ENTITIES, LETTERS, QUOTES, REPORTED, STORIES, stamp

log = structlog.get_logger()

SOME = 200
"""Rows let go with one commit, so that the feed never waits long."""
EVERY = 3600.0
"""Seconds between polls."""


def let_go(engine: Engine, before: datetime) -> bool:
    """Lets some of what came before then go; gives whether there may be more."""
    with engine.begin() as connection:
        take_writers_place(connection)
        keys = _oldest(connection, before)
        for table in (QUOTES, ENTITIES, REPORTED):
            connection.execute(delete(table).where(table.c.story.in_(keys)))
        connection.execute(delete(STORIES).where(STORIES.c.key.in_(keys)))
        most = len(keys)
        for table in (CHANGES, LETTERS):
            old = select(table.c.id).where(table.c.at < stamp(before)).order_by(table.c.at, table.c.id).limit(SOME)
            ids = connection.scalars(old).all()
            connection.execute(delete(table).where(table.c.id.in_(ids)))
            most = max(most, len(ids))
    return most == SOME


def _oldest(connection: Connection, before: datetime) -> list[str]:
    old = select(STORIES.c.key).where(STORIES.c.received < stamp(before)).order_by(STORIES.c.received).limit(SOME)
    return list(connection.scalars(old))


@contextmanager
def keeping(engine: Engine, days: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[None]:
    """Lets go what is older than so many days, now and then, until left; 0: nothing."""
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(engine, days, clock, stop), name="gateway-keeping", daemon=True)
    if days:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if days:
            thread.join()


def _work(engine: Engine, days: int, clock: Callable[[], datetime], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            more = let_go(engine, clock() - timedelta(days=days))
        except OperationalError as missing:
            more = False
            log.warning("database_unavailable", why=str(missing.orig))
        stop.wait(0.1 if more else EVERY)
