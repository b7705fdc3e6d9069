"""Which visits each story reports is published."""

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.storage.table_columns import Serial

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_updates",
        sa.Column("number", Serial, nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_report_updates"),
    )
    op.execute("INSERT INTO report_updates (story) SELECT DISTINCT story FROM sightings ORDER BY story")


def downgrade() -> None:
    op.drop_table("report_updates")
