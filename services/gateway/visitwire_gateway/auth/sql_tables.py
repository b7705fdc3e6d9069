"""The tables of access. They are nobody else's and are never thrown away with the read model."""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, MetaData, String, Table, Text, inspect, text
from sqlalchemy.schema import CreateColumn
from visitwire_runtime.database import make_tables

NO_PASSWORD = "none"
"""In the place of a password's hash for somebody who has none: no password is right."""
DOORS = MetaData()
LOCK = 0x5649534B
"""The PostgreSQL advisory lock of whoever takes an admin away."""

USERS = Table(
    "users",
    DOORS,
    Column("id", String, primary_key=True),
    Column("tenant", String, nullable=False, index=True),
    Column("name", String, nullable=False, unique=True),
    Column("password", String, nullable=False),
    Column("role", String, nullable=False),
    Column("made", String, nullable=False),
)
KEYS = Table(
    "api_keys",
    DOORS,
    Column("id", String, primary_key=True),
    Column("tenant", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("made", String, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("maker", String),
    Column("ends", String),
    Column("used", String),
)
SESSIONS = Table(
    "sessions",
    DOORS,
    Column("digest", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("expires", String, nullable=False, index=True),
)
IDENTITIES = Table(
    "identities",
    DOORS,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("user", String, nullable=False, unique=True),
)
"""Which user somebody is whom an OpenID Connect provider vouches for."""
BEGUN = Table(
    "openid_logins",
    DOORS,
    Column("state", String, primary_key=True),
    Column("browser", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("verifier", String, nullable=False),
    Column("back", Text, nullable=False),
    Column("expires", String, nullable=False, index=True),
)
"""Logins that went to the provider and are not back yet; here, so that any gateway may finish them."""
AUDIT = Table(
    "audit",
    DOORS,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("tenant", String, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("what", Text, nullable=False),
    Index("audit_by_tenant", "tenant", "number"),
    sqlite_autoincrement=True,
)


def make(connection: Connection) -> None:
    """Makes the tables that are missing, and the columns that an older release did not have: such may be null."""
    make_tables(connection, DOORS)
    there, quoted = inspect(connection), connection.dialect.identifier_preparer.format_table
    for table in DOORS.sorted_tables:
        names = {column["name"] for column in there.get_columns(table.name)}
        for column in (column for column in table.columns if column.name not in names):
            made = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(text(f"alter table {quoted(table)} add column {made}"))


def alone(connection: Connection) -> None:
    """Until the transaction ends nobody else takes an admin away: two could each leave it to the other to stay."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    elif not getattr(connection.connection.driver_connection, "in_transaction", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
