"""The live stream: every event to every open reader, in order, none lost, whatever a reader's speed.

Nobody has a queue. The last events lie in one row that all share, each reader knows the number it has reached, and goes
to the database for what the row no longer has. So a slow reader costs nothing, and one who was away only names the last
event it saw.
"""

import asyncio
import random
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

import structlog
from sqlalchemy import Engine
from visitwire_runtime.stage import Unavailable
from visitwire_schemas import Alert, LedgerVisit

from visitwire_gateway.model.events import Event, epoch, events_after, last_number
from visitwire_gateway.model.projection import visit_values
from visitwire_gateway.model.sql_tables import Values

log = structlog.get_logger()

RECENT = 4096
HEARTBEAT = 15.0
"""Seconds, at most, until a reader gets a comment, so that proxies keep the line open, and is judged again: who was
removed since reads no further."""
RETRY = 1000
"""Milliseconds that a browser waits before it connects again."""


class StreamedEvent:
    """An event with its text for the wire, made once for all readers."""

    def __init__(self, event: Event, life: str) -> None:
        self.event = event
        self.text = f"id: {life}-{event.number}\nevent: {event.kind}\ndata: {event.data}\n\n"
        self.brief = f"id: {life}-{event.number}\nevent: {event.kind}\ndata: {event.ref}\n\n"

    @cached_property
    def visit(self) -> Values | None:
        """The visit it is about, as the table has it."""
        match self.event.kind:
            case "visit" | "gone":
                return visit_values(LedgerVisit.model_validate_json(self.event.data))
            case "change":
                return visit_values(Alert.model_validate_json(self.event.data).data.visit)
        return None


type Wanted = Callable[[StreamedEvent], bool]
type Allowed = Callable[[], Awaitable[bool]]


async def everybody() -> bool:
    return True


@dataclass(frozen=True)
class StreamStart:
    """Where a reader begins: after event `number`; `resync` when it cannot go on where it was."""

    number: int
    resync: bool = False


class Live:
    """Hears of events from the thread that keeps them, and tells readers on the event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.life = epoch(engine)
        self.last = last_number(engine)
        self._recent: deque[StreamedEvent] = deque(maxlen=RECENT)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._closed = False
        self.readers = 0
        self._full = False

    def start(self) -> None:
        """Called on the event loop that serves."""
        self._loop = asyncio.get_running_loop()

    def hear(self, events: Sequence[Event]) -> None:
        """Called from any thread, in the events' order."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hear, events)

    def leave(self) -> None:
        """As `close`, from any thread: open streams would keep the server from stopping."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.close)

    def close(self) -> None:
        """Ends every open stream."""
        self._closed = True
        self._ring()

    def _hear(self, events: Sequence[Event]) -> None:
        fresh = [StreamedEvent(event, self.life) for event in events if event.number > self.last]
        if fresh:
            self._recent.extend(fresh)
            self.last = fresh[-1].event.number
            self._ring()

    def _ring(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def place(self, last_event: str | None) -> StreamStart:
        """Where the reader goes on, by the Last-Event-ID it sends; without one, at the next event."""
        if last_event is None:
            return StreamStart(self.last)
        life, _, number = last_event.rpartition("-")
        if life != self.life or not number.isdecimal() or int(number) > self.last:
            return StreamStart(self.last, resync=True)
        return StreamStart(int(number))

    @contextmanager
    def seat(self, most: int) -> Iterator[None]:
        """One of so many places for readers. Raises `Unavailable` where all are taken, which the log is told once."""
        if self.readers >= most:
            if not self._full:
                log.warning("streams_full", readers=self.readers, setting="VISITWIRE_GATEWAY_STREAMS")
            self._full = True
            raise Unavailable(f"All {most} live streams are taken; come back later, or ask again and again instead.")
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1
            self._full = False

    async def stream(
        self, place: StreamStart, wanted: Wanted, brief: bool = False, allowed: Allowed = everybody
    ) -> AsyncIterator[str]:
        """The events after `place` that are wanted, as text for the wire, until the reader or the gateway goes, or the
        reader is no longer allowed.

        `resync` says: something was missed, read again what you show.
        """
        reached, due = place.number, _soon()
        # The id without an event: who is cut before the first event knows already where to go on.
        yield f"retry: {RETRY}\nid: {self.life}-{reached}\n\n"
        if place.resync:
            yield self._resync()
        while not self._closed:
            news = self._news
            if asyncio.get_running_loop().time() >= due:
                if not await allowed():
                    return
                due = _soon()
                yield f": {self.life}-{reached}\n\n"
            if reached < self.last:
                found = await self._after(reached)
                if found is None:
                    reached = self.last
                    yield self._resync()
                    continue
                reached = found[-1].event.number
                chosen = [told.brief if brief else told.text for told in found if wanted(told)]
                if chosen:
                    yield "".join(chosen)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await news.wait()

    def _resync(self) -> str:
        return f"id: {self.life}-{self.last}\nevent: resync\ndata: {{}}\n\n"

    async def _after(self, number: int) -> list[StreamedEvent] | None:
        """The next events, from memory or from the database; None when they are no longer kept."""
        if self._recent and self._recent[0].event.number <= number + 1:
            recent = list(self._recent)
            return recent[bisect_right(recent, number, key=lambda told: told.event.number) :]
        events = await asyncio.to_thread(events_after, self._engine, number)
        return [StreamedEvent(event, self.life) for event in events] if events else None


def _soon() -> float:
    """When to ask again, on the loop's clock: not all readers at once, though they may have come together."""
    return asyncio.get_running_loop().time() + HEARTBEAT * random.uniform(0.6, 1)
