"""The ledger, subscriptions and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent", TIME, nullable=True),
        sa.Column("matched", TIME, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alerts")),
        sa.UniqueConstraint("id", name=op.f("uq_alerts_id")),
    )
    op.create_index("ix_alerts_at", "alerts", ["at"], unique=False)
    op.create_index(
        "ix_alerts_unmatched",
        "alerts",
        ["number"],
        unique=False,
        sqlite_where=sa.text("matched IS NULL"),
        postgresql_where=sa.text("matched IS NULL"),
    )
    op.create_index(
        "ix_alerts_unsent",
        "alerts",
        ["number"],
        unique=False,
        sqlite_where=sa.text("sent IS NULL"),
        postgresql_where=sa.text("sent IS NULL"),
    )
    op.create_index("ix_alerts_visit", "alerts", ["visit"], unique=False)

    op.create_table(
        "claims",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("story", "visit", name=op.f("pk_claims")),
    )
    op.create_index("ix_claims_visit", "claims", ["visit"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("finished", TIME, nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_created", "deliveries", ["created"], unique=False)
    op.create_index("ix_deliveries_lane", "deliveries", ["endpoint", "lane", "number"], unique=False)
    op.create_index("ix_deliveries_pending", "deliveries", ["state", "due"], unique=False)
    op.create_index("ix_deliveries_tenant", "deliveries", ["tenant", "number"], unique=False)
    op.create_index("ix_deliveries_subscription", "deliveries", ["subscription"], unique=False)

    op.create_table(
        "endpoints",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", TIME, nullable=True),
        sa.Column("disabled", TIME, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
    )
    op.create_index("ix_endpoints_subscription", "endpoints", ["subscription"], unique=False)

    op.create_table(
        "notices",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("sent", TIME, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_unsent",
        "notices",
        ["number"],
        unique=False,
        sqlite_where=sa.text("sent IS NULL"),
        postgresql_where=sa.text("sent IS NULL"),
    )

    op.create_table(
        "places",
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_places")),
    )
    op.create_table(
        "sequences",
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "visit", name=op.f("pk_sequences")),
    )
    op.create_table(
        "silences",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("subscription", sa.String(), nullable=True),
        sa.Column("visit", sa.String(), nullable=True),
        sa.Column("until", TIME, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index("ix_silences_subscription", "silences", ["subscription"], unique=False)
    op.create_index("ix_silences_visit", "silences", ["visit"], unique=False)

    op.create_table(
        "stories",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("kill_version", sa.Integer(), nullable=True),
        sa.Column("kill_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stories")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_tenant", "subscriptions", ["tenant"], unique=False)
    op.create_table(
        "visit_updates",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("sent", TIME, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visit_updates")),
    )
    op.create_index(
        "ix_visit_updates_unsent",
        "visit_updates",
        ["number"],
        unique=False,
        sqlite_where=sa.text("sent IS NULL"),
        postgresql_where=sa.text("sent IS NULL"),
    )

    op.create_table(
        "visits",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("visitor_country", sa.String(), nullable=True),
        sa.Column("destination", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visits")),
        sa.UniqueConstraint("id", name=op.f("uq_visits_id")),
    )
    op.create_index("ix_visits_destination", "visits", ["destination"], unique=False)
    op.create_index("ix_visits_updated", "visits", ["updated"], unique=False)
    op.create_index("ix_visits_visitor_country", "visits", ["visitor_country"], unique=False)

    op.create_table(
        "workers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "attempts",
        sa.Column("number", SERIAL, nullable=False),
        sa.Column("delivery", SERIAL, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.number"], name=op.f("fk_attempts_delivery_deliveries"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_delivery", "attempts", ["delivery"], unique=False)

    op.create_table(
        "delivery_alerts",
        sa.Column("delivery", SERIAL, nullable=False),
        sa.Column("alert", SERIAL, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.number"], name=op.f("fk_delivery_alerts_alert_alerts")),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.number"], name=op.f("fk_delivery_alerts_delivery_deliveries"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery", "alert", name=op.f("pk_delivery_alerts")),
    )
    op.create_index("ix_delivery_alerts_alert", "delivery_alerts", ["alert"], unique=False)

    op.create_table(
        "sightings",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_sightings_story_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_story", "sightings", ["story"], unique=False)

    op.create_table(
        "sighting_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sighting", SERIAL, nullable=False),
        sa.ForeignKeyConstraint(
            ["sighting"], ["sightings.id"], name=op.f("fk_sighting_keys_sighting_sightings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "sighting", name=op.f("pk_sighting_keys")),
    )
    op.create_index("ix_sighting_keys_sighting", "sighting_keys", ["sighting"], unique=False)


def downgrade() -> None:
    op.drop_table("sighting_keys")

    op.drop_table("sightings")

    op.drop_table("delivery_alerts")

    op.drop_table("attempts")
    op.drop_table("workers")

    op.drop_table("visits")

    op.drop_table("visit_updates")
    op.drop_table("subscriptions")
    op.drop_table("stories")

    op.drop_table("silences")
    op.drop_table("sequences")
    op.drop_table("places")

    op.drop_table("notices")

    op.drop_table("endpoints")

    op.drop_table("deliveries")

    op.drop_table("claims")

    op.drop_table("alerts")
