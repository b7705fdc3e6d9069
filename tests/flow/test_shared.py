"""Real wire files and the seed story, where they lie beside the repository; nothing of them is in it."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from visitwire_runtime import AnyStage
from visitwire_runtime.embedded import run
from visitwire_schemas import (
    ALERTS,
    STORIES_ENRICHED,
    ChangeKind,
    EnrichedStory,
    Entity,
    Quote,
    Span,
    Visit,
    WireItem,
)

from tests.helpers.factories import make_item
from tests.helpers.lacking import SHARED, unless

DATA = Path(__file__).parents[3] / "shared/data"
FORMATS = ("nitf", "newsml-g2", "ninjs-1.x", "newsml-1.2", "anpa1312", "iptc7901")
EACH = 4
"""Files taken of a format."""

pytestmark = unless(DATA.is_dir(), SHARED)


def _wire_files() -> list[Path]:
    entries = json.loads((DATA / "wire-dev/expected.json").read_text("utf-8"))["entries"]
    by_format: dict[str, list[Path]] = {}
    for entry in entries:
        path = DATA / "wire-dev" / entry["fixture_repo"].replace("/", "+") / entry["path"]
        known = by_format.setdefault(entry["format"], [])
        if path.is_file() and path not in known:
            known.append(path)
    return [path for name in FORMATS for path in sorted(by_format.get(name, []))[:EACH]]


def test_real_wire_files_of_several_formats_become_enriched_events(
    suite: Callable[..., list[AnyStage]], tmp_path: Path
) -> None:
    files = _wire_files()
    assert len(files) >= 10
    items = [make_item(path.read_bytes(), provider="unknown", name=path.name) for path in files]
    produced = run(suite("visits"), items, spool=tmp_path)
    assert [letter.reason for letter in produced.dead] == []
    enriched = produced.messages(STORIES_ENRICHED)
    assert len(enriched) >= len(files)
    assert [each.story.uri for each in enriched if not each.story.text and not each.story.headline] == []
    assert sum(len(each.entities) for each in enriched) > 50


@pytest.fixture(scope="module")
def want() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "seed/expected.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def seed(language: dict[str, AnyStage], want: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    from visitwire_runtime.settings import Settings
    from visitwire_suite.stages import STAGES, build

    raw = (DATA / "seed/story.txt").read_bytes()
    item = WireItem(raw=raw, provider="seed", received=datetime.fromisoformat(want["published"]))
    settings = Settings(data_dir=tmp_path_factory.mktemp("seed"))
    stages = [language[name] if name in language else build(name, settings) for name in STAGES]
    return run(stages, [item], spool=settings.spool)


@pytest.fixture(scope="module")
def enriched(seed: Any) -> EnrichedStory:
    (found,) = seed.messages(STORIES_ENRICHED)
    assert isinstance(found, EnrichedStory)
    return found


def _words(enriched: EnrichedStory, spans: Iterable[Span]) -> str:
    return " ".join(enriched.story.text[span.start : span.end] for span in spans)


def _entity(enriched: EnrichedStory, kind: str, name: str) -> Entity | None:
    return next((each for each in enriched.entities if (each.kind, each.name) == (kind, name)), None)


def test_the_seed_story_names_everybody(enriched: EnrichedStory, want: dict[str, Any]) -> None:
    for asked in want["entities"]:
        entity = _entity(enriched, asked["kind"], asked["name"])
        assert entity is not None, asked
        assert entity.country == asked.get("country", entity.country), asked
        assert asked.get("office", "") in (entity.office or ""), asked
        forms = {_words(enriched, [mention]) for mention in entity.mentions}
        assert set(asked.get("also", ())) <= forms, asked


def _quote(enriched: EnrichedStory, asked: dict[str, Any]) -> Quote | None:
    def fits(quote: Quote) -> bool:
        return asked["content"] in _words(enriched, quote.content) and asked["cue"] in _words(enriched, quote.cue)

    return next((quote for quote in enriched.quotes if fits(quote)), None)


def test_the_seed_story_says_who_said_what(enriched: EnrichedStory, want: dict[str, Any]) -> None:
    names = {entity.id: entity.name for entity in enriched.entities}
    for asked in want["quotes"]:
        quote = _quote(enriched, asked)
        assert quote is not None, asked
        assert (quote.kind, names.get(quote.speaker or "")) == (asked["kind"], asked["speaker"]), asked


def _short(visit: Visit) -> dict[str, Any]:
    return {
        "visitor": (visit.visitor.name, visit.visitor.country),
        "destination": visit.destination.country,
        "status": visit.status,
        "dates": (visit.dates.start, visit.dates.precision) if visit.dates else (None, "none"),
        "announced_by": visit.announced_by and visit.announced_by.name,
        "focus": visit.focus,
    }


def test_the_seed_story_has_exactly_its_two_visits(enriched: EnrichedStory, want: dict[str, Any]) -> None:
    expected = [
        {
            "visitor": (visit["visitor"]["name"], visit["visitor"]["country"]),
            "destination": visit["destination"]["country"],
            "status": visit["status"],
            "dates": (visit["dates"]["start"], visit["dates"]["precision"]),
            "announced_by": visit["announced_by"]["name"],
            "focus": visit["focus"],
        }
        for visit in want["visits"]
    ]
    assert [_short(visit) for visit in enriched.visits] == expected
    host = enriched.visits[0].host
    assert host is not None
    assert {"name": host.name, "country": host.country} == want["visits"][0]["host"]


def test_the_seed_story_brings_one_alert(seed: Any, want: dict[str, Any]) -> None:
    asked = want["visits"][0]
    (alert,) = seed.messages(ALERTS)
    visit, (report, *_) = alert.data.visit, alert.data.evidence
    assert alert.data.change.kind is ChangeKind.ACCEPTED
    assert (visit.visitor.name, visit.destination.country) == (
        asked["visitor"]["name"],
        asked["destination"]["country"],
    )
    assert visit.dates is None or visit.dates.start is None
    assert report.announced_by is not None
    assert report.announced_by.name == asked["announced_by"]["name"]
    assert want["quotes"][0]["content"] in report.sentence
