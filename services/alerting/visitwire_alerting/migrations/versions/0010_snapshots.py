"""What is long reported is kept as a snapshot; reports are found by marks that know regions and vaguer titles."""

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.storage.table_columns import Serial

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

sightings = sa.table("sightings", sa.column("id"), sa.column("body"))
keys = sa.table("sighting_keys", sa.column("key"), sa.column("sighting"))


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("number", Serial, nullable=False),
        sa.Column("later", Serial),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_snapshots"),
    )
    op.create_index("ix_snapshots_later", "snapshots", ["later"])
    op.create_table(
        "snapshot_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("snapshot", Serial, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.number"], name="fk_snapshot_keys_snapshot_snapshots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "snapshot", name="pk_snapshot_keys"),
    )
    op.create_index("ix_snapshot_keys_snapshot", "snapshot_keys", ["snapshot"])
    op.create_table(
        "accounts",
        sa.Column("number", Serial, nullable=False),
        sa.Column("snapshot", Serial, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.number"], name="fk_accounts_snapshot_snapshots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_accounts"),
    )
    op.create_index("ix_accounts_snapshot", "accounts", ["snapshot"])
    with op.batch_alter_table("sightings") as batch:
        batch.add_column(sa.Column("snapshot", Serial))
        batch.create_foreign_key("fk_sightings_snapshot_snapshots", "snapshots", ["snapshot"], ["number"])
    op.create_index("ix_sightings_snapshot", "sightings", ["snapshot"])
    op.drop_table("places")
    _mark_anew(op.get_bind())


def _mark_anew(connection: sa.Connection) -> None:
    connection.execute(sa.delete(keys))
    for row in connection.execute(sa.select(sightings)).all():
        marks = sorted(Sighting.model_validate_json(row.body).form.marks)
        connection.execute(sa.insert(keys), [{"key": mark, "sighting": row.id} for mark in marks])


def downgrade() -> None:
    op.drop_index("ix_sightings_snapshot", "sightings")
    with op.batch_alter_table("sightings") as batch:
        batch.drop_constraint("fk_sightings_snapshot_snapshots", type_="foreignkey")
        batch.drop_column("snapshot")
    for table in ("accounts", "snapshot_keys", "snapshots"):
        op.drop_table(table)
    op.create_table("places", sa.Column("code", sa.String(), nullable=False), sa.PrimaryKeyConstraint("code"))
