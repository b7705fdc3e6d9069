"""Runs stages in one process without a broker: the same bytes pass from stage to stage as on Kafka."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import structlog
from visitwire_schemas import FLOW, DeadLetter, Message, Record, Topic, dead_letters

from visitwire_runtime.background import kept_up
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.carrier import Carrier
from visitwire_runtime.dead_letters import Limit, ProducedRecord, dead_letter, megabytes, size
from visitwire_runtime.metrics import Meter
from visitwire_runtime.stage import AnyStage, Publish

log = structlog.get_logger()

type Tap = Callable[[str, Record], None]
"""Sees every record on every topic, the dead letters' too: (topic's name, record)."""

IDLE_CHECK = 0.02
"""Seconds between looks at whether background work is idle."""


class Stopped(Exception):
    """The suite no longer takes records, because a stage failed or it was stopped."""


@dataclass
class _Post:
    """A stage at work: its queue, and the tasks that empty it."""

    carrier: Carrier
    queue: asyncio.Queue[ProducedRecord]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    backgrounds: list[asyncio.Task[None]] = field(default_factory=list)


class Embedded:
    """Stages wired by their topics, as an async context; leaving it drains what is under way, stage by stage.

        async with Embedded(stages, spool=folder) as suite:
            await suite.send(WIRE_ITEMS, item)      # waits while the stages are behind
            await suite.until(stop)                 # raises what stopped a stage

    `dead` gets every dead letter, each of `taps` every record. `limit` makes each stage's limit of dead letters.
    """

    def __init__(
        self,
        stages: Sequence[AnyStage],
        *,
        spool: Path,
        dead: Callable[[DeadLetter], None] | None = None,
        taps: Sequence[Tap] = (),
        limit: Callable[[], Limit] | None = None,
        backoff: Backoff | None = None,
        meters: Callable[[str], Meter] = Meter,
        capacity: int = 64,
        patience: float = 30,
    ) -> None:
        self._spool, self._dead, self._taps = spool, dead, tuple(taps)
        self._patience, self._backoff = patience, backoff or Backoff()
        self._posts = [
            _Post(
                Carrier(
                    stage,
                    spool=spool,
                    limit=limit() if limit else None,
                    backoff=self._backoff,
                    meter=meters(stage.name),
                ),
                asyncio.Queue(max(capacity, 2 * stage.batch)),
            )
            for stage in stages
        ]
        self._failed: asyncio.Future[None]

    async def __aenter__(self) -> "Embedded":
        self._failed = asyncio.get_running_loop().create_future()
        for post in self._posts:
            publish = Publish(self.put)
            post.tasks.append(self._task(partial(self._work, post)))
            post.backgrounds += [
                self._task(partial(kept_up, work, publish, self._backoff)) for work in post.carrier.stage.background
            ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._failed.done():
                await self._drain()
        finally:
            await self._end()
            failure = self._failed.exception() if self._failed.done() else None
        if kind is None and failure is not None:
            raise failure

    async def send[M: Message](self, topic: Topic[M], message: M) -> None:
        """Puts a message on a topic; waits while the stage that reads it is behind."""
        await self.put(topic.name, topic.encode(message))

    async def put(self, topic: str, record: Record) -> None:
        """Puts a record on a topic. One larger than the topic takes is a dead letter, as the broker would refuse it.

        Raises `Stopped` when the suite no longer runs.
        """
        limit = _largest(topic)
        if limit is not None and size(record) > limit:
            self._reject(ProducedRecord(record, topic), limit)
            return
        for tap in self._taps:
            tap(topic, record)
        for post in self._posts:
            if post.carrier.stage.source.name == topic:
                await self._queued(post.queue, ProducedRecord(record, topic))

    async def until(self, stop: asyncio.Event) -> None:
        """Returns when `stop` is set; raises what stopped a stage (`TooManyDeadLetters`, a background's error)."""
        await self._unless_failed(_is_set(stop))

    async def _queued(self, queue: asyncio.Queue[ProducedRecord], delivery: ProducedRecord) -> None:
        if self._failed.done():
            raise Stopped("a stage of the suite has stopped")
        try:
            queue.put_nowait(delivery)
        except asyncio.QueueFull:
            waiting = asyncio.ensure_future(queue.put(delivery))
            await asyncio.wait({waiting, self._failed}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                waiting.cancel()
                raise Stopped("a stage of the suite has stopped") from None

    def _reject(self, delivery: ProducedRecord, limit: int) -> None:
        """The dead letter, in the name of the stage that would have read the record."""
        readers = [post.carrier.stage.name for post in self._posts if post.carrier.stage.source.name == delivery.topic]
        stage = readers[0] if readers else "suite"
        reason = (
            f"The record is {megabytes(size(delivery.record))}, larger than {delivery.topic} takes"
            f" ({megabytes(limit)})."
        )
        self._buried(dead_letter(stage, delivery, reason, "InvalidMessage", self._spool))

    def _buried(self, letter: DeadLetter) -> None:
        topic = dead_letters(letter.stage)
        for tap in self._taps:
            tap(topic.name, topic.encode(letter))
        if self._dead is not None:
            self._dead(letter)

    async def _work(self, post: _Post) -> None:
        """Takes what waits, up to a batch, and hands on what becomes of it."""
        carrier, sink = post.carrier, post.carrier.stage.sink
        while True:
            deliveries = [await post.queue.get()]
            while len(deliveries) < carrier.stage.batch and not post.queue.empty():
                deliveries.append(post.queue.get_nowait())
            for outcome in await carrier.carry(deliveries):
                if outcome.dead is not None:
                    self._buried(outcome.dead)
                for record in outcome.records:
                    if sink is not None:
                        await self.put(sink.name, record)
                carrier.settle(outcome)
                post.queue.task_done()

    async def _drain(self) -> None:
        """Ends each stage in the flow's order, when nothing is left for it."""
        for post in self._posts:
            idle = post.carrier.stage.idle
            if idle is None:
                await _cancelled(post.backgrounds)
            await self._unless_failed(post.queue.join())
            if idle is not None:
                await self._unless_failed(_until(idle, self._patience, post.carrier.stage.name))

    async def _unless_failed(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        await asyncio.wait({task, self._failed}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await _cancelled([task])
            self._failed.result()
        task.result()

    async def _end(self) -> None:
        for post in self._posts:
            await _cancelled([*post.backgrounds, *post.tasks])
        for post in self._posts:
            await asyncio.to_thread(post.carrier.close)

    def _task(self, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def watched() -> None:
            await work()

        task = asyncio.get_running_loop().create_task(watched())
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not self._failed.done():
            self._failed.set_exception(error)


async def _is_set(stop: asyncio.Event) -> None:
    await stop.wait()


async def _until(idle: Callable[[], bool], patience: float, stage: str) -> None:
    deadline = asyncio.get_running_loop().time() + patience
    while not idle():
        if asyncio.get_running_loop().time() > deadline:
            log.warning("not_idle", stage=stage, waited=patience)
            return
        await asyncio.sleep(IDLE_CHECK)


async def _cancelled(tasks: Sequence[asyncio.Task[None] | asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _largest(topic: str) -> int | None:
    for row in FLOW:
        for known in (row.source, *row.sinks):
            if known.name == topic:
                return known.max_bytes
    return None


@dataclass
class Produced:
    """What a finite run put on each topic, by the topic's name, in order."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    dead: list[DeadLetter] = field(default_factory=list)

    def messages[M: Message](self, topic: Topic[M]) -> list[M]:
        """The messages on a topic; tombstones carry none."""
        return [topic.decode(record) for record in self.records.get(topic.name, ()) if record.value is not None]


def run(
    stages: Sequence[AnyStage],
    messages: Iterable[Message | Record],
    *,
    taps: Sequence[Tap] = (),
    keep: Callable[[str], bool] = lambda topic: True,
    spool: Path | None = None,
    limit: Callable[[], Limit] | None = None,
    backoff: Backoff | None = None,
) -> Produced:
    """Runs a finite input through the stages and returns what came of it.

    `messages` go to the first stage's source, a `Record` as it is. `keep` says which topics are worth remembering;
    `spool` is where bytes too large for a dead letter go (a folder that is removed, unless given).
    Raises what stopped a stage.
    """
    produced = Produced()

    def remember(topic: str, record: Record) -> None:
        if keep(topic):
            produced.records.setdefault(topic, []).append(record)

    async def all_of_it(folder: Path) -> None:
        source = stages[0].source
        async with Embedded(
            stages,
            spool=folder,
            dead=produced.dead.append,
            taps=(remember, *taps),
            limit=limit,
            backoff=backoff,
        ) as suite:
            with contextlib.suppress(Stopped):
                for message in messages:
                    await suite.put(source.name, message if isinstance(message, Record) else source.encode(message))

    if spool is not None:
        asyncio.run(all_of_it(spool))
    else:
        with TemporaryDirectory(prefix="visitwire-") as folder:
            asyncio.run(all_of_it(Path(folder)))
    return produced
