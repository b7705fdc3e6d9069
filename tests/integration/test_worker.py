"""A stage on Kafka: order, dead letters, restarts, retries, limits."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import pytest
from visitwire_runtime import topic_admin
from visitwire_runtime.dead_letters import TOO_MANY
from visitwire_runtime.faust_app import faust_app
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_reader import FoundRecord
from visitwire_schemas import DeadLetter, Record, dead_letters

from tests.helpers.machine import busy
from tests.integration.harness import PATIENCE, Crew, Worker, arrived, forget, send, standing, until
from tests.integration.words import Word, sink, source, stage


class Bench:
    """One test's topics, and workers on them."""

    def __init__(self, settings: Settings, crew: Crew, folder: Path) -> None:
        self.settings, self.folder, self._crew = settings, folder, crew
        self.name = uuid4().hex[:8]
        self.source, self.sink = source(self.name), sink(self.name)
        self.dlq = dead_letters(f"words-{self.name}")
        topic_admin.create(settings, [self.source, self.sink, self.dlq])

    def worker(self, kind: str = "shout", settings: Settings | None = None) -> Worker:
        return self._crew.start("tests.integration.words", kind, self.name, str(self.folder), settings=settings)

    def send(self, words: Iterable[Word | Record]) -> None:
        records = (word if isinstance(word, Record) else self.source.encode(word) for word in words)
        send(self.settings, self.source.name, records)

    def out(self, count: int) -> list[str]:
        return [self.sink.decode(found.record).text for found in arrived(self.settings, self.sink.name, count)]

    def now(self) -> list[str]:
        return [self.sink.decode(found.record).text for found in standing(self.settings, self.sink.name)]

    def dead(self, count: int) -> list[DeadLetter]:
        return [self.dlq.decode(found.record) for found in arrived(self.settings, self.dlq.name, count)]


@pytest.fixture
def bench(settings: Settings, crew: Crew, tmp_path: Path) -> Bench:
    return Bench(settings, crew, tmp_path)


def numbered(count: int, keys: int = 10) -> list[Word]:
    return [Word(text=f"w{number}", about=f"k{number % keys}") for number in range(count)]


