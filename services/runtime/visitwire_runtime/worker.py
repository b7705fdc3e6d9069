"""Runs one stage as a Faust worker on Kafka."""

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import Any

import structlog
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from kafka.errors import KafkaError as AdminError  # type: ignore[import-untyped]
from prometheus_client import CollectorRegistry
from visitwire_schemas import Record, dead_letters

from visitwire_runtime import admin, logs
from visitwire_runtime.background import kept_up
from visitwire_runtime.carry import Carried, Carrier
from visitwire_runtime.faust_app import faust_app
from visitwire_runtime.garbage import settle
from visitwire_runtime.hand import Hand, Overdue
from visitwire_runtime.health import Health, HealthServer
from visitwire_runtime.lookout import PATIENCE as LOOK_PATIENCE
from visitwire_runtime.lookout import Lookout, Patience
from visitwire_runtime.meter import Meter
from visitwire_runtime.mistakes import telling
from visitwire_runtime.reach import why_not
from visitwire_runtime.rejects import TOO_MANY, Delivery, TooManyDeadLetters, dead_letter, megabytes, size
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyStage, Publish, Unavailable
from visitwire_runtime.writer import TooLarge, Writer

log = structlog.get_logger()

GROUP = 8
"""Records carried at once where the stage names no batch: enough to hide the broker's round trip."""
LOOK_AT_LAG = 5.0
"""Seconds between looks at the lag."""
TOPICS = 60.0
"""Seconds that making the topics may take."""
GRACE = 15.0
"""Seconds a stop waits for the records under way."""
INBOX = 64
"""Records between Faust's stream and the stage."""


