"""What retention removed is fetched again where an earlier topic is kept longer, and never at the stage's expense."""

import asyncio
from collections.abc import Iterator

import pytest
from kafka.errors import GroupAuthorizationFailedError, KafkaTimeoutError  # type: ignore[import-untyped]
from structlog.testing import capture_logs
from visitwire_runtime import Stage, refetch
from visitwire_runtime.consumer_check import Gap
from visitwire_runtime.lost_stories import LostStories, Uneven, kept_longer
from visitwire_runtime.metrics import Meter
from visitwire_runtime.refetch import COMMAND, Refetch
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW, STORIES_PARSED, STORIES_QUOTED, dead_letters

GAP = Gap(3, None, 7)


def test_only_topics_that_are_kept_longer_give_lost_records_again() -> None:
    origins = {row.stage: kept_longer(row.source) for row in FLOW}
    names = {stage: topic and topic.name for stage, topic in origins.items()}
    nothing = dict.fromkeys(["ingestion", "extraction", "alerting"])
    assert names == nothing | {"attribution": "stories-v1", "visits": "stories-v1"}
    assert kept_longer(dead_letters("visits")) is None


class Broker:
    """What a `LostStories` is asked, and what it does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.noted: list[Gap] = []
        self.steps: Iterator[int | Exception | None] = iter(())
        self.failures: Iterator[Exception] = iter(())
        self.closed = asyncio.Event()
        monkeypatch.setattr(LostStories, "note", lambda _, gap: self.note(gap))
        monkeypatch.setattr(LostStories, "send", lambda _, partition, most: self.send(partition, most))
        monkeypatch.setattr(LostStories, "is_open", property(lambda _: False))

    def note(self, gap: Gap) -> None:
        for failure in self.failures:
            raise failure
        self.noted.append(gap)

    def send(self, partition: int, most: int) -> int | None:
        step = next(self.steps, None)
        if isinstance(step, Exception):
            raise step
        return step


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    monkeypatch.setattr(refetch, "EVERY", 0.01)
    monkeypatch.setattr(refetch, "PAUSE", 0.01)
    return Broker(monkeypatch)


def attribution(rate: float = 1000) -> tuple[Refetch, Meter]:
    stage = Stage("attribution", STORIES_PARSED, STORIES_QUOTED, lambda story: [story])
    meter = Meter("attribution")
    return Refetch(stage, Settings(refetch_rate=rate), meter, lambda: [3]), meter


def ran(work: Refetch, gaps: list[Gap]) -> list[dict[str, object]]:
    """What it logs when gaps are noted while it runs."""

    async def all_of_it() -> None:
        running = asyncio.create_task(work.run())
        await work.note(gaps)
        await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    with capture_logs() as logs:
        asyncio.run(all_of_it())
    return [dict(line) for line in logs]


def test_stories_are_sent_step_by_step_and_counted(broker: Broker) -> None:
    broker.steps = iter([5, 2])
    work, meter = attribution()
    logs = ran(work, [GAP])
    assert broker.noted == [GAP]
    assert meter.refetched._value.get() == 7
    assert logs == [
        {"event": "refetched", "topic": "stories-v1", "partition": 3, "stories": 7, "log_level": "info"},
    ]


def test_a_gap_that_the_broker_does_not_take_is_noted_later(broker: Broker) -> None:
    broker.failures = iter([KafkaTimeoutError("away"), OSError("away")])
    broker.steps = iter([KafkaTimeoutError("away"), 1])
    work, meter = attribution()
    logs = ran(work, [GAP])
    assert broker.noted == [GAP]
    assert meter.refetched._value.get() == 1
    assert [line["event"] for line in logs] == ["refetch_waits"] * 3 + ["refetched"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (GroupAuthorizationFailedError("attribution-lost"), "the broker denies READ on group attribution-lost"),
        (Uneven("stories-v1 has 8 partitions, stories-parsed-v1 has 12 partitions"), "stories-v1 has 8 partitions"),
    ],
)
def test_where_it_cannot_be_it_is_told_once(broker: Broker, wrong: Exception, words: str) -> None:
    broker.steps = iter([wrong] * 20)
    work, _ = attribution()
    assert work.how == "by itself, from stories-v1"
    told = [line for line in ran(work, []) if line["event"] == "cannot_refetch"]
    assert [line["fetch"] for line in told] == [COMMAND]
    assert str(told[0]["why"]).startswith(words)
    assert work.how == COMMAND


def test_it_can_be_turned_off(broker: Broker) -> None:
    work, _ = attribution(rate=0)
    assert ran(work, [GAP]) == []
    assert broker.noted == []
    assert work.how == COMMAND
