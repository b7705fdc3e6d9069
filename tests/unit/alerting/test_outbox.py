"""What is published while something fails: each alert once, and of each visit the newest last."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, text
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.outbox import publish_outbox
from visitwire_alerting.ledger.publisher_lock import LOCK
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import open_database, reading, writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.ledger_tables import alerts, visit_updates
from visitwire_runtime import Publish, Unavailable
from visitwire_runtime.stage import TooLarge
from visitwire_schemas import ALERTS, VISITS, Record

from tests.unit.alerting.makers import person, story, visit
from tests.unit.alerting.office import until


class Topics:
    """A broker that takes batches from whoever took over last, as `SoleWriter` has it do."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Record]] = []
        self.buried: list[tuple[str, Record]] = []
        self.turns = 0

    def often(self, topic: str) -> Counter[bytes | None]:
        """How often each value is on a topic."""
        return Counter(record.value for name, record in self.records if name == topic)

    async def since(self, topic: str, _time: datetime) -> Sequence[Record]:
        return [record for name, record in self.records if name == topic]


async def at_once() -> None:
    """A way to the broker on which nothing happens."""


class Sole:
    """One process at this broker: `there` is waited for on the way to it, `back` before its answer comes."""

    def __init__(
        self,
        topics: Topics,
        there: Callable[[], Awaitable[None]] = at_once,
        back: Callable[[], Awaitable[None]] = at_once,
        largest: int = 1_000_000,
    ) -> None:
        self._topics, self._there, self._back, self._largest = topics, there, back, largest
        self._turn = 0
        self.writing = False

    @property
    def publish(self) -> Publish:
        async def send(_topic: str, _record: Record) -> None:
            raise AssertionError("the outbox sends together")

        return Publish(send, self._topics.since, self)

    async def take_over(self) -> None:
        self._topics.turns += 1
        self._turn = self._topics.turns

    async def write(self, records: Sequence[tuple[str, Record]], at: datetime) -> None:
        self.writing = True
        turn, self._turn = self._turn, 0
        await self._there()
        if turn != self._topics.turns:
            raise Unavailable("another took over")
        if any(len(record.value or b"") > self._largest for _, record in records):
            raise TooLarge
        self._topics.records += records
        await self._back()
        self._turn = turn

    async def bury(self, topic: str, record: Record) -> None:
        self._topics.buried.append((topic, record))


def unsent(engine: Engine) -> int:
    with reading(engine) as connection:
        found = connection.execute(select(alerts.c.number).where(alerts.c.sent.is_(None))).all()
        return len(found) + len(connection.execute(select(visit_updates.c.number)).all())


def entered(engine: Engine, *numbers: int) -> None:
    """As many visits, each with an alert."""
    day = datetime(2025, 3, 27, tzinfo=UTC)
    record(engine, [story(f"s{n}", visit(who=person(n), to="IN")) for n in numbers], lambda: day, timedelta(days=9))


def test_a_batch_whose_answer_was_lost_is_not_sent_again(engine: Engine) -> None:
    entered(engine, 1, 2)
    topics, answers = Topics(), iter([Unavailable("the answer was lost")])

    async def lost() -> None:
        if (failed := next(answers, None)) is not None:
            raise failed

    async def scenario() -> None:
        sole = Sole(topics, back=lost)
        with pytest.raises(Unavailable):
            await publish_outbox(engine, Bell(), now, sole.publish)
        entered(engine, 3)
        working = asyncio.create_task(publish_outbox(engine, Bell(), now, sole.publish))
        await until(lambda: unsent(engine) == 0)
        working.cancel()
        await asyncio.wait([working])

    asyncio.run(scenario())
    assert sorted(topics.often(ALERTS.name).values()) == [1, 1, 1]


def test_what_could_not_be_sent_comes_again_in_its_order(engine: Engine) -> None:
    with writing(engine) as connection:
        updates = [("one", "a"), ("two", "b"), ("two", "c"), ("two", None)]
        connection.execute(insert(visit_updates), [{"visit": visit, "body": body} for visit, body in updates])
    topics, ways = Topics(), iter([Unavailable("the broker is away")])

    async def broken() -> None:
        if (failed := next(ways, None)) is not None:
            raise failed

    async def scenario() -> None:
        sole = Sole(topics, there=broken)
        with pytest.raises(Unavailable):
            await publish_outbox(engine, Bell(), now, sole.publish)
        assert (topics.records, unsent(engine)) == ([], 4)
        working = asyncio.create_task(publish_outbox(engine, Bell(), now, sole.publish))
        await until(lambda: unsent(engine) == 0)
        working.cancel()
        await asyncio.wait([working])

    asyncio.run(scenario())
    want = [Record(b"one", b"a"), Record(b"two", b"b"), Record(b"two", b"c"), Record(b"two", None)]
    assert topics.records == [(VISITS.name, each) for each in want]


def test_what_the_broker_takes_as_too_large_is_a_dead_letter_and_the_rest_is_sent(engine: Engine) -> None:
    with writing(engine) as connection:
        updates = [("one", "a"), ("two", "b" * 50), ("three", "c"), ("two", "d" * 50), ("four", "e")]
        connection.execute(insert(visit_updates), [{"visit": visit, "body": body} for visit, body in updates])
    topics = Topics()

    async def scenario() -> None:
        working = asyncio.create_task(publish_outbox(engine, Bell(), now, Sole(topics, largest=40).publish))
        await until(lambda: unsent(engine) == 0)
        working.cancel()
        await asyncio.wait([working])

    asyncio.run(scenario())
    assert [record.value for _, record in topics.records] == [b"a", b"c", b"e"]
    assert [record.value for _, record in topics.buried] == [b"b" * 50, b"d" * 50]


def test_a_worker_that_lost_the_turn_while_it_sent_repeats_nothing_and_overtakes_nothing(postgres_url: str) -> None:
    first, second = open_database(postgres_url), open_database(postgres_url)
    with writing(first) as connection:
        for table in (alerts, visit_updates):
            connection.execute(table.delete())
    entered(first, 1, 2)
    topics, arrives = Topics(), asyncio.Event()

    async def slowly() -> None:
        await arrives.wait()

    async def scenario() -> None:
        slow = Sole(topics, there=slowly)
        losing = asyncio.create_task(publish_outbox(first, Bell(), now, slow.publish))
        await until(lambda: slow.writing)
        working = asyncio.create_task(publish_outbox(second, Bell(), now, Sole(topics).publish))
        with second.connect() as connection:
            holds = "select pid from pg_locks where locktype = 'advisory' and granted and objid = :lock"
            connection.execute(text(f"select pg_terminate_backend(pid) from ({holds}) as held"), {"lock": LOCK})
        await until(lambda: unsent(second) == 0)
        arrives.set()
        with pytest.raises(Unavailable):
            await losing
        working.cancel()
        await asyncio.wait([working])

    with suppress(asyncio.CancelledError):
        asyncio.run(scenario())
    first.dispose()
    second.dispose()
    assert sorted(topics.often(ALERTS.name).values()) == [1, 1]
    assert sorted(topics.often(VISITS.name).values()) == [1, 1]
