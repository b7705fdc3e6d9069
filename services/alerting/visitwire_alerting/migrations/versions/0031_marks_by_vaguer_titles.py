"""Reports are found by more vague titles ("the minister"); those that stand are marked anew, as in 0030."""

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.ledger.fold.sighting import Sighting

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

sightings = sa.table("sightings", sa.column("id"), sa.column("body"), sa.column("snapshot"))
keys = sa.table("sighting_keys", sa.column("key"), sa.column("sighting"))
OF_SNAPSHOTS = ("accounts", "snapshot_keys", "snapshots")


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.update(sightings).values(snapshot=None))
    for table in OF_SNAPSHOTS:
        connection.execute(sa.delete(sa.table(table)))
    connection.execute(sa.delete(keys))
    for row in connection.execute(sa.select(sightings)).all():
        marks = sorted(Sighting.model_validate_json(row.body).form.marks)
        connection.execute(sa.insert(keys), [{"key": mark, "sighting": row.id} for mark in marks])


def downgrade() -> None:
    """The marks of before are made by the version of before, as it enters stories."""
