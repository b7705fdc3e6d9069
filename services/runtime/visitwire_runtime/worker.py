"""Runs one stage as a Faust worker on Kafka."""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from visitwire_schemas import Record

from visitwire_runtime.background import kept_up
from visitwire_runtime.carrier import Carrier
from visitwire_runtime.dead_letters import ProducedRecord, TooManyDeadLetters
from visitwire_runtime.faust_app import faust_app
from visitwire_runtime.gc_tuning import settle
from visitwire_runtime.health import Health
from visitwire_runtime.metrics import Meter
from visitwire_runtime.readiness import Watch
from visitwire_runtime.refetch import Refetch
from visitwire_runtime.result_writer import Results
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.sole_writer import SoleWriter
from visitwire_runtime.stage import AnyStage, Publish
from visitwire_runtime.startup import topics_made
from visitwire_runtime.topic_names import group, on_broker, ours
from visitwire_runtime.topic_writer import Writer

log = structlog.get_logger()

GROUP = 8
"""Records carried at once where the stage names no batch: enough to hide the broker's round trip."""
GRACE = 15.0
"""Seconds a stop waits for the records under way."""
INBOX = 64
"""Records between Faust's stream and the stage."""


class Worker:
    """One stage at work: reads its source, carries, writes, and only then acknowledges."""

    def __init__(self, stage: AnyStage, settings: WorkerSettings) -> None:
        self.stage, self._settings = stage, settings
        self.meter, self.health = Meter(stage.name), Health()
        self._backoff = settings.backoff()
        self._carrier = Carrier(
            stage,
            spool=settings.spool,
            limit=settings.limit(),
            backoff=self._backoff,
            meter=self.meter,
            patience=settings.message_timeout,
            trouble=partial(self.health.tell, "handling"),
        )
        self._writer = Writer(settings, self._backoff, self._carrier.wait, self._in_trouble)
        self._sole = SoleWriter(settings, group(settings, stage.name), partial(self.health.tell, "publishing"))
        self._results = Results(stage, settings, self._writer, self._sole)
        self._app: Any = None
        self._inbox: asyncio.Queue[Any]
        self._under_way: asyncio.Lock
        self.meter.ready.set_function(lambda: 0.0 if self.health.trouble else 1.0)
        self.health.stopped.append(self._carrier.stopped)
        self._acknowledged = 0
        """How many records."""

    async def serve(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set. Raises what makes going on wrong: `TooManyDeadLetters`, a background's bug."""
        self._inbox, self._under_way = asyncio.Queue(INBOX), asyncio.Lock()
        try:
            if await topics_made(self.stage, self._settings, stop, self.health, self._backoff):
                await self._work(stop)
        finally:
            await asyncio.to_thread(self._carrier.close)

    async def _work(self, stop: asyncio.Event) -> None:
        await self._begin()
        tasks = self._tasks()
        stopping = asyncio.create_task(stop.wait())
        crashed = asyncio.create_task(self._app.wait_until_stopped())
        log.info("ready", stage=self.stage.name, version=self.stage.version, broker=self._settings.broker)
        self.health.trouble = None
        try:
            await _first_end([stopping, crashed, *tasks], wait_for=[stopping, crashed])
            if crashed.done() and not stop.is_set():
                raise self._app.crash_reason or RuntimeError("the Faust app stopped by itself")
        finally:
            self.health.trouble = "stopping"
            await self._end([stopping, crashed, *tasks])

    async def _begin(self) -> None:
        self._app = faust_app(self.stage, self._settings)
        source = self._app.topic(on_broker(self._settings, self.stage.source.name), key_type=bytes, value_type=bytes)

        async def read(stream: Any) -> None:
            async for event in stream.noack().events():
                await self._inbox.put(event)

        self._app.agent(source, concurrency=1, name=self.stage.name)(read)
        self._app.finalize()
        await self._writer.start()
        await self._app.start()
        settle()

    def _tasks(self) -> list[asyncio.Task[None]]:
        publish = Publish(self._results.publish, self._results.since, self._results)
        refetch = Refetch(self.stage, self._settings, self.meter, self._assigned)
        watch = Watch(
            self.stage,
            self._settings,
            self.health,
            self.meter,
            lost=refetch.note,
            how=lambda: refetch.how,
            assigned=self._assigned,
            done=lambda: self._acknowledged,
            busy=lambda: self._carrier.stuck.is_set() or self._under_way.locked(),
        )
        background = [
            kept_up(work, publish, self._backoff, partial(self.health.tell, f"background {number}"))
            for number, work in enumerate(self.stage.background)
        ]
        return [asyncio.create_task(work) for work in (self._carry(watch), watch.look(), refetch.run(), *background)]

    async def _end(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        await self._group_ended()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._app.stop(), GRACE)
        await self._sole.stop()
        await self._writer.stop()
        log.info("stopped", stage=self.stage.name)

    def _in_trouble(self, words: str | None) -> None:
        """Counts a failed attempt to write, and lets /readyz say so until one succeeds."""
        self.health.tell("writing", words)
        if words:
            self.meter.retries.inc()

    def _assigned(self) -> list[int]:
        source = on_broker(self._settings, self.stage.source.name)
        return [one.partition for one in self._app.consumer.assignment() if one.topic == source]

    async def _group_ended(self) -> None:
        """Lets the records under way be written and acknowledged, unless they wait for something outside."""
        over = asyncio.create_task(self._under_way.acquire())
        stuck = asyncio.create_task(self._carrier.stuck.wait())
        await asyncio.wait({over, stuck}, timeout=GRACE, return_when=asyncio.FIRST_COMPLETED)
        for task in (over, stuck):
            task.cancel()

    async def _carry(self, watch: Watch) -> None:
        """Takes what waits, up to a batch; acknowledges it when what became of it is safe on the broker."""
        most = max(self.stage.batch, GROUP if self.stage.handle_batch is None else 1)
        generation: int | None = None
        while True:
            events = [await self._inbox.get()]
            if events[0].message.generation_id != generation:  # partitions came, with what is missing of them
                generation = events[0].message.generation_id
                await watch.look_first()
            while len(events) < most and not self._inbox.empty():
                events.append(self._inbox.get_nowait())
            async with self._under_way:
                await self._carry_group([event for event in events if self._current(event)])

    async def _carry_group(self, events: Sequence[Any]) -> None:
        deliveries = [_delivery(event, self._settings) for event in events]
        outcomes = await self._carrier.carry(deliveries)
        await self._results.written(deliveries, outcomes)
        enough: TooManyDeadLetters | None = None
        for event, outcome in zip(events, outcomes, strict=True):
            self._acknowledge(event)
            try:
                self._carrier.settle(outcome)
            except TooManyDeadLetters as reached:
                enough = enough or reached  # the others are written too, and count
        if enough is not None:
            raise enough

    def _current(self, event: Any) -> bool:
        """Whether the record is still ours: after a rebalance it is read again, by us or by another worker."""
        return bool(event.message.generation_id == self._app.consumer_generation_id)

    def _acknowledge(self, event: Any) -> None:
        if self._current(event):
            event.ack()
            self._acknowledged += 1


def _delivery(event: Any, settings: WorkerSettings) -> ProducedRecord:
    message = event.message
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    record = Record(message.key, message.value, tuple((name, bytes(value)) for name, value in headers))
    return ProducedRecord(record, ours(settings, message.topic), message.partition, message.offset)


async def _first_end(tasks: Sequence[asyncio.Task[Any]], wait_for: Sequence[asyncio.Task[Any]]) -> None:
    """Returns when one of `wait_for` has ended; raises as soon as any task has failed."""
    pending = set(tasks)
    while pending and not any(task.done() for task in wait_for):
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
