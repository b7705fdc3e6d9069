"""What ingestion remembers, as tables. Everything but the tombstones may be forgotten after `KEPT`."""

from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from visitwire_runtime.database import make_tables, open_engine

KEPT = timedelta(days=30)
metadata = MetaData()

stories = Table(
    "ingestion_stories",
    metadata,
    Column("key", String(700), primary_key=True),
    Column("provider", String(200), nullable=False),
    Column("rank", Text, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("out", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("item", String(128), nullable=False),
    Column("story", Text, nullable=False),
    Column("due", DateTime(timezone=True)),
    Column("raw", LargeBinary),
    Column("sender", String(200)),
    Column("name", Text),
    Column("received", DateTime(timezone=True)),
    Column("updated", DateTime(timezone=True), nullable=False),
    Index("ingestion_due", "due"),
    Index("ingestion_updated", "updated"),
)
"""One row a story: its `Known`, the story as last seen, and, while it is under embargo, the delivery to repeat."""

versions = Table(
    "ingestion_versions",
    metadata,
    Column("key", String(700), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("version", String(40), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("item", String(128), nullable=False),
    Column("passed", BigInteger),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ingestion_versions_at", "at"),
)
"""Every version that ever came, for the record, also those that came too late: the delivery that brought it, and the
number under which it was passed on, if it was."""

names = Table(
    "ingestion_names",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("name", String(300), primary_key=True),
    Column("key", String(700), primary_key=True),
    Column("published", DateTime(timezone=True), nullable=False),
    Index("ingestion_names_published", "published"),
)
"""What desks call a story: "dpa157", "slug:yemen/conflict"."""

kills = Table(
    "ingestion_kills",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("name", String(300), primary_key=True),
    Column("published", DateTime(timezone=True), primary_key=True),
)
"""Kills by name: they also meet a story that arrives after its kill."""

texts = Table(
    "ingestion_texts",
    metadata,
    Column("band", String(32), primary_key=True),
    Column("key", String(700), primary_key=True),
    Column("signature", LargeBinary, nullable=False),
    Column("group", String(64), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ingestion_texts_at", "at"),
)
"""Signatures of recent texts by band, to find copies on other wires."""


feeds = Table(
    "ingestion_feeds",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("next", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
)
"""What is known of each polled feed; `next` is moved ahead by the worker that fetches it, so that only one does."""


def engine(url: str) -> Engine:
    """An engine with the tables made. A commit that a failing machine forgets is made again: the broker delivers what
    was not acknowledged, so SQLite need not wait for the disk."""
    made = open_engine(url, synchronous="NORMAL")
    with made.begin() as connection:
        make_tables(connection, metadata)
    return made