def by_key(found: Iterable[FoundRecord]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for each in found:
        told.setdefault((each.record.key or b"").decode(), []).append(
            Word.model_validate_json(each.record.value or b"").text
        )
    return told


@pytest.mark.parametrize(("kind", "workers"), [("shout", 1), ("batch", 1), ("shout", 2)])
def test_each_key_stays_in_order(bench: Bench, kind: str, workers: int) -> None:
    for worker in [bench.worker(kind) for _ in range(workers)]:
        worker.ready()
    bench.send(numbered(400))
    found = arrived(bench.settings, bench.sink.name, 400)
    want = {f"k{key}": [f"W{number}" for number in range(key, 400, 10)] for key in range(10)}
    told = by_key(found)
    if workers == 1:
        assert told == want
    else:  # the second worker may join while the first works: what it takes over may come twice, never out of order
        assert {key: list(dict.fromkeys(words)) for key, words in told.items()} == want


@pytest.mark.parametrize("kind", ["shout", "batch"])
def test_what_cannot_be_processed_is_a_dead_letter_and_the_next_goes_through(bench: Bench, kind: str) -> None:
    poison = Record(b"k\xff", b"\x00{", (("from", b"\xff"),))
    bench.send([Word(text="a"), poison, Record(b"k", None), Word(text="bad"), Word(text="bug"), Word(text="z")])
    bench.worker(kind)
    assert sorted(bench.out(2)) == ["A", "Z"]
    letters = {letter.reason: letter for letter in bench.dead(4)}
    no_word = f"This record of {bench.source.name} is not a Word: Invalid JSON:"
    assert {reason: letter.error for reason, letter in letters.items()} == {
        f"{no_word} expected value at line 1 column 1.": "InvalidMessage",
        f"{no_word} EOF while parsing a value at line 1 column 0.": "InvalidMessage",
        "It is a bad word.": "InvalidMessage",
        "The stage failed on it, which is a bug: KeyError: 'bug'": "KeyError",
    }
    letter = next(letter for letter in letters.values() if letter.raw == b"\x00{")
    placed = next(found for found in standing(bench.settings, bench.source.name) if found.record.value == b"\x00{")
    assert (letter.topic, letter.partition, letter.offset) == (bench.source.name, placed.partition, placed.offset)
    assert (letter.key, letter.headers) == ("k\\xff", (("from", b"\xff"),))


def test_what_was_fetched_but_not_acknowledged_is_read_again_after_a_rebalance(bench: Bench) -> None:
    """The first time a group reads, no partition has a committed offset to go back to."""
    bench.send(numbered(40))

    async def read_twice() -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        app = faust_app(stage("shout", bench.name, bench.folder), bench.settings)
        seen = asyncio.Queue[tuple[int, int]]()

        async def look(stream: Any) -> None:
            async for event in stream.noack().events():
                seen.put_nowait((event.message.partition, event.message.offset))

        app.agent(app.topic(bench.source.name, key_type=bytes, value_type=bytes), name="look")(look)
        app.finalize()
        await app.start()
        try:
            async with asyncio.timeout(PATIENCE * busy()):
                first = [await seen.get() for _ in range(40)]
                await app.consumer.perform_seek()  # what Faust does when a rebalance is over
                return first, [await seen.get() for _ in range(40)]
        finally:
            await app.stop()

    first, again = asyncio.run(read_twice())
    assert sorted(again) == sorted(first)


def test_a_graceful_stop_repeats_nothing(bench: Bench) -> None:
    first = bench.worker()
    bench.send(numbered(3000))
    until(lambda: bench.now(), "the first words")
    assert first.stop() == 0
    before = len(bench.now())
    bench.worker()
    assert sorted(bench.out(3000)) == sorted(f"W{number}" for number in range(3000))
    assert len(bench.now()) == 3000
    assert before > 0


def test_a_stop_lets_the_message_under_way_through(bench: Bench) -> None:
    worker = bench.worker("slow")
    bench.send([Word(text="a")])
    until((bench.folder / "begun").exists, "the word to be taken")
    assert worker.stop() == 0
    assert bench.now() == ["A"]
    bench.send([Word(text="b")])
    bench.worker("slow")
    bench.out(2)
    assert sorted(bench.now()) == ["A", "B"]


def test_a_kill_loses_nothing(bench: Bench) -> None:
    worker = bench.worker()
    bench.send(numbered(3000))
    for wanted in (1, 1000):
        until(lambda wanted=wanted: len(bench.now()) >= wanted, "some words")  # type: ignore[misc]
        worker.kill()
        worker = bench.worker()
    want = {f"W{number}" for number in range(3000)}
    until(lambda: set(bench.now()) == want, "every word")


def test_the_same_rejection_twice_has_the_same_id(bench: Bench) -> None:
    """The second worker's group is new, as after its offsets expired: it reads everything again."""
    bench.send([Word(text="bad one"), Word(text="good")])
    first = bench.worker().ready()
    [letter] = bench.dead(1)
    first.stop()
    forget(bench.settings, f"words-{bench.name}")
    bench.worker()
    assert [each.id for each in bench.dead(2)] == [letter.id, letter.id]


def test_what_is_unavailable_is_tried_again_in_place(bench: Bench) -> None:
    door = bench.folder / "closed"
    door.touch()
    worker = bench.worker("closed")
    bench.send(numbered(50, keys=1))
    until(lambda: worker.logged("unavailable") >= 3, "three attempts")
    assert bench.now() == []
    door.unlink()
    assert bench.out(50) == [f"W{number}" for number in range(50)]
    assert standing(bench.settings, bench.dlq.name) == []
    with urlopen(f"http://127.0.0.1:{worker.port}/metrics", timeout=5) as answer:
        counts = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[0] != "#")
    label = f'{{stage="words-{bench.name}"}}'
    assert float(counts[f"visitwire_retries_total{label}"]) >= 3
    assert float(counts[f"visitwire_messages_read_total{label}"]) == 50


