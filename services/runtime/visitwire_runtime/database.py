"""Opens a database for a stage that remembers: SQLite in WAL mode, or PostgreSQL. Needs the extra "database"."""

import random
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert

type Synchronous = Literal["FULL", "NORMAL"]
"""What SQLite waits for at a commit: FULL for the disk; NORMAL may forget the last commits when the machine fails."""

TABLES_LOCK = 0x5649534A
"""The PostgreSQL advisory lock of whoever makes tables."""
BUSY = 30.0
"""Seconds that we wait for SQLite's one writer."""
ANSWER = 60
"""Seconds that PostgreSQL has for a statement."""
NEXT_TRY = 0.004
"""Seconds between two tries, at most. SQLite's own wait grows to 0.1 s a try, so that a busy writer starves others."""


def address(url: str) -> URL:
    """Where the database is; PostgreSQL is spoken by psycopg where the URL does not say by what."""
    found = make_url(url)
    return found.set(drivername="postgresql+psycopg") if found.drivername == "postgresql" else found


def open_engine(url: str, synchronous: Synchronous) -> Engine:
    """An engine whose SQLite transactions take the one writer's place at their start, unless `reading` is among their
    execution options."""
    where = address(url)
    if where.get_backend_name() != "sqlite":
        return create_engine(where, pool_pre_ping=True, connect_args=_impatient(where))
    engine = create_engine(where)
    _one_writer(engine, synchronous)
    return engine


def is_away(error: DBAPIError) -> bool:
    """Whether the database may be had later: it does not answer, is locked or starts. A file that cannot be opened, a
    wrong password and a database that does not exist are for an operator to mend."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return (
        state[:2] not in ("28", "3D")
        and "unable to open database file" not in str(error.orig)
        and not any(
            words in str(error.orig)
            for words in ("password authentication failed", "does not exist", "no password supplied")
        )
    )


def _impatient(where: URL) -> dict[str, Any]:
    """What has a PostgreSQL that is gone, or a lock that somebody holds, told as an error and tried again, before the
    message that waits for it counts as one that hangs. What the URL says itself goes first."""
    if where.get_driver_name() != "psycopg":
        return {}
    given = {
        "connect_timeout": "5",
        "keepalives_idle": "10",
        "tcp_user_timeout": "15000",
        "options": f"-c statement_timeout={ANSWER}s -c lock_timeout={ANSWER // 2}s",
    }
    return {name: value for name, value in given.items() if name not in where.query}


def make_tables(connection: Connection, metadata: MetaData) -> None:
    """Makes the tables that are missing, in the connection's transaction, as the only one who does so until its end:
    of processes that start together each would find them missing, and all but one would fail."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": TABLES_LOCK})
    elif not getattr(connection.connection.driver_connection, "in_transaction", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    metadata.create_all(connection)


def _one_writer(engine: Engine, synchronous: Synchronous) -> None:
    """SQLite with one writer at a time: a transaction that will write says so at its start, or two could deadlock."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and only at the first write
        enter_wal_mode(connection)
        for pragma in (f"synchronous={synchronous}", "foreign_keys=ON", "busy_timeout=0"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading", False):
            connection.exec_driver_sql("BEGIN")
        else:
            _when_not_locked(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def enter_wal_mode(connection: sqlite3.Connection) -> None:
    """Has the file keep a write-ahead log. Of connections that ask for it together SQLite refuses all but one at once,
    whatever their timeout: they try again."""
    connection.execute("PRAGMA busy_timeout=5000").close()
    _when_not_locked(lambda: connection.execute("PRAGMA journal_mode=WAL").close())


def _when_not_locked(execute: Callable[[], object]) -> None:
    """Tries again for as long as SQLite says that somebody holds a lock, `BUSY` seconds at most."""
    deadline = time.monotonic() + BUSY
    while True:
        try:
            execute()
            return
        except (OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(NEXT_TRY * random.random())


def is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def insert_or(connection: Connection, table: Table) -> "Insert":
    """An insert that may say what to do `on_conflict_…`, which the two databases say alike."""
    if is_postgresql(connection):
        from sqlalchemy.dialects import postgresql

        return cast("Insert", postgresql.insert(table))
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def upsert(
    connection: Connection, table: Table, keys: Sequence[Mapping[str, object]], values: Mapping[str, object]
) -> None:
    """Writes the same values under each of the keys: in the row that is there, or in a new one, whoever else writes
    there. A key is the columns of the table's primary key."""
    made = insert_or(connection, table)
    excluded = {name: made.excluded[name] for name in values}
    # rows as parameters: a statement that holds many rows itself is compiled anew each time
    connection.execute(
        made.on_conflict_do_update(index_elements=list(keys[0]), set_=excluded), [{**key, **values} for key in keys]
    )
