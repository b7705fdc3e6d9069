"""Which workers live: what one of them has taken is its own while it shows life."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Engine,
    delete,
    func,
    select,
)
from visitwire_runtime.database import upsert

from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import workers

SILENT = timedelta(seconds=5)
"""A worker without a sign of life for so long is dead. So is one whose sign lies as far ahead: the clock was put back,
and those that live have shown life since."""


def alive(connection: Connection, worker: str, at: datetime) -> None:
    """Shows life, and forgets workers long dead."""
    upsert(connection, workers, [{"id": worker}], {"seen": at})
    connection.execute(delete(workers).where(workers.c.seen < at - timedelta(hours=1)))


def known(engine: Engine) -> list[str]:
    """The workers that showed life and are not forgotten yet."""
    with reading(engine) as connection:
        return list(connection.execute(select(workers.c.id)).scalars())


def last_life(connection: Connection) -> datetime | None:
    """When a worker last showed life; None where none did within an hour of the last that did."""
    seen: datetime | None = connection.execute(select(func.max(workers.c.seen))).scalar_one()
    return seen


def bury(engine: Engine, dead: Collection[str]) -> None:
    """Frees what workers known to be dead had taken."""
    with writing(engine) as connection:
        connection.execute(delete(workers).where(workers.c.id.in_(dead)))
