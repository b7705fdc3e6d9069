"""Stages in one process: bytes pass as on Kafka, a stop loses nothing, and a slow stage slows its feeders."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event as Gate

import pytest
from structlog.testing import capture_logs
from visitwire_runtime import InvalidMessage, Publish, Stage, Unavailable
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.dead_letters import Limit, TooManyDeadLetters
from visitwire_runtime.embedded import Embedded, Stopped, run
from visitwire_schemas import WIRE_ITEMS, Message, Record, WireItem

from tests.helpers.factories import NOON
from tests.unit.runtime.stages import LOUD, LOUDER, WORDS, Word, in_batches, shout, stage_of


def texts(messages: Iterable[Word]) -> list[str]:
    return [word.text for word in messages]


def test_messages_pass_from_stage_to_stage_in_order() -> None:
    produced = run([shout(), shout(LOUD, LOUDER, "again")], [Word(text=str(number)) for number in range(300)])
    assert texts(produced.messages(LOUDER)) == [f"{number}!!" for number in range(300)]
    assert list(produced.records) == ["words-v1", "loud-words-v1", "louder-words-v1"]
    assert produced.dead == []


def test_a_poison_record_is_one_dead_letter_and_the_next_goes_through() -> None:
    with capture_logs():
        produced = run([shout()], [Word(text="a"), Record(b"k", b"{"), Word(text="b")])
    assert texts(produced.messages(LOUD)) == ["A!", "B!"]
    [letter] = produced.dead
    assert (letter.stage, letter.topic, letter.raw) == ("shout", "words-v1", b"{")
    assert len(produced.records["shout-dlq"]) == 1


def test_a_record_too_large_for_its_topic_is_a_dead_letter_of_its_reader(tmp_path: Path) -> None:
    def never(item: WireItem) -> Iterable[Word]:
        raise AssertionError

    stage = Stage("ingestion", WIRE_ITEMS, LOUD, never)
    produced = run([stage], [WireItem(raw=b"x" * 30_000_000, received=NOON)], spool=tmp_path)
    [letter] = produced.dead
    assert letter.stage == "ingestion"
    assert letter.reason == "The record is 30.0 MB, larger than wire-items-v1 takes (4.2 MB)."
    assert letter.raw_path is not None
    assert Path(letter.raw_path).stat().st_size == 30_000_000


def test_taps_see_every_topic_and_only_what_is_kept_is_remembered() -> None:
    seen: list[str] = []
    produced = run(
        [shout()],
        [Word(text="a")],
        taps=[lambda topic, record: seen.append(topic)],
        keep=lambda topic: topic == LOUD.name,
    )
    assert seen == ["words-v1", "loud-words-v1"]
    assert list(produced.records) == ["loud-words-v1"]


def test_batches_fill_while_the_stage_is_busy() -> None:
    sizes: list[int] = []

    def many(batch: Iterable[Word]) -> list[list[Word]]:
        found = [[word] for word in batch]
        sizes.append(len(found))
        return found

    produced = run([in_batches(lambda word: [word], many, batch=10)], [Word(text=str(number)) for number in range(100)])
    assert texts(produced.messages(LOUD)) == [str(number) for number in range(100)]
    assert max(sizes) == 10


def test_background_work_is_drained_when_it_says_when_it_is_idle() -> None:
    """As alerting does: the message goes into an outbox, and the background sends it."""
    outbox: list[Word] = []

    def handle(word: Word) -> Iterable[Message]:
        outbox.append(word)
        return ()

    async def deliver(publish: Publish) -> None:
        while True:
            await asyncio.sleep(0)
            if outbox:
                await publish(LOUD, outbox[0])
                del outbox[0]

    stage = Stage("alerting", WORDS, None, handle, background=(deliver,), idle=lambda: not outbox)
    produced = run([stage], [Word(text=str(number)) for number in range(50)])
    assert texts(produced.messages(LOUD)) == [str(number) for number in range(50)]


def test_background_work_without_idle_is_a_source_and_stops_first() -> None:
    """As ingestion's watched folder does: it publishes on the topic that its own stage reads."""

    async def watch(publish: Publish) -> None:
        for number in range(20):
            await publish(WORDS, Word(text=str(number)))
        await asyncio.Event().wait()

    async def scene() -> list[str]:
        found: list[str] = []
        stage = Stage("shout", WORDS, LOUD, lambda word: [word], background=(watch,))
        seen = asyncio.Event()

        def tap(topic: str, record: Record) -> None:
            if topic == LOUD.name:
                found.append(LOUD.decode(record).text)
                seen.set()

        async with Embedded([stage], spool=Path(), taps=[tap]):
            await seen.wait()
        return found

    found = asyncio.run(scene())
    assert found == [str(number) for number in range(len(found))]


