"""A silence says who began it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("silences", sa.Column("author", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("silences", "author")
