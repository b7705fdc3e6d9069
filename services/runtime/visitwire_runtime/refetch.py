"""Has a worker fetch again what retention removed before its stage read it."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from kafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.consumer_check import Gap
from visitwire_runtime.lost_stories import LostStories, Uneven, kept_longer
from visitwire_runtime.metrics import Meter
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_runtime.stage import AnyStage
from visitwire_runtime.worker_thread import Overdue, WorkerThread

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between looks at what there is to do."""
LONGEST = 300.0
"""Seconds that one step may take."""
PAUSE = 30.0
"""Seconds after a step that failed."""
COMMAND = "visitwire reprocess --lost --from 30d"


class Refetch:
    """Writes down what is missing before the worker acknowledges anything behind it, then sends those stories to an
    earlier topic again, `refetch_rate` a second. Each partition is the business of the worker that has it."""

    def __init__(
        self, stage: AnyStage, settings: WorkerSettings, meter: Meter, assigned: Callable[[], list[int]]
    ) -> None:
        self._meter, self._assigned, self._rate = meter, assigned, settings.refetch_rate
        origin = kept_longer(stage.source)
        self._origin = origin.name if origin is not None else None
        self._lost = None if origin is None else LostStories(stage.name, stage.source, origin, settings)
        self._on = self._lost is not None and self._rate > 0
        self._thread = WorkerThread("refetch")
        self._working, self._noting = asyncio.Lock(), asyncio.Lock()
        self._pending: dict[int, Gap] = {}
        """Gaps that are not yet written down."""
        self._idle: set[int] = set()
        """Partitions of ours of which nothing is to be fetched."""
        self._sent: dict[int, int] = {}

    @property
    def how(self) -> str:
        """How lost records are fetched again, for the log."""
        if self._origin is None:
            return "no earlier topic keeps them longer"
        return f"by itself, from {self._origin}" if self._on else COMMAND

    async def note(self, gaps: Iterable[Gap]) -> None:
        """Returns when they are written down, or when the broker did not take it and they are tried again later."""
        if self._on:
            self._pending |= {gap.partition: gap for gap in gaps}
            await self._noted()

    async def run(self) -> None:
        """Sends again what is to be sent, until it is cancelled."""
        try:
            while self._on:
                mine = set(self._assigned())
                self._idle &= mine
                seconds = EVERY if await self._noted() else PAUSE
                for partition in sorted(mine - self._idle):
                    seconds = min(seconds, await self._step(partition))
                if mine <= self._idle and self._lost_stories.is_open:
                    await self._do(self._lost_stories.close)
                await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(self._end)

    def _end(self) -> None:
        if self._lost is not None:
            self._lost.stopped.set()
            self._thread.close()
            self._lost.close()

    async def _noted(self) -> bool:
        async with self._noting:
            for partition, gap in list(self._pending.items()):
                if await self._do(partial(self._lost_stories.note, gap)) is False:
                    return False
                self._pending.pop(partition)
                self._idle.discard(partition)
            return True

    async def _step(self, partition: int) -> float:
        """Sends some stories; the seconds to wait after them."""
        most = max(1, round(self._rate * EVERY))
        sent = await self._do(partial(self._lost_stories.send, partition, most))
        if sent is False:
            return PAUSE
        if sent is None:
            self._idle.add(partition)
            if partition in self._sent:
                log.info("refetched", topic=self._origin, partition=partition, stories=self._sent.pop(partition))
            return EVERY
        assert isinstance(sent, int)
        self._sent[partition] = self._sent.get(partition, 0) + sent
        self._meter.refetched.inc(sent)
        await asyncio.sleep(sent / self._rate)
        return 0.0

    @property
    def _lost_stories(self) -> LostStories:
        assert self._lost is not None
        return self._lost

    async def _do(self, work: Callable[[], int | None]) -> int | None:
        """What `work` gives; False where the broker did not let it."""
        async with self._working:
            try:
                return await self._thread.do(work, LONGEST) if self._on else False
            except Uneven as wrong:
                self._give_up(str(wrong))
            except (KafkaError, OSError, Overdue, CannotStart) as failed:
                if lacks := denial(failed):
                    self._give_up(lacks)
                elif not self._lost_stories.stopped.is_set():
                    log.warning("refetch_waits", why=repr(failed), wait=PAUSE)
            self._lost_stories.close()
            return False

    def _give_up(self, why: str) -> None:
        self._on = False
        log.warning("cannot_refetch", why=why, fetch=COMMAND)
