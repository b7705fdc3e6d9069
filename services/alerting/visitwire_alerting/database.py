"""Opens the database: SQLite in WAL mode, or PostgreSQL."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from visitwire_runtime import Unavailable

BUSY = 30.0
"""Seconds that we wait for SQLite's one writer."""
NEXT_TRY = 0.004
"""Seconds between two tries, at most. SQLite's own wait grows to 0.1 s a try, so that a busy writer starves others."""


def open_database(url: str) -> Engine:
    """An engine on the ledger. A SQLite file and its folder are made where missing; PostgreSQL is spoken by psycopg."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise ValueError("the ledger needs a SQLite file: a database in memory is lost, and one thread's alone")
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(create_engine(address))
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True)


def _sqlite(engine: Engine) -> Engine:
    """SQLite with one writer at a time: a transaction that will write says so at its start, or two could deadlock."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and only at the first write
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("PRAGMA busy_timeout=0").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading", False):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)

    return engine


def _begin_writing(connection: Connection) -> None:
    deadline = time.monotonic() + BUSY
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
        time.sleep(NEXT_TRY * random.random())


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction. Raises `Unavailable` where the database cannot be had now (locked, gone, deadlock)."""
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise Unavailable(f"the ledger's database: {error.orig}") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes nothing."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        yield connection


def is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
