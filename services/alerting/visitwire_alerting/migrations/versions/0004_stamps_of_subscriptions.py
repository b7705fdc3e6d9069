"""Each saving of a subscription has a stamp: by it workers see which changed, without reading any of the others."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

subscriptions = sa.table("subscriptions", sa.column("key"), sa.column("stamp"))


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    connection = op.get_bind()
    for key in connection.execute(sa.select(subscriptions.c.key)).scalars().all():
        this = sa.update(subscriptions).where(subscriptions.c.key == key)
        connection.execute(this.values(stamp=secrets.randbits(40)))
    with op.batch_alter_table("subscriptions") as batch:
        batch.alter_column("stamp", server_default=None)
    op.create_index("ix_subscriptions_stamp", "subscriptions", ["stamp"])


def downgrade() -> None:
    op.drop_index("ix_subscriptions_stamp", "subscriptions")
    op.drop_column("subscriptions", "stamp")
