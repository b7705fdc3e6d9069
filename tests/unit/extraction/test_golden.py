"""Every rule of the entities, on a short invented text that fools the naive reading."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from visitwire_extraction.stage import enrich_many
from visitwire_schemas import Dateline, EnrichedStory, Entity

from tests.helpers.factories import make_story

CASES = sorted((Path(__file__).parents[2] / "golden" / "extraction").glob("*.json"))


def _story(given: dict[str, Any]) -> Any:
    dateline = Dateline(text=given["dateline"]) if given["dateline"] else None
    when = datetime.fromisoformat(f"{given['date']}T12:00:00+00:00")
    return make_story(given["text"], dateline=dateline, versioncreated=when)


def _as_wanted(story: EnrichedStory, entity: Entity, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entity that the case speaks of, mentions as words."""
    got: dict[str, Any] = {name: getattr(entity, name, None) for name in wanted}
    if "mentions" in wanted:
        got["mentions"] = [story.story.text[mention.start : mention.end] for mention in entity.mentions]
    return got


def _best(story: EnrichedStory, entities: Sequence[Entity], wanted: dict[str, Any]) -> dict[str, Any] | None:
    named = [entity for entity in entities if entity.name == wanted["name"]]
    return _as_wanted(story, named[0], wanted) if named else None


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, nlp: Language) -> None:
    given = json.loads(case.read_text("utf-8"))
    story = enrich_many([_story(given["story"])], nlp)[0]
    people = [entity for entity in story.entities if entity.kind == "person"]
    others = [entity for entity in story.entities if entity.kind != "person"]
    assert [_best(story, people, wanted) for wanted in given["people"]] == given["people"]
    assert [
        _best(story, [one for one in others if one.kind == wanted["kind"]], wanted) for wanted in given["others"]
    ] == given["others"]
    assert not {entity.name for entity in people} & set(given["not_people"])
    if not given["people"]:
        assert [entity.name for entity in people if entity.named] == []