class Worker:
    """One stage at work: reads its source, carries, writes, and only then acknowledges."""

    def __init__(self, stage: AnyStage, settings: Settings) -> None:
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
        )
        self._writer = Writer(settings, self._backoff, self._carrier.wait, self._in_trouble)
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
            if await self._topics_made(stop):
                await self._work(stop)
        finally:
            await asyncio.to_thread(self._carrier.close)

    async def _work(self, stop: asyncio.Event) -> None:
        self._app = faust_app(self.stage, self._settings)
        source = self._app.topic(self.stage.source.name, key_type=bytes, value_type=bytes)

        async def read(stream: Any) -> None:
            async for event in stream.noack().events():
                await self._inbox.put(event)

        self._app.agent(source, concurrency=1, name=self.stage.name)(read)
        self._app.finalize()
        await self._writer.start()
        await self._app.start()
        settle()
        publish = Publish(self.publish, self._writer.since)
        tasks = [
            asyncio.create_task(self._carry()),
            asyncio.create_task(self._watch()),
            *(asyncio.create_task(kept_up(work, publish, self._backoff)) for work in self.stage.background),
        ]
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
            await self._group_ended()
            for task in [stopping, crashed, *tasks]:
                task.cancel()
            await asyncio.gather(stopping, crashed, *tasks, return_exceptions=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._app.stop(), GRACE)
            await self._writer.stop()
            log.info("stopped", stage=self.stage.name)

    def _in_trouble(self, words: str | None) -> None:
        """Counts a failed attempt to write, and lets /readyz say so until one succeeds."""
        self.health.tell("writing", words)
        if words:
            self.meter.retries.inc()

    async def _group_ended(self) -> None:
        """Lets the records under way be written and acknowledged, unless they wait for something outside."""
        over = asyncio.create_task(self._under_way.acquire())
        stuck = asyncio.create_task(self._carrier.stuck.wait())
        await asyncio.wait({over, stuck}, timeout=GRACE, return_when=asyncio.FIRST_COMPLETED)
        for task in (over, stuck):
            task.cancel()

    async def publish(self, topic: str, record: Record) -> None:
        """Sends a record and returns when the broker has it; what it will never take is a dead letter."""
        try:
            await self._writer.send(topic, [record])
        except TooLarge:
            reason = f"A record of {megabytes(size(record))} is larger than {topic} takes."
            letter = dead_letter(
                self.stage.name, Delivery(record, topic), reason, "InvalidMessage", self._settings.spool
            )
            await self._bury(Carried(dead=letter))

    async def _carry(self) -> None:
        """Takes what waits, up to a batch; acknowledges it when what became of it is safe on the broker."""
        most = max(self.stage.batch, GROUP if self.stage.handle_batch is None else 1)
        while True:
            events = [await self._inbox.get()]
            while len(events) < most and not self._inbox.empty():
                events.append(self._inbox.get_nowait())
            async with self._under_way:
                await self._carry_group([event for event in events if self._current(event)])

    async def _carry_group(self, events: Sequence[Any]) -> None:
        outcomes = await self._carrier.carry([_delivery(event) for event in events])
        await self._written(events, outcomes)
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

    async def _written(self, events: Sequence[Any], outcomes: list[Carried]) -> None:
        sink = self.stage.sink
        if sink is not None:
            try:
                await self._writer.send(sink.name, [record for outcome in outcomes for record in outcome.records])
            except TooLarge:
                await self._written_one_by_one(sink.name, events, outcomes)
        for outcome in outcomes:
            await self._bury(outcome)

    async def _written_one_by_one(self, sink: str, events: Sequence[Any], outcomes: list[Carried]) -> None:
        """After the broker refused one of several as too large: finds it, and makes it the dead letter."""
        for index, outcome in enumerate(outcomes):
            try:
                await self._writer.send(sink, outcome.records)
            except TooLarge:
                reason = f"What {self.stage.name} made of it is larger than the broker takes on {sink}."
                delivery = _delivery(events[index])
                letter = dead_letter(self.stage.name, delivery, reason, "InvalidMessage", self._settings.spool)
                outcomes[index] = Carried(dead=letter)

    async def _bury(self, outcome: Carried) -> None:
        if outcome.dead is not None:
            topic = dead_letters(self.stage.name)
            await self._writer.send(topic.name, [topic.encode(outcome.dead)])

    async def _topics_made(self, stop: asyncio.Event) -> bool:
        """Makes the topics before Faust starts, which ignores for long those that are missing then."""
        attempt = 0
        while not stop.is_set():
            try:
                making = partial(admin.create, self._settings, admin.stage_topics(self.stage))
                changes = await _unless(stop, Hand("topics").do(making, TOPICS))
                for change in changes:
                    log.info("topic", topic=change.topic, words=change.words)
                return True
            except _Stopped:
                break
            except (AdminError, Overdue) as failed:
                wait = self._backoff.after(attempt)
                why = await why_not(self._settings) or repr(failed)
                self.health.trouble = f"waits for the broker: {why}"
                log.warning("no_broker", broker=self._settings.broker, why=why, wait=round(wait, 2))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait)
                attempt += 1
        return False

    async def _watch(self) -> None:
        """Looks whether we can read, and lets /readyz say so."""
        lookout, patience = Lookout(self.stage.name, self._settings), Patience()
        try:
            while True:
                self.health.tell("reading", await self._looked(lookout, patience))
                await asyncio.sleep(LOOK_AT_LAG)
        finally:
            await lookout.close()

    async def _looked(self, lookout: Lookout, patience: Patience) -> str | None:
        topic = self.stage.source.name
        mine = [one.partition for one in self._app.consumer.assignment() if one.topic == topic]
        try:
            async with asyncio.timeout(2 * LOOK_PATIENCE):
                seen = await lookout.look(topic, mine)
        except (KafkaError, OSError, TimeoutError) as failed:
            late = patience.late()
            if late is None:
                return self.health.troubles.get("reading")
            await lookout.close()
            why = await why_not(self._settings) or repr(failed)
            return f"cannot read {topic} for {late:.0f} s: {why}"
        self.meter.lag.set(seen.lag)
        self.meter.lost.inc(seen.lost)
        busy = self._carrier.stuck.is_set() or self._under_way.locked()
        return patience.seen(0 if busy else seen.lag, self._acknowledged)


class _Stopped(Exception):
    """`stop` was set."""


