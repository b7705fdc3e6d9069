"""The tables of the ledger, the subscriptions and the deliveries. Messages are kept as the JSON they are sent as."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes; SQLite keeps no zone, so that they are kept in UTC there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only under the name INTEGER."""


def _where_null(name: str, column: str) -> Index:
    """An index on the rows that still wait: as small as the queue, however long the table."""
    waits = text(f"{column} IS NULL")
    return Index(name, "number", sqlite_where=waits, postgresql_where=waits)


stories = Table(
    "stories",
    metadata,
    Column("key", String, primary_key=True),
    Column("rank", Text),
    Column("kill_version", Integer),
    Column("kill_at", Float),
    Column("seen", UtcTime, index=True),
)
"""Which version of a story stands, and the kills that came for it. `seen` is when its first version came."""

sightings = Table(
    "sightings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("story", String, ForeignKey("stories.key"), nullable=False, index=True),
    Column("visit", String),
    Column("snapshot", Serial, ForeignKey("snapshots.number"), index=True),
    Column("body", Text, nullable=False),
)
"""The live reports: those of each story's standing version, and the visit that each supports. `snapshot` has what it
comes to, with others of its time; NULL for one that is folded with each story that may concern it."""

sighting_keys = Table(
    "sighting_keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("sighting", Serial, ForeignKey("sightings.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""By what a report is recognised as one about the same visitor and destination."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("later", Serial, index=True),
    Column("until", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""What the reports of some visitors come to, up to `until`: a list of `persons.Person`, as JSON. `later` is the
snapshot that goes on from it, and is taken in its place."""

snapshot_keys = Table(
    "snapshot_keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("snapshot", Serial, ForeignKey("snapshots.number", ondelete="CASCADE"), primary_key=True, index=True),
)
"""The marks of its reports, as `sighting_keys`."""

accounts = Table(
    "accounts",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("snapshot", Serial, ForeignKey("snapshots.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", Text, nullable=False),
)
"""What the reports of one visit come to, as far as snapshots hold them."""

hands = Table(
    "hands",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("visit", String, nullable=False, index=True),
    Column("other", String, index=True),
    Column("at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),
    Column("lifted", UtcTime),
    Column("lifted_by", String),
)
"""What people said of visits, and what was taken back. `visit` and `other` are the ids of then, for looking back."""

hand_stories = Table(
    "hand_stories",
    metadata,
    Column("story", String, primary_key=True),
    Column("hand", Serial, ForeignKey("hands.number", ondelete="CASCADE"), primary_key=True, index=True),
)
"""The stories by which each hand finds its visit."""

visits = Table(
    "visits",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("merged_into", String),
    Column("visitor_country", String, index=True),
    Column("destination", String, index=True),
    Column("status", String, nullable=False),
    Column("updated", UtcTime, nullable=False, index=True),
    Column("body", Text, nullable=False),
)
"""Every visit that ever stood; `body` is the LedgerVisit as it stands, or as it last stood."""

claims = Table(
    "claims",
    metadata,
    Column("story", String, primary_key=True),
    Column("visit", String, primary_key=True, index=True),
)
"""Which stories ever reported a visit: by them it keeps its id, whatever comes late or is taken back."""

visit_updates = Table(
    "visit_updates",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("visit", String, nullable=False),
    Column("body", Text),
)
"""The outbox of visits-v1: what is still to be sent. A body of NULL is a tombstone."""

report_updates = Table(
    "report_updates",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("story", String, nullable=False),
)
"""The outbox of reports-v1: the stories whose reports are still to be sent, as they then are."""

alerts = Table(
    "alerts",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("visit", String, nullable=False, index=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("not_before", UtcTime),
    Column("body", Text, nullable=False),
    Column("sent", UtcTime),
    Column("matched", UtcTime),
    _where_null("ix_alerts_unsent", "sent"),
    _where_null("ix_alerts_unmatched", "matched"),
)
"""The outbox of alerts-v1, and what subscriptions are matched against. `at` is when it was recorded."""

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
    _where_null("ix_notices_unsent", "sent"),
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
