"""What time it is for workers that share a ledger: the database's, so that machines whose clocks differ agree on what
is due and on who lives."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from prometheus_client import Gauge
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from visitwire_runtime.stage import Background, Publish

from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.threads import in_thread

EVERY = 30.0
"""Seconds between two looks at the database's clock; between them time goes on as this machine counts it."""


def now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


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


@dataclass(frozen=True)
class Timing:
    """A clock, what keeps it right, and what tells Prometheus of it."""

    clock: Callable[[], datetime]
    background: tuple[Background, ...] = ()
    collectors: tuple[Collector, ...] = ()


def clock_of(engine: Engine) -> Timing:
    """The clock for a ledger: this machine's for SQLite, whose workers are all on it. Raises `Unavailable`."""
    if engine.dialect.name != "postgresql":
        return Timing(now, collectors=(_apart(lambda: 0.0),))
    clock = DatabaseClock(engine)
    apart = _apart(lambda: abs((now() - clock()).total_seconds()))
    return Timing(clock, (clock.keep,), (apart,))


def _apart(seconds: Callable[[], float]) -> Gauge:
    made = Gauge("visitwire_clock_apart_seconds", "Between this machine's clock and the ledger's", registry=None)
    made.set_function(seconds)
    return made
