"""Carries records through a stage, for both runners: whatever happens, each ends as records or as one dead letter."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter

import structlog
from pydantic import ValidationError
from visitwire_schemas import DeadLetter, EnrichedStory, Message, Record, Trace

from visitwire_runtime.backoff import Backoff
from visitwire_runtime.dead_letters import Limit, ProducedRecord, dead_letter, megabytes, size
from visitwire_runtime.metrics import Meter
from visitwire_runtime.stage import AnyStage, InvalidMessage, Unavailable
from visitwire_runtime.worker_thread import Overdue, WorkerThread

log = structlog.get_logger()


PATIENCE = 120.0
"""Seconds that a message may take, or a batch of them."""
TRIES = 2
"""Times that a message which hangs is tried alone before it is a dead letter."""
STOPPED = 30.0
"""Seconds beyond its patience after which a carrier that has not gone on counts as dead."""


@dataclass(frozen=True)
class Carried:
    """What became of one delivery: records for the stage's sink, or a dead letter."""

    records: tuple[Record, ...] = ()
    dead: DeadLetter | None = None


@dataclass(frozen=True)
class _Failed:
    """Why it cannot be processed. `bug` is the exception that nobody expected."""

    reason: str
    error: str
    bug: Exception | None = None


def _outcome[T](work: Callable[[], T]) -> T | _Failed:
    """What `work` gives, or why it failed. Raises `Unavailable` only."""
    try:
        return work()
    except Unavailable:
        raise
    except InvalidMessage as refused:
        return _Failed(str(refused), "InvalidMessage")
    # The one broad except: Faust acknowledges a message whose agent raised, so whatever escaped here would be lost.
    except Exception as bug:
        return _Failed(f"The stage failed on it, which is a bug: {type(bug).__name__}: {bug}", type(bug).__name__, bug)


