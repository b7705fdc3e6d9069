"""Each case, a sentence or three, through the real chain: extraction, attribution and visits.

A case names the story's dateline and day and the visits it must give, no more and no fewer.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from visitwire_attribution.stage import attribute
from visitwire_extraction.stage import enrich_many, load
from visitwire_schemas import Dateline, EnrichedStory, Story, Visit
from visitwire_visits.stage import find

MODEL = "en_core_web_md"
FOLDER = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {case['name']}": case
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text())
}


def story_of(name: str, case: dict[str, Any]) -> Story:
    """The story of a case, filed at noon from its dateline."""
    noon = datetime.fromisoformat(case["date"]).replace(hour=12, tzinfo=UTC)
    dateline = Dateline(text=case["dateline"], place=case["dateline"].title())
    return Story(
        provider="golden",
        uri=name,
        received=noon,
        versioncreated=noon,
        headline=case.get("headline"),
        dateline=dateline,
        text=case["text"],
    )


def told(visit: Visit, case: dict[str, Any]) -> dict[str, str | bool | None]:
    """What a case compares of a visit; its host, and whether it is news, where the case says so."""
    source = visit.announced_by
    return {
        "visitor": visit.visitor.name or visit.visitor.label,
        "country": visit.visitor.country,
        "destination": visit.destination.country,
        "status": visit.status.value,
        "start": visit.dates.start if visit.dates else None,
        "announced_by": (source.name or source.label) if source else None,
        **({"focus": visit.focus} if any("focus" in want for want in case["visits"]) else {}),
        **({"host": visit.host and visit.host.name} if any("host" in want for want in case["visits"]) else {}),
    }


@pytest.fixture(scope="module")
def enriched() -> dict[str, EnrichedStory]:
    """Every case, parsed in one batch."""
    stories = [story_of(name, case) for name, case in CASES.items()]
    return {story.story.uri: find(attribute(story)) for story in enrich_many(stories, load(MODEL))}


@pytest.mark.parametrize("name", CASES)
def test_the_visits_of_a_case(enriched: dict[str, EnrichedStory], name: str) -> None:
    found = [told(visit, CASES[name]) for visit in enriched[name].visits]

    assert sorted(found, key=str) == sorted(CASES[name]["visits"], key=str)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 100
