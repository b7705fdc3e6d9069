"""The tables of subscriptions: what desks asked for, silences, and how endpoints fare."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from visitwire_alerting.storage.table_columns import Serial, UtcTime, metadata

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("key", String, primary_key=True),
    Column("tenant", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("stamp", BigInteger, nullable=False, index=True),
    Column("created", UtcTime, nullable=False),
)
"""What desks asked for. `key` is the id, with the tenant before it unless that is the default. `version` counts how
often it was saved; `stamp` is another at each, also where one takes the place of another that was removed.

`sealed` holds addresses and secrets, encrypted.
"""


silences = Table(
    "silences",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("subscription", String, index=True),
    Column("visit", String, index=True),
    Column("until", UtcTime, nullable=False),
    Column("reason", String),
    Column("author", String),
)
"""Nothing of this visit, or to this subscription, until then, and who said so. NULL stands for any."""


endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String, primary_key=True),
    Column("subscription", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("failing_since", UtcTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("paused_until", UtcTime),
    Column("disabled", UtcTime),
    Column("reason", String),
)
"""One channel of one subscription, and how it fares."""
