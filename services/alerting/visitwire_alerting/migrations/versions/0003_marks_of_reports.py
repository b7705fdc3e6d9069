"""Reports are found by marks that a first name alone does not share; those that stand are marked anew."""

import sqlalchemy as sa
from alembic import op
from visitwire_alerting.ledger.fold.sighting import Sighting

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

sightings = sa.table("sightings", sa.column("id"), sa.column("body"))
keys = sa.table("sighting_keys", sa.column("key"), sa.column("sighting"))


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.delete(keys))
    for row in connection.execute(sa.select(sightings)).all():
        marks = sorted(Sighting.model_validate_json(row.body).form.marks)
        connection.execute(sa.insert(keys), [{"key": mark, "sighting": row.id} for mark in marks])


def downgrade() -> None:
    """The marks stand for the keys of before: they are among them."""