class Carrier:
    """One stage's way from deliveries to outcomes, with its thread, its counters and its limit of dead letters."""

    def __init__(
        self,
        stage: AnyStage,
        *,
        spool: Path,
        limit: Limit | None = None,
        backoff: Backoff | None = None,
        meter: Meter | None = None,
        patience: float = PATIENCE,
        trouble: Callable[[str | None], None] = lambda words: None,
    ) -> None:
        """`trouble` hears what a message waits for, and None when it waits no more."""
        self.stage = stage
        self.meter = meter or Meter(stage.name)
        for collector in stage.collectors:
            self.meter.registry.register(collector)
        self.stuck = asyncio.Event()
        """Set while it waits for something outside, which a stop need not wait for."""
        self._spool, self._limit, self._backoff = spool, limit, backoff or Backoff()
        self._hand, self._patience = WorkerThread(stage.name), patience
        self._begun: float | None = None
        self._trouble = trouble
        self._log = log.bind(stage=stage.name)

    async def carry(self, deliveries: Sequence[ProducedRecord]) -> list[Carried]:
        """One outcome a delivery, in order, tried again in place for as long as something outside is unavailable.

        A batch that hangs is carried one by one; one that hangs alone is tried again, and then a dead letter.
        """
        attempt = hung = 0
        try:
            while True:
                try:
                    return await self._tried(deliveries)
                except Unavailable as missing:
                    await self._waited(missing, attempt)
                    attempt += 1
                except Overdue:
                    hung += 1
                    self._hung(deliveries, hung)
                    if len(deliveries) > 1:
                        return [outcome for one in deliveries for outcome in await self.carry([one])]
                    if hung == TRIES:
                        return [self._settled(deliveries[0], self._hangs())]
        finally:
            if attempt or hung:
                self._trouble(None)

    async def _waited(self, missing: Unavailable, attempt: int) -> None:
        self.meter.retries.inc()
        self._trouble(f"waits: {missing}")
        wait = self._backoff.after(attempt)
        self._log.warning("unavailable", why=str(missing), attempt=attempt + 1, wait=round(wait, 2))
        await self.wait(wait)

    def _hung(self, deliveries: Sequence[ProducedRecord], attempt: int) -> None:
        self.meter.hung.inc()
        self._trouble(f"what it has taken did not end in {self._patience:g} s")
        where = [(one.topic, one.partition, one.offset) for one in deliveries]
        self._log.error("hung", seconds=self._patience, records=where, attempt=attempt)

    async def _tried(self, deliveries: Sequence[ProducedRecord]) -> list[Carried]:
        self._begun = monotonic()
        try:
            return await self._hand.do(partial(self._carry, deliveries), self._patience)
        finally:
            self._begun = None

    def _hangs(self) -> "_Failed":
        reason = f"The stage did not finish it in {self._patience:g} s, {TRIES} times: it hangs on it, which is a bug."
        return _Failed(reason, "Overdue")

    def stopped(self) -> str | None:
        """That a message is under way for so long that nothing goes on any more; None otherwise."""
        took = monotonic() - self._begun if self._begun is not None else 0.0
        return f"a message is under way for {took:.0f} s" if took > self._patience + STOPPED else None

    async def wait(self, seconds: float) -> None:
        """Sleeps between two attempts."""
        self.stuck.set()
        await asyncio.sleep(seconds)
        self.stuck.clear()

    def settle(self, outcome: Carried) -> None:
        """Counts an outcome once its records are safe. Raises `TooManyDeadLetters`."""
        self.meter.read.inc()
        self.meter.written.inc(len(outcome.records))
        if outcome.dead is not None:
            self.meter.dead.inc()
        if self._limit is not None:
            self._limit.count(outcome.dead is not None)

    def close(self) -> None:
        self._hand.close()
        if self.stage.close is not None:
            self.stage.close()

    def _carry(self, deliveries: Sequence[ProducedRecord]) -> list[Carried]:
        read = [_outcome(partial(self._decode, delivery)) for delivery in deliveries]
        messages = [message for message in read if not isinstance(message, _Failed)]
        handled = iter(self._handled(messages))
        outcomes = [message if isinstance(message, _Failed) else next(handled) for message in read]
        return [self._settled(delivery, outcome) for delivery, outcome in zip(deliveries, outcomes, strict=True)]

    def _decode(self, delivery: ProducedRecord) -> Message:
        source = self.stage.source
        try:
            message: Message = source.decode(delivery.record)
        except ValidationError as wrong:
            raise InvalidMessage(_sentence(source.name, source.message.__name__, wrong)) from None
        return message

    def _handled(self, messages: Sequence[Message]) -> list[tuple[Record, ...] | _Failed]:
        """The sink's records for each message. A batch that fails is carried one by one, so that one bad message
        costs the others nothing."""
        many = self.stage.handle_batch
        if many is None or len(messages) < 2:
            return [_outcome(partial(self._one, message)) for message in messages]
        found = _outcome(partial(self._many, many, messages))
        if not isinstance(found, _Failed):
            return list(found)
        return [_outcome(partial(self._one, message)) for message in messages]

    def _one(self, message: Message) -> tuple[Record, ...]:
        begun = perf_counter()
        made = list(self.stage.handle(message))
        return self._records(made, perf_counter() - begun)

    def _many(
        self, handle_batch: Callable[[Sequence[Message]], Sequence[Iterable[Message]]], messages: Sequence[Message]
    ) -> list[tuple[Record, ...]]:
        begun = perf_counter()
        made = [list(each) for each in handle_batch(messages)]
        if len(made) != len(messages):
            raise ValueError(f"a batch of {len(messages)} gave {len(made)} lists")
        seconds = (perf_counter() - begun) / len(messages)
        return [self._records(each, seconds) for each in made]

    def _records(self, made: Sequence[Message], seconds: float) -> tuple[Record, ...]:
        self.meter.seconds.observe(seconds)
        sink = self.stage.sink
        if sink is None or not made:
            return ()
        records = tuple(sink.encode(self._traced(message, seconds)) for message in made)
        largest = max(size(record) for record in records)
        if largest > sink.max_bytes:
            raise InvalidMessage(
                f"What {self.stage.name} made of it, {megabytes(largest)}, is larger than {sink.name} takes"
                f" ({megabytes(sink.max_bytes)})."
            )
        return records

    def _traced(self, message: Message, seconds: float) -> Message:
        if not isinstance(message, EnrichedStory):
            return message
        row = Trace(stage=self.stage.name, version=self.stage.version, milliseconds=round(seconds * 1000, 3))
        return message.model_copy(update={"trace": (*message.trace, row)})

    def _settled(self, delivery: ProducedRecord, outcome: tuple[Record, ...] | _Failed) -> Carried:
        if not isinstance(outcome, _Failed):
            return Carried(outcome)
        letter = dead_letter(self.stage.name, delivery, outcome.reason, outcome.error, self._spool)
        self._log.log(
            logging.ERROR if outcome.bug else logging.WARNING,
            "dead_letter",
            id=letter.id,
            topic=delivery.topic,
            partition=delivery.partition,
            offset=delivery.offset,
            key=delivery.key,
            reason=outcome.reason,
            exc_info=outcome.bug,
        )
        return Carried(dead=letter)


def _sentence(topic: str, message: str, wrong: ValidationError) -> str:
    """One clear sentence for a record that does not carry the topic's message; never the record's own words."""
    first, *more = wrong.errors(include_url=False, include_context=False, include_input=False)
    where = ".".join(str(part) for part in first["loc"])
    others = f" ({len(more)} more faults)" if more else ""
    return f"This record of {topic} is not a {message}: {where + ': ' if where else ''}{first['msg']}{others}."
