"""Opens the gateway's database: SQLite in WAL mode with FTS5, or PostgreSQL with tsvector. One URL decides."""

import secrets
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.schema import CreateColumn
from visitwire_runtime.database import address, enter_wal_mode, make_tables
from visitwire_schemas import LedgerVisit

from visitwire_gateway.model.projection import stories_of
from visitwire_gateway.model.sql_tables import CHANGES, META, READING, REPORTED, VISITS

_SQLITE_WORDS = (
    "create virtual table if not exists quote_words using fts5("
    " text, speaker, about, content='quotes', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2')",
    "create trigger if not exists quotes_in after insert on quotes begin insert into quote_words(rowid, text, speaker,"
    " about) values (new.rowid, new.text, new.speaker, new.about); end",
    "create trigger if not exists quotes_out after delete on quotes begin insert into quote_words(quote_words, rowid,"
    " text, speaker, about) values ('delete', old.rowid, old.text, old.speaker, old.about); end",
)
_POSTGRES_WORDS = (
    "alter table quotes add column if not exists words tsvector generated always as"
    " (to_tsvector('simple', text || ' ' || coalesce(speaker, '') || ' ' || about)) stored",
    "create index if not exists quotes_by_words on quotes using gin (words)",
)
SHAPE = "2"
"""Of the tables; `meta` says which they have."""
WRITER_LOCK = 0x56495349
"""The PostgreSQL advisory lock of whoever feeds the read model or makes its tables."""


SCHEMA = "visitwire_gateway"


def open_database(url: str) -> Engine:
    """The engine, with every table of the read model in place.

    In PostgreSQL they lie in a schema of their own, so that the ledger may live in the same database.
    """
    where = address(url)
    sqlite = where.get_backend_name() == "sqlite"
    arguments: dict[str, Any] = {"connect_args": {"timeout": 15}} if sqlite else {}
    engine = create_engine(
        where, pool_pre_ping=not sqlite, pool_size=20, max_overflow=40, pool_use_lifo=True, **arguments
    )
    event.listen(engine, "connect", _pragmas if sqlite else _in_schema)
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Makes what is missing; safe while others do the same."""
    with engine.begin() as connection:
        take_writers_place(connection)
        if not is_sqlite(connection):
            connection.execute(text(f"create schema if not exists {SCHEMA}"))
        make_tables(connection, READING)
        _with_disputed(connection)
        _tell_when_changes_came(connection)
        for index in (index for table in READING.sorted_tables for index in table.indexes):
            index.create(connection, checkfirst=True)  # one that an older release did not have
        for statement in _SQLITE_WORDS if is_sqlite(connection) else _POSTGRES_WORDS:
            connection.execute(text(statement))
        known = set(connection.scalars(select(META.c.name)))
        if "shape" not in known:
            _from_the_first_shape(connection)
            connection.execute(insert(META).values(name="shape", value=SHAPE))
        if "epoch" not in known:
            connection.execute(insert(META).values(name="epoch", value=secrets.token_hex(4)))


def _with_disputed(connection: Connection) -> None:
    """Adds the column to visits of a release that had only one reader, about which nobody could disagree."""
    if is_sqlite(connection):
        known = {row[1] for row in connection.execute(text("pragma table_info(visits)"))}
        if "disputed" in known:
            return
    unless = "" if is_sqlite(connection) else "if not exists "
    connection.execute(text(f"alter table visits add column {unless}disputed boolean not null default false"))


def _from_the_first_shape(connection: Connection) -> None:
    """Makes what it lacked from what lies there: the board of one process has no topics to read again."""
    for name in ("visits_from", "visits_to", "visits_with"):
        connection.execute(text(f"drop index if exists {name}"))
    bodies = connection.execute(select(VISITS.c.body).execution_options(yield_per=500)).scalars()
    for some in bodies.partitions():
        visits = [LedgerVisit.model_validate_json(body) for body in some]
        rows = [{"story": story, "visit": visit.id} for visit in visits for story in stories_of(visit)]
        if rows:
            connection.execute(insert(REPORTED), rows)


def _tell_when_changes_came(connection: Connection) -> None:
    """Of changes that an older release kept it is not known: they are taken to have come when they were."""
    names = {column["name"] for column in inspect(connection).get_columns(CHANGES.name)}
    lacking = [
        column for column in (CHANGES.c.heard, CHANGES.c.number, CHANGES.c.embargoed) if column.name not in names
    ]
    for column in lacking:
        made = CreateColumn(column).compile(dialect=connection.dialect)
        connection.execute(text(f"alter table {CHANGES.name} add column {made}"))
    if lacking:
        connection.execute(update(CHANGES).values(heard=CHANGES.c.at))


def forget(engine: Engine) -> None:
    """Empties the read model, its positions too, so that the topics are read again from their beginning."""
    with engine.begin() as connection:
        if is_sqlite(connection):
            for name in ("quotes_in", "quotes_out"):
                connection.execute(text(f"drop trigger if exists {name}"))
            connection.execute(text("drop table if exists quote_words"))
        READING.drop_all(connection)
    prepare(engine)


def take_writers_place(connection: Connection) -> None:
    """Waits until no other transaction writes; SQLite sees to that itself."""
    if not is_sqlite(connection):
        connection.execute(text(f"select pg_advisory_xact_lock({WRITER_LOCK})"))


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _pragmas(connection: Any, _record: object) -> None:
    enter_wal_mode(connection)
    for pragma in ("synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON", "mmap_size=268435456"):
        connection.execute(f"pragma {pragma}")


def _in_schema(connection: Any, _record: object) -> None:
    connection.execute(f"set search_path to {SCHEMA}")
    connection.commit()
