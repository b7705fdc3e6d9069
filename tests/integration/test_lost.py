"""What retention removed before a stage read it is counted and told, and a command fetches it again."""

import json
import os
from collections.abc import Iterable
from typing import Any

import pytest
from kafka import TopicPartition  # type: ignore[import-untyped]
from sqlalchemy import func, select
from typer.testing import CliRunner
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.ledger_tables import stories as known
from visitwire_runtime import Stage
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    EnrichedStory,
    Story,
)
from visitwire_suite import chain
from visitwire_suite.reprocess import app

from tests.integration.harness import Crew, arrived, environment, remove, send, standing, until
from tests.integration.test_worker import asked
from tests.unit.alerting.makers import person, story, visit

READ, LOST, LEFT = range(60), range(60, 90), range(90, 100)
"""Stories that the worker reads, some on every partition; that are removed while it is away; that are still there when
it comes back."""


def stages() -> dict[str, Stage[Any, Any]]:
    """The stages that read, without a language model: each story tells of a visit of somebody of its own."""

    def parse(one: Story) -> Iterable[EnrichedStory]:
        yield EnrichedStory(story=one)

    def quote(one: EnrichedStory) -> Iterable[EnrichedStory]:
        yield one

    def read(one: EnrichedStory) -> Iterable[EnrichedStory]:
        found = visit("planned", who=person(int(one.story.uri)), of="NO")
        yield one.model_copy(update={"visits": (found,)})

    return {
        "extraction": Stage("extraction", STORIES, STORIES_PARSED, parse),
        "attribution": Stage("attribution", STORIES_PARSED, STORIES_QUOTED, quote),
        "visits": Stage("visits", STORIES_QUOTED, STORIES_ENRICHED, read),
    }


def fetched() -> dict[str, Any]:
    """The report of what the log names."""
    result = CliRunner().invoke(app, ["--lost", "--from", "30d", "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[0])
    return found


def entered(settings: Settings) -> int:
    """Stories that the ledger knows."""
    engine = open_database(settings.database.get_secret_value())
    try:
        with reading(engine) as connection:
            return int(connection.execute(select(func.count()).select_from(known)).scalar_one())
    finally:
        engine.dispose()


def quoted(settings: Settings, numbers: Iterable[int]) -> None:
    """What ingestion, extraction and attribution make of stories."""
    made = [story(str(number), day=number / 100) for number in numbers]
    send(settings, STORIES.name, [STORIES.encode(one.story) for one in made])
    send(settings, STORIES_QUOTED.name, map(STORIES_QUOTED.encode, made))


def test_what_retention_removed_is_told_and_fetched_again(
    flow: Settings, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", environment(flow) | {"VISITWIRE_NEWS_FOR": "0", "VISITWIRE_REFETCH_RATE": "0"})
    monkeypatch.setattr(chain, "build_patient", lambda name, settings: stages()[name])
    quoted(flow, READ)
    worker = crew.start("visitwire_visits").ready()
    arrived(flow, STORIES_ENRICHED.name, len(READ))
    worker.stop()

    quoted(flow, LOST)
    ends: dict[TopicPartition, int] = {}
    for one in standing(flow, STORIES_QUOTED.name):
        ends[TopicPartition(one.topic, one.partition)] = one.offset + 1
    remove(flow, ends)
    quoted(flow, LEFT)
    worker = crew.start("visitwire_visits").ready()
    arrived(flow, STORIES_ENRICHED.name, len(READ) + len(LEFT))
    line = next(line for line in asked(worker, "metrics")[1].splitlines() if line.startswith("visitwire_lost_records_"))
    assert float(line.rpartition(" ")[2]) == len(LOST)
    told = [json.loads(one) for one in worker.log().splitlines() if '"event": "lost_records"' in one]
    assert sum(one["last"] - one["first"] + 1 for one in told) == len(LOST)
    assert {one["fetch"] for one in told} == {"visitwire reprocess --lost --from 30d"}

    crew.start("visitwire_alerting").ready()
    until(lambda: entered(flow) == len(READ) + len(LEFT), "the ledger to know the others")
    report = fetched()
    assert (report["read"], report["left_out"]) == (len(LOST), {"in the ledger already": len(READ) + len(LEFT)})
    assert report["alerts_told"] == {"announced": len(LOST)}
    told_of = {one.record.key for one in arrived(flow, ALERTS.name, len(LOST))}
    assert len(told_of) == len(standing(flow, ALERTS.name)) == len(LOST)
    stories = [STORIES_ENRICHED.decode(one.record).story.uri for one in standing(flow, STORIES_ENRICHED.name)]
    assert sorted(stories, key=int) == [str(number) for number in range(100)]
    assert fetched()["read"] == 0
