"""What the model is asked: one instruction, the same for every story, and the story as JSON, which is data."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from visitwire_schemas import EnrichedStory, Entity, EntityKind
from visitwire_visits.filed import Filed

from visitwire_reader_llm.answer import SCHEMA

_LISTED = 40
"""People, and places, that are listed at most, the first named first."""


@cache
def instruction() -> str:
    """What the model is told, the same for every story."""
    return (files(__package__) / "instruction.txt").read_text("utf-8").strip()


@cache
def version() -> str:
    """Changes with every change of the instruction or of the schema."""
    asked = instruction() + json.dumps(SCHEMA, sort_keys=True)
    return "1-" + sha256(asked.encode()).hexdigest()[:8]


def content_of(story: EnrichedStory, longest: int) -> str:
    """The story as the user's message. A text longer than `longest` is cut, at the end of a line if one is near."""
    filed, said = Filed(story), story.story
    given: dict[str, Any] = {
        "day": filed.today.isoformat() if filed.today else None,
        "filed_from": filed.dateline.place or filed.dateline.text if filed.dateline else None,
        "headline": said.headline,
        "people": list(_listed(story, _person)),
        "places": list(_listed(story, _place)),
        "text": _cut(said.text, longest),
    }
    return json.dumps({name: value for name, value in given.items() if value}, ensure_ascii=False)


def digest_of(content: str) -> str:
    """What tells one story from another, and from its own next version, entities included."""
    return sha256(content.encode()).hexdigest()


def body_of(content: str, model: str, answer_tokens: int, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The request of the chat-completions protocol; a value None in `extra` takes a field away."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": instruction()}, {"role": "user", "content": content}],
        "temperature": 0,
        "max_tokens": answer_tokens,
        "stream": False,
        "response_format": {"type": "json_schema", "json_schema": {"name": "visits", "strict": True, "schema": SCHEMA}},
    } | dict(extra)
    return {name: value for name, value in body.items() if value is not None}


def _listed(story: EnrichedStory, row: Any) -> Iterator[dict[str, str]]:
    rows = (row(entity) for entity in story.entities)
    for _, found in zip(range(_LISTED), (each for each in rows if each is not None), strict=False):
        yield found


def _person(entity: Entity) -> dict[str, str] | None:
    if entity.kind not in (EntityKind.PERSON, EntityKind.ORGANIZATION):
        return None
    return _without_gaps(id=entity.id, name=entity.name, office=entity.office, country=entity.country)


def _place(entity: Entity) -> dict[str, str] | None:
    if entity.kind not in (EntityKind.COUNTRY, EntityKind.PLACE):
        return None
    return _without_gaps(id=entity.id, name=entity.name, country=entity.country)


def _without_gaps(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    line = text.rfind("\n", longest // 2, longest)
    return text[: line if line > 0 else longest]