def test_background_work_is_taken_up_again_when_something_was_unavailable() -> None:
    attempts: list[int] = []

    async def fetch(publish: Publish) -> None:
        attempts.append(len(attempts))
        if len(attempts) < 3:
            raise Unavailable("no answer")
        await publish(LOUD, Word(text="there"))

    stage = Stage("shout", WORDS, LOUD, lambda word: [word], background=(fetch,), idle=lambda: len(attempts) == 3)
    with capture_logs():
        assert texts(run([stage], [], backoff=Backoff(0, 0)).messages(LOUD)) == ["there"]


def test_a_bug_in_background_work_ends_the_suite() -> None:
    async def broken(publish: Publish) -> None:
        raise LookupError("nobody")

    stage = Stage("shout", WORDS, LOUD, lambda word: [word], background=(broken,), idle=lambda: False)
    with pytest.raises(LookupError, match="nobody"):
        run([stage], [Word(text="a")])


def test_too_many_dead_letters_end_the_suite() -> None:
    def refuse(word: Word) -> Iterable[Word]:
        raise InvalidMessage("No.")

    with pytest.raises(TooManyDeadLetters), capture_logs():
        run([stage_of(refuse)], (Word(text=str(number)) for number in range(10_000)), limit=lambda: Limit(row=5))


def test_a_slow_stage_slows_those_who_feed_it() -> None:
    gate = Gate()

    def slow(word: Word) -> Iterable[Word]:
        gate.wait()
        yield word

    async def scene() -> int:
        async with Embedded([stage_of(slow)], spool=Path(), capacity=4) as suite:
            fed = 0

            async def feed() -> None:
                nonlocal fed
                for number in range(100):
                    await suite.send(WORDS, Word(text=str(number)))
                    fed += 1

            feeding = asyncio.create_task(feed())
            await _settled(lambda: fed)
            held = fed
            gate.set()
            await feeding
            return held

    assert asyncio.run(scene()) <= 6


def test_nothing_is_lost_at_a_stop() -> None:
    seen: list[str] = []

    async def scene() -> None:
        stop = asyncio.Event()
        stages = [shout(), shout(LOUD, LOUDER, "again")]
        async with Embedded(
            stages, spool=Path(), taps=[lambda topic, record: seen.append(topic)], capacity=1000
        ) as suite:
            for number in range(500):
                await suite.send(WORDS, Word(text=str(number)))
            stop.set()
            await suite.until(stop)

    asyncio.run(scene())
    assert seen.count(LOUDER.name) == 500


def test_a_stopped_suite_takes_nothing() -> None:
    def refuse(word: Word) -> Iterable[Word]:
        raise InvalidMessage("No.")

    async def scene() -> None:
        async with Embedded([stage_of(refuse)], spool=Path(), limit=lambda: Limit(row=1)) as suite:
            await suite.send(WORDS, Word(text="a"))
            with pytest.raises(TooManyDeadLetters):
                await suite.until(asyncio.Event())
            await suite.send(WORDS, Word(text="b"))

    with pytest.raises(Stopped), capture_logs():
        asyncio.run(scene())


def test_a_stage_is_closed_after_its_last_message() -> None:
    calls: list[str] = []
    stage = Stage(
        "shout", WORDS, None, lambda word: calls.append(word.text) or (), close=lambda: calls.append("closed")
    )
    run([stage], [Word(text="a"), Word(text="b")])
    assert calls == ["a", "b", "closed"]


async def _settled(value: Callable[[], int]) -> None:
    """Turns the loop until the value no longer changes."""
    before = -1
    while value() != before:
        before = value()
        for _ in range(50):
            await asyncio.sleep(0)
