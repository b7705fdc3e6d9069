"""Lets /readyz and the metrics say, while a worker runs, whether it reads."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_runtime.broker_errors import why_not
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.consumer_check import PATIENCE as LOOK_PATIENCE
from visitwire_runtime.consumer_check import Gap, Lookout, Patience
from visitwire_runtime.health import Health
from visitwire_runtime.metrics import Meter
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.stage import AnyStage

EVERY = 5.0
"""Seconds between looks at the lag."""
TRIES = 3
"""Looks before a worker goes on without."""


class Watch:
    """Looks every few seconds. `assigned` gives the partitions that are the worker's, `done` how many records it
    acknowledged, and `busy` whether one is under way; `lost` is told what is missing, `how` says what comes of it."""

    def __init__(
        self,
        stage: AnyStage,
        settings: WorkerSettings,
        health: Health,
        meter: Meter,
        *,
        lost: Callable[[Sequence[Gap]], Awaitable[None]],
        how: Callable[[], str],
        assigned: Callable[[], list[int]],
        done: Callable[[], int],
        busy: Callable[[], bool],
    ) -> None:
        self._topic, self._settings, self._health, self._meter = stage.source.name, settings, health, meter
        self._assigned, self._done, self._busy = assigned, done, busy
        self._lost = lost
        self._lookout, self._patience = Lookout(stage.name, settings, how), Patience()
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Looks again and again, until it is cancelled."""
        try:
            while True:
                await self.look_once()
                await asyncio.sleep(EVERY)
        finally:
            await self._lookout.close()

    async def look_first(self) -> None:
        """Looks now, again if the broker does not answer.

        Before the first record of a partition is acknowledged this sees what retention removed before it; later the
        group has gone on behind the gap, and nobody can tell.
        """
        for _ in range(TRIES):
            if await self.look_once():
                return

    async def look_once(self) -> bool:
        """Looks now; whether the broker answered."""
        async with self._looking:
            answered, words = await self._looked()
            self._health.tell("reading", words)
            return answered

    async def _looked(self) -> tuple[bool, str | None]:
        try:
            async with asyncio.timeout(2 * LOOK_PATIENCE):
                lag = await self._lookout.look(self._topic, self._assigned())
        except (KafkaError, OSError, TimeoutError) as failed:
            return False, await self._unanswered(failed)
        finally:
            if gaps := self._lookout.gaps():
                self._meter.lost.inc(sum(gap.count for gap in gaps))
                await self._lost(gaps)
        self._meter.lag.set(lag)
        return True, self._patience.seen(0 if self._busy() else lag, self._done())

    async def _unanswered(self, failed: Exception) -> str | None:
        if lacks := denial(failed, topic=self._topic):
            return f"cannot read {self._topic}: {lacks}"
        late = self._patience.late()
        if late is None:
            return self._health.troubles.get("reading")
        await self._lookout.close()
        why = await why_not(self._settings) or repr(failed)
        return f"cannot read {self._topic} for {late:.0f} s: {why}"