async def _unless[T](stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, or `_Stopped` as soon as `stop` is set."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise _Stopped
        return working.result()
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def _delivery(event: Any) -> Delivery:
    message = event.message
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    record = Record(message.key, message.value, tuple((name, bytes(value)) for name, value in headers))
    return Delivery(record, message.topic, message.partition, message.offset)


async def _first_end(tasks: Sequence[asyncio.Task[Any]], wait_for: Sequence[asyncio.Task[Any]]) -> None:
    """Returns when one of `wait_for` has ended; raises as soon as any task has failed."""
    pending = set(tasks)
    while pending and not any(task.done() for task in wait_for):
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def run(stage: AnyStage, settings: Settings, stop: asyncio.Event) -> None:
    """A worker with its health port, until `stop` is set.

    Raises `TooManyDeadLetters` only then: a worker that reached its limit reads no more and stays, unready, with what
    it counted. To end would have it started again, into the same messages.
    """
    worker = Worker(stage, settings)
    with _served(worker.health, worker.meter.registry, settings):
        beating = asyncio.create_task(_beat(worker.health))
        try:
            await worker.serve(stop)
        except TooManyDeadLetters as enough:
            log.error("too_many_dead_letters", why=str(enough), now="waits until it is stopped")
            worker.health.troubles = {"itself": f"stopped reading: {enough}; mend the cause, then start this anew"}
            worker.meter.stopped.set(1)
            await stop.wait()
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)


@contextlib.contextmanager
def _served(health: Health, registry: CollectorRegistry, settings: Settings) -> Iterator[None]:
    server = HealthServer(health, registry, settings.metrics_host, settings.metrics_port)
    server.start()
    log.info("health", host=settings.metrics_host, port=server.port)
    try:
        yield
    finally:
        server.stop()


async def _beat(health: Health) -> None:
    while True:
        health.beat()
        await asyncio.sleep(1)


async def _made(make: Callable[[Settings], AnyStage], settings: Settings, stop: asyncio.Event) -> AnyStage | None:
    """The stage, as soon as what it needs (a database) is there; None when `stop` is set before."""
    try:
        return make(settings)
    except Exception as missing:
        if not _may_come(missing):
            raise
    backoff, health = settings.backoff(), Health()
    with _served(health, CollectorRegistry(), settings):
        beating = asyncio.create_task(_beat(health))
        try:
            for attempt in itertools.count():
                try:
                    return await asyncio.to_thread(make, settings)
                except Exception as missing:
                    if not _may_come(missing):
                        raise
                    why, wait = " ".join(str(missing).split()), backoff.after(attempt)
                    health.trouble = f"waits: {why}"
                    log.warning("unavailable", why=why, attempt=attempt + 1, wait=round(wait, 2))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait)
                    return None
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
    return None


def _may_come(missing: Exception) -> bool:
    """Whether what a stage needs may be there later."""
    if isinstance(missing, Unavailable):
        return True
    if "sqlalchemy" not in sys.modules:  # not every stage has it
        return False
    from sqlalchemy.exc import DBAPIError

    from visitwire_runtime.database import is_away

    return isinstance(missing, DBAPIError) and is_away(missing)


async def _until_signalled(make: Callable[[Settings], AnyStage], settings: Settings) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stage = await _made(make, settings, stop)
    if stage is not None:
        await run(stage, settings, stop)


def main(make: Callable[[Settings], AnyStage], settings: Settings | None = None) -> None:
    """Runs a stage as a worker until SIGTERM or SIGINT; where it had reached its limit of dead letters, it then exits
    with 3. Exits with 1, and a line, where a setting, a folder or a port keeps it from working."""
    with telling():
        settings = settings or Settings()
        logs.configure(settings.log_level, settings.log_format)
        settings.data_dir.mkdir(parents=True, exist_ok=True)  # what cannot be written shows now, and not with a broker
        try:
            asyncio.run(_until_signalled(make, settings))
        except TooManyDeadLetters:
            sys.exit(TOO_MANY)