def test_a_stop_does_not_wait_for_what_is_unavailable(bench: Bench) -> None:
    door = bench.folder / "closed"
    door.touch()
    worker = bench.worker("closed")
    bench.send([Word(text="a")])
    until(lambda: worker.logged("unavailable"), "an attempt")
    assert worker.stop() == 0
    door.unlink()
    bench.worker("closed")
    assert bench.out(1) == ["A"]


def asked(worker: Worker, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{worker.port}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def counted(worker: Worker, name: str) -> float:
    lines = asked(worker, "metrics")[1].splitlines()
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(f"visitwire_{name}{{")))


def test_too_many_dead_letters_stop_the_worker_which_waits_and_says_so(bench: Bench) -> None:
    bench.send([Word(text=f"bad {number}") for number in range(200)])
    worker = bench.worker(settings=bench.settings.model_copy(update={"dead_letter_row": 5}))
    until(lambda: worker.logged("too_many_dead_letters"), "the limit")
    until(lambda: counted(worker, "stopped") == 1, "the metric")
    dead = counted(worker, "dead_letters_total")
    assert asked(worker, "livez") == (200, "ok\n")
    words = "stopped reading: 5 messages in a row went to the dead letters; mend the cause, then start this anew\n"
    assert asked(worker, "readyz") == (503, words)
    assert 5 <= dead < 50
    assert len(standing(bench.settings, bench.dlq.name)) == counted(worker, "dead_letters_total") == dead
    assert worker.stop() == TOO_MANY


def test_what_hangs_is_a_dead_letter_and_the_next_goes_through(bench: Bench) -> None:
    worker = bench.worker("hangs", bench.settings.model_copy(update={"message_timeout": 0.5})).ready()
    bench.send([Word(text="a"), Word(text="hang"), Word(text="b")])
    assert sorted(bench.out(2)) == ["A", "B"]
    [letter] = bench.dead(1)
    assert letter.reason == "The stage did not finish it in 0.5 s, 2 times: it hangs on it, which is a bug."
    assert counted(worker, "hung_total") >= 2
    assert asked(worker, "livez") == (200, "ok\n")
    assert worker.stop() == 0


def test_a_stop_ends_a_worker_that_hangs(bench: Bench) -> None:
    worker = bench.worker("hangs").ready()
    bench.send([Word(text="hang")])
    until((bench.folder / "begun").exists, "the word to be taken")
    assert worker.stop() == 0


def test_the_lag_is_right_after_a_rebalance(bench: Bench) -> None:
    first = bench.worker().ready()
    second = bench.worker().ready()
    bench.send(numbered(400))
    bench.out(400)
    second.stop()
    until(lambda: sum(counted(first, "messages_read_total") for _ in [0]) > 0 and counted(first, "lag_messages") == 0)
    bench.send(numbered(40))
    until(lambda: len(bench.now()) >= 440, "the words after it")
    until(lambda: counted(first, "lag_messages") == 0, "no lag")


def test_background_work_publishes(bench: Bench) -> None:
    (bench.folder / "post").write_text("one\ntwo\n")
    bench.worker("post")
    assert sorted(bench.out(2)) == ["ONE", "TWO"]


def test_a_worker_is_small_and_says_that_it_lives(bench: Bench) -> None:
    worker = bench.worker().ready()
    for path in ("livez", "readyz"):
        with urlopen(f"http://127.0.0.1:{worker.port}/{path}", timeout=5) as answer:
            assert answer.read() == b"ok\n"
    assert worker.memory() < 120
