"""Updates of visits leave the outbox when they were sent; each held every report of its visit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM visit_updates WHERE sent IS NOT NULL")
    op.drop_index("ix_visit_updates_unsent", "visit_updates")
    op.drop_column("visit_updates", "sent")


def downgrade() -> None:
    op.add_column("visit_updates", sa.Column("sent", sa.DateTime(timezone=True), nullable=True))
    unsent = sa.text("sent IS NULL")
    op.create_index(
        "ix_visit_updates_unsent", "visit_updates", ["number"], sqlite_where=unsent, postgresql_where=unsent
    )
