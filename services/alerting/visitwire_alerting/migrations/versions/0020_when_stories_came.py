"""Stories are kept with when they came, so that those of long ago can go."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.storage.table_columns import UtcTime

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

stories = sa.table("stories", sa.column("seen", UtcTime))


def upgrade() -> None:
    op.add_column("stories", sa.Column("seen", UtcTime))
    op.create_index("ix_stories_seen", "stories", ["seen"])
    op.get_bind().execute(sa.update(stories).values(seen=datetime.now(UTC)))


def downgrade() -> None:
    op.drop_index("ix_stories_seen", "stories")
    op.drop_column("stories", "seen")
