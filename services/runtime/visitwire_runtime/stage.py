"""What a stage is: one function between two topics, and how it says that it cannot go on."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from prometheus_client.registry import Collector
from visitwire_schemas import Message, Record, Topic


class InvalidMessage(Exception):
    """The message can never be processed; it goes to the dead letters with these words."""


class Unavailable(Exception):
    """Something outside failed (a timeout, a 5xx, a locked database); the same message is tried again."""


class TooLarge(Exception):
    """The broker does not take so large a record."""


type Send = Callable[[str, Record], Awaitable[None]]
type Since = Callable[[str, datetime], Awaitable[Sequence[Record]]]


class Sole(Protocol):
    """How several processes write to a topic one at a time; see `visitwire_runtime.sole_writer`."""

    async def take_over(self) -> None: ...
    async def write(self, records: Sequence[tuple[str, Record]], at: datetime) -> None: ...
    async def bury(self, topic: str, record: Record) -> None: ...


class Publish:
    """How a stage's background work sends a message to a topic: in both runners, awaited until it is safe."""

    def __init__(self, send: Send, since: Since | None = None, sole: Sole | None = None) -> None:
        self._send, self._since, self._sole = send, since, sole

    async def __call__[M: Message](self, topic: Topic[M], message: M) -> None:
        await self._send(topic.name, topic.encode(message))

    async def record[M: Message](self, topic: Topic[M], record: Record) -> None:
        """Sends what `topic.encode` made of a message earlier."""
        await self._send(topic.name, record)

    async def tombstone[M: Message](self, topic: Topic[M], key: str) -> None:
        """Says that nothing stands under `key` any more."""
        await self._send(topic.name, Record(key.encode(), None))

    async def take_over(self) -> None:
        """Before `together`, and again after it raised: from now on nothing comes that another process of the stage
        sent together and the broker has not taken, so that `since` says what is there for good. Nothing to do in one
        process. Raises `Unavailable`."""
        if self._sole is not None:
            await self._sole.take_over()

    async def together(self, records: Sequence[tuple[str, Record]], at: datetime) -> None:
        """Sends records to topics, by their names: all or none, those of one key in their order. `at` is the time that
        `since` finds them by.

        Raises `TooLarge` where the broker does not take one of them and so has none; `Unavailable` where it is not
        known whether it has them, or another process took over.
        """
        if self._sole is not None:
            await self._sole.write(records, at)
            return
        for topic, record in records:
            await self._send(topic, record)

    async def bury(self, topic: str, record: Record) -> None:
        """Makes a record that is `TooLarge` a dead letter."""
        if self._sole is not None:
            await self._sole.bury(topic, record)

    async def since[M: Message](self, topic: Topic[M], time: datetime) -> list[M]:
        """What is on the topic with times from `time` on: after a crash it tells which of the records that were never
        marked as sent are there already. Empty in one process, where nothing outlives it."""
        if self._since is None:
            return []
        return [topic.decode(record) for record in await self._since(topic.name, time) if record.value is not None]


type Background = Callable[[Publish], Awaitable[None]]


@dataclass(frozen=True)
class Stage[In: Message, Out: Message]:
    """One pure function between two topics. The same value runs as a worker, embedded, and in a test.

    `handle` takes one message and gives none, one or many; or `handle_batch` takes up to `batch` messages and gives as
    many lists, for a stage that gains from it.
    Each `background` gets a `Publish` and runs on the event loop until cancelled; `handle` runs in a thread of its own,
    one call at a time, so that a long parse delays neither heartbeats nor deliveries.
    """

    name: str
    source: Topic[In]
    sink: Topic[Out] | None
    handle: Callable[[In], Iterable[Out]]
    handle_batch: Callable[[Sequence[In]], Sequence[Iterable[Out]]] | None = None
    batch: int = 1
    """Messages a batch holds at most."""
    background: tuple[Background, ...] = ()
    version: str = "0.1.0"
    """Of what it makes; see `visitwire_runtime.reader_release` for a stage that reads."""
    idle: Callable[[], bool] | None = None
    """Says that the background work has nothing left to send; a stop waits for it. Without it background work is a
    source (a watched folder, an endpoint), which a stop cancels first."""
    close: Callable[[], None] | None = None
    """Called once, after the last message."""
    collectors: tuple[Collector, ...] = ()
    """What the stage tells Prometheus of itself, beside the counters that every stage has."""


type AnyStage = Stage[Any, Any]
type AnyTopic = Topic[Any]
"""A stage whose messages the runner need not know."""
