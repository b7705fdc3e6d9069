"""Copies tables from one database into another, of the same kind or not, a few rows at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, select, text

AT_ONCE = 500
"""Rows that are in memory together."""


def copy_tables(source: Connection, target: Connection, metadata: MetaData) -> dict[str, int]:
    """Puts every row of the source's tables into the target's, which are there and empty; gives how many of each.

    What is read is of one moment where the source's transaction sees one (SQLite; PostgreSQL's REPEATABLE READ).
    """
    return {table.name: _copy(source, target, table) for table in metadata.sorted_tables}


def _copy(source: Connection, target: Connection, table: Table) -> int:
    copied = 0
    rows = source.execute(select(table).execution_options(yield_per=AT_ONCE)).mappings()
    for some in rows.partitions():
        target.execute(insert(table), [_in_utc(row) for row in some])
        copied += len(some)
    if target.dialect.name == "postgresql" and copied:
        _number_on(target, table)
    return copied


def _in_utc(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with its times in UTC: SQLite keeps no zone, and gives back what was UTC without one."""
    return {name: _utc(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number_on(target: Connection, table: Table) -> None:
    """Lets PostgreSQL's own numbering go on behind the rows that brought their numbers along."""
    [*keys] = table.primary_key.columns
    if len(keys) != 1 or not isinstance(keys[0].type, Integer):
        return
    numbering = func.pg_get_serial_sequence(_quoted(target, table), keys[0].name)
    if target.execute(select(numbering)).scalar_one() is not None:
        last = select(func.max(keys[0])).scalar_subquery()
        target.execute(select(func.setval(numbering, last)))


def _quoted(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


def one_moment(connection: Connection) -> Connection:
    """Lets everything that the transaction reads be of one moment; to be called before its first statement."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    elif not getattr(connection.connection.driver_connection, "in_transaction", True):
        connection.exec_driver_sql("BEGIN")
    return connection
