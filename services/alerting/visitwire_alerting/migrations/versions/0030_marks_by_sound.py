"""Reports are found by how names sound; those that stand are marked anew, and snapshots are made as stories come."""

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.ledger.fold.sighting import Sighting

revision = "0030"
down_revision = "0021"
branch_labels = None
depends_on = None

sightings = sa.table("sightings", sa.column("id"), sa.column("body"), sa.column("snapshot"))
keys = sa.table("sighting_keys", sa.column("key"), sa.column("sighting"))
OF_SNAPSHOTS = ("accounts", "snapshot_keys", "snapshots")


def upgrade() -> None:
    connection = op.get_bind()
    _forget_snapshots(connection)
    connection.execute(sa.delete(keys))
    for row in connection.execute(sa.select(sightings)).all():
        marks = sorted(Sighting.model_validate_json(row.body).form.marks)
        connection.execute(sa.insert(keys), [{"key": mark, "sighting": row.id} for mark in marks])


def _forget_snapshots(connection: sa.Connection) -> None:
    connection.execute(sa.update(sightings).values(snapshot=None))
    for table in OF_SNAPSHOTS:
        connection.execute(sa.delete(sa.table(table)))


def downgrade() -> None:
    """The marks of before are made by the version of before, as it enters stories; those that stand are not found by
    it where a name sounds unlike what is written."""
