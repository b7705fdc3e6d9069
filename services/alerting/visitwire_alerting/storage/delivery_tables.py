"""The tables of deliveries: messages, their attempts, and the workers that send them."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from visitwire_alerting.storage.table_columns import Serial, UtcTime, metadata, where_null

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("tenant", String, nullable=False),
    Column("subscription", String, nullable=False, index=True),
    Column("endpoint", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created", UtcTime, nullable=False, index=True),
    Column("due", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("claimed_by", String),
    Column("finished", UtcTime),
    Column("last_status", Integer),
    Column("last_error", String),
    Column("replay", Boolean, nullable=False, default=False),
    Index("ix_deliveries_pending", "state", "due"),
    Index("ix_deliveries_tenant", "tenant", "number"),
    Index("ix_deliveries_lane", "endpoint", "lane", "state", "number"),
)
"""One message to one endpoint. Those of one lane (a visit's) go one after the other."""


delivery_alerts = Table(
    "delivery_alerts",
    metadata,
    Column("delivery", Serial, ForeignKey("deliveries.number", ondelete="CASCADE"), primary_key=True),
    Column("alert", Serial, ForeignKey("alerts.number"), primary_key=True, index=True),
    Column("sequence", Integer, nullable=False),
)
"""What a message tells: one alert, or several that waited for one another."""


attempts = Table(
    "attempts",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("delivery", Serial, ForeignKey("deliveries.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("result", String, nullable=False),
    Column("status", Integer),
    Column("error", String),
    Column("milliseconds", Float, nullable=False),
)
"""Every time a message was tried."""


notices = Table(
    "notices",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("subscription", String, nullable=False),
    Column("text", String, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("sent", UtcTime),
    where_null("ix_notices_unsent", "sent"),
)
"""What the owners of subscriptions are to be told: that a channel was disabled."""


sequences = Table(
    "sequences",
    metadata,
    Column("subscription", String, primary_key=True),
    Column("visit", String, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""How many alerts of a visit a subscription was told."""


workers = Table(
    "workers",
    metadata,
    Column("id", String, primary_key=True),
    Column("seen", UtcTime, nullable=False),
)
"""Workers and their last sign of life; what a dead one had taken is free again."""
