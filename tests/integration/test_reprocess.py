"""The past on a real broker is read again: the newer reading stands, and nobody hears of it unless asked."""

import json
import os
import signal
from collections.abc import Callable, Iterable

import pytest
from typer.testing import CliRunner
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.storage.database import open_database
from visitwire_runtime import Stage
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    STORIES_ENRICHED,
    STORIES_QUOTED,
    VISITS,
    EnrichedStory,
    Trace,
    VisitStatus,
)
from visitwire_suite import chain
from visitwire_suite.reprocess import app

from tests.integration.harness import Crew, arrived, environment, send, standing
from tests.unit.alerting.makers import dates, person, story, visit

STORIES = int(os.environ.get("VISITWIRE_TEST_STORIES", "300"))
"""As the issue has it: 3000, which takes some eight minutes on a busy machine."""
OLD, NEW = "0.1.0+00000001", "0.1.0+00000002"
type Read = Callable[[EnrichedStory], EnrichedStory]


def read_by(version: str, status: str, when: str) -> Read:
    """A reader that finds in each story that somebody of its own goes to India."""

    def read(quoted: EnrichedStory) -> EnrichedStory:
        who = person(int(quoted.story.uri))
        found = visit(status, who=who, of="NO", when=dates(when))
        return quoted.model_copy(update={"visits": (found,)})

    return read


def traced(made: EnrichedStory) -> EnrichedStory:
    return made.model_copy(update={"trace": (Trace(stage="visits", version=OLD, milliseconds=1),)})


@pytest.fixture
def told(flow: Settings, crew: Crew, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """After every story was read by the old reader, entered in the ledger and alerted."""
    monkeypatch.setattr(os, "environ", environment(flow) | {"VISITWIRE_NEWS_FOR": "0"})
    quoted = [story(str(number), day=number / STORIES) for number in range(STORIES)]
    send(flow, STORIES_QUOTED.name, map(STORIES_QUOTED.encode, quoted))
    old = read_by(OLD, "planned", "2025-05-01")
    send(flow, STORIES_ENRICHED.name, [STORIES_ENRICHED.encode(traced(old(one))) for one in quoted])
    crew.start("visitwire_alerting").ready()
    arrived(flow, ALERTS.name, STORIES, patience=300)
    return flow


def reading_now(monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    """Lets this process have a changed reader of visits, of the same release."""

    def handle(quoted: EnrichedStory) -> Iterable[EnrichedStory]:
        yield read(quoted)

    made = Stage("visits", STORIES_QUOTED, STORIES_ENRICHED, handle, version=NEW)
    monkeypatch.setattr(chain, "build_patient", lambda name, settings: made)


def reprocess(*arguments: str) -> tuple[int, dict[str, object]]:
    """The exit code of the command, and its report."""
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.stdout, result.output
    return result.exit_code, json.loads(result.stdout.splitlines()[0])


FROM = ("--from", "1d", "--stage", "visits")


def stand(settings: Settings) -> set[tuple[VisitStatus, str | None]]:
    """Every status and date that a visit has."""
    engine = open_database(settings.database.get_secret_value())
    try:
        visits = rebuild.standing(engine)
    finally:
        engine.dispose()
    assert len(visits) == STORIES
    return {(one.status, one.dates and one.dates.start) for one in visits}


def test_all_take_the_new_reading_and_nobody_is_alerted(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = read_by(NEW, "cancelled", "2025-06-01")
    seen = 0

    def stops_in_the_middle(quoted: EnrichedStory) -> EnrichedStory:
        nonlocal seen
        seen += 1
        if seen == STORIES // 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return cut(quoted)

    reading_now(monkeypatch, cut)
    dry = reprocess(*FROM, "--dry")[1]
    assert (dry["other_visits"], dry["visits_changed"], dry["alerts_held"]) == (
        STORIES,
        STORIES,
        {"corrected": STORIES},
    )
    assert stand(told) == {(VisitStatus.PLANNED, "2025-05-01")}
    assert len(standing(told, STORIES_ENRICHED.name)) == STORIES

    reading_now(monkeypatch, stops_in_the_middle)
    code, paused = reprocess(*FROM)
    assert (code, paused["done"]) == (1, False)
    assert STORIES // 2 <= int(str(paused["read"])) < STORIES
    code, report = reprocess("--resume", str(paused["run"]))
    assert (code, report["done"], report["read"], report["failed"]) == (0, True, STORIES, 0)
    assert (report["other_visits"], report["visits_changed"], report["alerts_told"]) == (STORIES, STORIES, {})
    assert report["alerts_held"] == dry["alerts_held"]
    assert stand(told) == {(VisitStatus.CANCELLED, "2025-06-01")}
    arrived(told, VISITS.name, 2 * STORIES, patience=300)
    assert len(standing(told, ALERTS.name)) == STORIES

    before = len(standing(told, STORIES_ENRICHED.name)), stand(told)
    _, second = reprocess(*FROM)
    assert (second["read"], second["left_out"]) == (0, {"read by this reader already": STORIES})
    assert (len(standing(told, STORIES_ENRICHED.name)), stand(told)) == before
    assert len(standing(told, VISITS.name)) == 2 * STORIES
    assert len(standing(told, ALERTS.name)) == STORIES
