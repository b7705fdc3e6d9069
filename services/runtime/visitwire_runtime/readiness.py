"""Lets /readyz and the metrics say, while a worker runs, whether it reads."""

import asyncio
from collections.abc import Callable

from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_runtime.broker_errors import why_not
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.consumer_check import PATIENCE as LOOK_PATIENCE
from visitwire_runtime.consumer_check import Lookout, Patience
from visitwire_runtime.health import Health
from visitwire_runtime.metrics import Meter
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyStage

EVERY = 5.0
"""Seconds between looks at the lag."""


class Watch:
    """Looks every few seconds. `assigned` gives the partitions that are the worker's, `done` how many records it
    acknowledged, and `busy` whether one is under way."""

    def __init__(
        self,
        stage: AnyStage,
        settings: Settings,
        health: Health,
        meter: Meter,
        *,
        assigned: Callable[[], list[int]],
        done: Callable[[], int],
        busy: Callable[[], bool],
    ) -> None:
        self._topic, self._settings, self._health, self._meter = stage.source.name, settings, health, meter
        self._assigned, self._done, self._busy = assigned, done, busy
        self._lookout, self._patience = Lookout(stage.name, settings), Patience()
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Looks again and again, until it is cancelled."""
        try:
            while True:
                await self.look_once()
                await asyncio.sleep(EVERY)
        finally:
            await self._lookout.close()

    async def look_once(self) -> None:
        """Looks now. Before the first record is acknowledged this sees what retention removed before it; later the
        group has gone on behind the gap, and nobody can tell."""
        async with self._looking:
            self._health.tell("reading", await self._looked())

    async def _looked(self) -> str | None:
        try:
            async with asyncio.timeout(2 * LOOK_PATIENCE):
                seen = await self._lookout.look(self._topic, self._assigned())
        except (KafkaError, OSError, TimeoutError) as failed:
            return await self._unanswered(failed)
        self._meter.lag.set(seen.lag)
        self._meter.lost.inc(seen.lost)
        return self._patience.seen(0 if self._busy() else seen.lag, self._done())

    async def _unanswered(self, failed: Exception) -> str | None:
        if lacks := denial(failed, topic=self._topic):
            return f"cannot read {self._topic}: {lacks}"
        late = self._patience.late()
        if late is None:
            return self._health.troubles.get("reading")
        await self._lookout.close()
        why = await why_not(self._settings) or repr(failed)
        return f"cannot read {self._topic} for {late:.0f} s: {why}"
