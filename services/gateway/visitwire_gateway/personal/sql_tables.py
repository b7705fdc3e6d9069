"""The table of personal addresses. Like those of access it is nobody else's and outlives the read model."""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, String, Table, Text, delete

from visitwire_gateway.auth.sql_tables import DOORS

ADDRESSES = Table(
    "personal_addresses",
    DOORS,
    Column("id", String, primary_key=True),
    Column("tenant", String, nullable=False),
    Column("reader", String, nullable=False),
    Column("name", String, nullable=False),
    Column("filter", Text, nullable=False),
    Column("past", Integer),
    Column("vague", Boolean, nullable=False),
    Column("off", Boolean, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made", String, nullable=False),
    Column("used", String),
    Index("personal_addresses_of_reader", "tenant", "reader"),
)
"""`filter` is the part of an address after the question mark. The word that opens an address is kept as its digest, and
sealed, so that its owner may see it again."""


def forget_addresses(connection: Connection, reader: str) -> None:
    """Of somebody who is removed no address opens anything any more."""
    connection.execute(delete(ADDRESSES).where(ADDRESSES.c.reader == reader))
