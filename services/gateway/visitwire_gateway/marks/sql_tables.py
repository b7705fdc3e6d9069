"""The tables of marks. Like those of access they are nobody else's, and are never thrown away with the read model."""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, String, Table, Text, delete

from visitwire_gateway.auth.sql_tables import DOORS

READERS = Table(
    "readers",
    DOORS,
    Column("tenant", String, primary_key=True),
    Column("reader", String, primary_key=True),
    Column("life", String),
    Column("number", Integer),
    Column("until", String),
    Column("came", String),
)
"""How far each has read: the number of an event in a life of the read model, and the time at which they said so. `came`
is when they last opened the board on a new day."""
MARKS = Table(
    "marks",
    DOORS,
    Column("tenant", String, primary_key=True),
    Column("visit", String, primary_key=True),
    Column("reader", String, primary_key=True),
    Column("read", Integer),
    Column("starred", Boolean),
    Column("followed", Boolean),
    Column("acknowledged", Integer),
    Column("acknowledged_at", String),
    Column("assigned_at", String),
    Column("assigned_by", String),
    Column("note", Text),
    Column("noted_at", String),
    Index("marks_of_reader", "tenant", "reader"),
)
"""`read` and `acknowledged` are revisions of the visit."""


def forget_reader(connection: Connection, reader: str) -> None:
    """Of somebody who is removed nothing stays."""
    for table in (READERS, MARKS):
        connection.execute(delete(table).where(table.c.reader == reader))
