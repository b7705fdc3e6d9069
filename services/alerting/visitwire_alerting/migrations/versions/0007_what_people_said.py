"""What people say of visits, and the stories by which it finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hands",
        sa.Column("number", Serial, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lifted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_hands"),
        sa.UniqueConstraint("id", name="uq_hands_id"),
    )
    op.create_index("ix_hands_visit", "hands", ["visit"])
    op.create_index("ix_hands_other", "hands", ["other"])
    op.create_table(
        "hand_stories",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("hand", Serial, nullable=False),
        sa.ForeignKeyConstraint(["hand"], ["hands.number"], name="fk_hand_stories_hand_hands", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story", "hand", name="pk_hand_stories"),
    )
    op.create_index("ix_hand_stories_hand", "hand_stories", ["hand"])


def downgrade() -> None:
    op.drop_table("hand_stories")
    op.drop_table("hands")
