"""Of several processes that write with one transactional id only the last to take over does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic

import pytest
from visitwire_runtime import topic_admin
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.settings import Settings
from visitwire_runtime.sole_writer import SoleWriter
from visitwire_runtime.stage import TooLarge, Unavailable
from visitwire_runtime.topic_reader import TopicReader
from visitwire_runtime.topic_writer import Writer
from visitwire_schemas import ALERTS, VISITS, Record
from visitwire_suite.kafka_broker import Broker

from tests.integration.harness import emptied, standing

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def batch(*names: str) -> list[tuple[str, Record]]:
    """A record for each name, on two topics in turn, all under one key."""
    topics = (ALERTS.name, VISITS.name)
    return [(topics[number % 2], Record(b"key", name.encode())) for number, name in enumerate(names)]


def there(settings: Settings) -> list[bytes | None]:
    """What a reader of what is committed finds, on both topics."""
    return [found.record.value for topic in (ALERTS, VISITS) for found in standing(settings, topic.name)]


async def halted(writer: SoleWriter, before: str, names: tuple[str, ...]) -> tuple[asyncio.Task[None], asyncio.Event]:
    """A write that stops before a step of aiokafka's producer until the event is set."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    step: Callable[[], Awaitable[None]] = getattr(writer._producer, before)

    async def waiting() -> None:
        reached.set()
        await go_on.wait()
        await step()

    setattr(writer._producer, before, waiting)
    task = asyncio.create_task(writer.write(batch(*names), AT))
    await reached.wait()
    return task, go_on


@pytest.mark.parametrize("before", ["begin_transaction", "commit_transaction"])
def test_what_one_has_not_committed_when_another_takes_over_never_comes(settings: Settings, before: str) -> None:
    emptied(settings)

    async def scenario() -> None:
        first, second = SoleWriter(settings, "test"), SoleWriter(settings, "test")
        await first.take_over()
        await first.write(batch("a", "b"), AT)
        task, go_on = await halted(first, before, ("c", "d", "e"))
        await second.take_over()
        assert sorted(await asyncio.to_thread(there, settings)) == [b"a", b"b"]
        await second.write(batch("c", "d", "e", "f"), AT)
        go_on.set()
        with pytest.raises(Unavailable):
            await task
        with pytest.raises(Unavailable):
            await first.write(batch("g"), AT)
        await second.write(batch("h"), AT)
        await first.stop()
        await second.stop()

    asyncio.run(scenario())
    assert there(settings) == [b"a", b"c", b"e", b"h", b"b", b"d", b"f"]


def test_what_was_committed_is_there_for_whoever_takes_over(settings: Settings) -> None:
    emptied(settings)

    async def scenario() -> None:
        reader = Writer(settings, Backoff())
        for number in range(5):
            writer = SoleWriter(settings, "test")
            await writer.take_over()
            await writer.write(batch(f"a{number}", f"v{number}"), AT)
            another = SoleWriter(settings, "test")
            await another.take_over()
            found = await reader.since(ALERTS.name, AT - timedelta(seconds=1))
            assert [record.value for record in found] == [b"a%d" % each for each in range(number + 1)]
            await writer.stop()
            await another.stop()

    asyncio.run(scenario())


def test_of_a_batch_with_a_record_that_is_too_large_there_is_none(settings: Settings) -> None:
    emptied(settings)
    noise = Record(b"key", Random(1).randbytes(VISITS.max_bytes + 200_000))  # compressed it is not smaller

    async def scenario() -> None:
        writer = SoleWriter(settings, "test")
        await writer.take_over()
        for records in ([*batch("a", "b"), (VISITS.name, noise), *batch("c", "d")], [(VISITS.name, noise)]):
            with pytest.raises(TooLarge):
                await writer.write(records, AT)
            await writer.take_over()
        await writer.write(batch("e", "f"), AT)
        await writer.stop()

    asyncio.run(scenario())
    assert there(settings) == [b"e", b"f"]


def test_a_stop_in_the_middle_keeps_no_reader_waiting(settings: Settings) -> None:
    emptied(settings)

    async def scenario() -> None:
        writer = SoleWriter(settings, "test")
        await writer.take_over()
        task, _ = await halted(writer, "commit_transaction", ("a", "b"))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await writer.stop()
        other = Writer(settings, Backoff())
        await other.start()
        await other.send(ALERTS.name, [Record(b"key", b"c")])
        await other.stop()

    asyncio.run(scenario())
    begun = monotonic()
    with TopicReader(settings, [ALERTS.name]) as reader:
        first = next(reader.following(beginning=True, deadline=begun + 30))
    assert first.record.value == b"c"


def test_a_broker_that_dies_between_writing_and_answering_changes_nothing(broker: Broker) -> None:
    settings = Settings(broker=broker.bootstrap)
    topic_admin.create(settings, topic_admin.flow_topics())

    async def scenario() -> None:
        writer = SoleWriter(settings, "test")
        await writer.take_over()
        await writer.write(batch("a"), AT)
        task, go_on = await halted(writer, "commit_transaction", ("b",))
        await asyncio.to_thread(broker.kill, broker.nodes[0])
        go_on.set()
        await asyncio.to_thread(broker.start_node, broker.nodes[0])
        await asyncio.to_thread(broker.wait)
        committed = True
        try:
            await task
        except Unavailable:
            committed = False
        await writer.take_over()
        there_is = await asyncio.to_thread(there, settings)
        assert there_is == ([b"a", b"b"] if committed else [b"a"])
        await writer.write(batch("c"), AT)
        await writer.stop()

    asyncio.run(scenario())
    assert there(settings)[-1] == b"c"
