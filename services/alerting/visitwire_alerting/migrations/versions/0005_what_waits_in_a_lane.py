"""What waits in a lane is found without a look at all that went through it before."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_deliveries_lane", "deliveries")
    op.create_index("ix_deliveries_lane", "deliveries", ["endpoint", "lane", "state", "number"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_lane", "deliveries")
    op.create_index("ix_deliveries_lane", "deliveries", ["endpoint", "lane", "number"])
