"""The tables of the ledger: stories, reports, visits, hands, outboxes. Messages are the JSON they are sent as."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
)

from visitwire_alerting.storage.table_columns import Serial, UtcTime, metadata, where_null

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
    where_null("ix_alerts_unsent", "sent"),
    where_null("ix_alerts_unmatched", "matched"),
)
"""The outbox of alerts-v1, and what subscriptions are matched against. `at` is when it was recorded."""
