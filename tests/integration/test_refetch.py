"""What retention removed before attribution or visits read it is fetched again by itself, from `stories-v1`."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import TopicPartition  # type: ignore[import-untyped]
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    VISITS,
    Story,
    Topic,
)

from tests.integration.harness import Crew, Worker, arrived, remove, send, standing, until
from tests.integration.test_worker import asked

READ, LOST, LEFT = range(60), range(60, 90), range(90, 100)
"""Stories that came through before, some on every partition; that are removed while the stage is away; that are still
there when it comes back."""
MINISTERS = ("Olga Brenner", "Matti Salo", "Renata Vidal")


def told(numbers: Iterable[int]) -> list[Story]:
    return [
        Story(
            provider="nordwire",
            uri=str(number),
            received=datetime(2026, 11, 1, tzinfo=UTC),
            language="en",
            headline="Foreign minister to visit Norway",
            text=f"Foreign Minister {MINISTERS[number % 3]} of Chile will visit Norway on March {number % 28 + 1}, "
            f"2027, her office said on Monday. It is report number {number}.",
        )
        for number in numbers
    ]


def numbers(settings: Settings, topic: Topic[Story]) -> Counter[int]:
    """How often each story is on a topic."""
    return Counter(int(topic.decode(found.record).uri) for found in standing(settings, topic.name))


def enriched(settings: Settings) -> Counter[int]:
    found = standing(settings, STORIES_ENRICHED.name)
    return Counter(int(STORIES_ENRICHED.decode(one.record).story.uri) for one in found)


def counted(worker: Worker, name: str) -> float:
    lines = asked(worker, "metrics")[1].splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name}{{"))


@pytest.mark.parametrize(
    ("stage", "source"), [("attribution", STORIES_PARSED), ("visits", STORIES_QUOTED)], ids=["attribution", "visits"]
)
def test_lost_records_are_fetched_again(
    flow: Settings, crew: Crew, stage: str, source: Topic[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISITWIRE_REFETCH_RATE", "4")
    workers = {name: crew.start(f"visitwire_{name}") for name in ("extraction", "attribution", "visits", "alerting")}
    for worker in workers.values():
        worker.ready()
    fed(flow, READ)
    arrived(flow, STORIES_ENRICHED.name, len(READ))
    workers[stage].stop()

    fed(flow, LOST)
    arrived(flow, source.name, len(READ) + len(LOST))
    ends = {}
    for one in standing(flow, source.name):
        ends[TopicPartition(one.topic, one.partition)] = one.offset + 1
    remove(flow, ends)
    fed(flow, LEFT)
    arrived(flow, source.name, len(LEFT))

    first = crew.start(f"visitwire_{stage}").ready()
    until(lambda: counted(first, "visitwire_refetched_total") >= 8, "some to be fetched again")
    assert counted(first, "visitwire_lost_records_total") == len(LOST)
    lines = [json.loads(line) for line in first.log().splitlines() if '"event": "lost_records"' in line]
    assert {line["fetch"] for line in lines} == {f"by itself, from {STORIES.name}"}
    first.kill()
    second = crew.start(f"visitwire_{stage}").ready()
    until(lambda: len(enriched(flow)) == 100, "all of them")
    until(lambda: second.logged("refetched"), "it to be done")

    again = {number for number, times in numbers(flow, STORIES).items() if times > 1}
    assert again == set(LOST)  # and nothing that the stage still found
    third = crew.start(f"visitwire_{stage}").ready()
    second.stop()
    fed(flow, range(100, 130))
    until(lambda: len(enriched(flow)) == 130, "what came later")
    assert counted(third, "visitwire_refetched_total") == counted(third, "visitwire_lost_records_total") == 0

    until(lambda: supported(flow) == set(range(130)), "the ledger to have every report")
    ids = Counter(ALERTS.decode(one.record).id for one in standing(flow, ALERTS.name))
    assert ids
    assert set(ids.values()) == {1}


def fed(settings: Settings, which: Iterable[int]) -> None:
    send(settings, STORIES.name, map(STORIES.encode, told(which)))


def supported(settings: Settings) -> set[int]:
    """The stories that visits as they stand rest on."""
    visits = {one.record.key: one.record for one in standing(settings, VISITS.name)}
    kept = [VISITS.decode(record) for record in visits.values() if record.value is not None]
    return {int(report.story.rpartition("|")[2]) for visit in kept for report in visit.reports}


def test_nothing_is_fetched_again_where_it_is_off(
    flow: Settings, crew: Crew, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VISITWIRE_REFETCH_RATE", "0")
    worker = crew.start("visitwire_attribution").ready()
    parsed = [STORIES_PARSED.encode(STORIES_PARSED.message(story=story)) for story in told(READ)]
    send(flow, STORIES_PARSED.name, parsed)
    arrived(flow, STORIES_QUOTED.name, len(READ))
    worker.stop()
    send(flow, STORIES_PARSED.name, parsed)
    remove(
        flow, {TopicPartition(one.topic, one.partition): one.offset + 1 for one in standing(flow, STORIES_PARSED.name)}
    )
    send(flow, STORIES_PARSED.name, parsed)
    worker = crew.start("visitwire_attribution").ready()
    until(lambda: worker.logged("lost_records"), "the loss to be told")
    assert '"fetch": "visitwire reprocess --lost --from 30d"' in worker.log()
    assert not standing(flow, STORIES.name)
