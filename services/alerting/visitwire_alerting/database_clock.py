"""What time it is for workers that share a ledger: the database's, so that machines whose clocks differ agree on what
is due and on who lives."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import Engine, func, select
from visitwire_runtime.stage import Background, Publish

from visitwire_alerting.database import reading
from visitwire_alerting.ledger import now
from visitwire_alerting.threads import in_thread

EVERY = 30.0
"""Seconds between two looks at the database's clock; between them time goes on as this machine counts it."""


class DatabaseClock:
    """PostgreSQL's clock. Making one raises `Unavailable` while the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told = self._asked()

    def __call__(self) -> datetime:
        at, since = self._told
        return at + timedelta(seconds=monotonic() - since)

    async def keep(self, _publish: Publish) -> None:
        """Looks again and again. Raises `Unavailable`."""
        while True:
            self._told = await in_thread(self._asked)
            await asyncio.sleep(EVERY)

    def _asked(self) -> tuple[datetime, float]:
        with reading(self._engine) as connection:
            at = connection.execute(select(func.clock_timestamp())).scalar_one()
            return at.astimezone(UTC), monotonic()  # behind by the way back, and never ahead


def clock_of(engine: Engine) -> tuple[Callable[[], datetime], tuple[Background, ...]]:
    """The clock for a ledger, and what keeps it right: this machine's for SQLite, whose workers are all on it."""
    if engine.dialect.name != "postgresql":
        return now, ()
    clock = DatabaseClock(engine)
    return clock, (clock.keep,)
