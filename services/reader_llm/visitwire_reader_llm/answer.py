"""What the model is to answer, as a JSON Schema and as data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from visitwire_schemas import VisitStatus

MOST = 12
"""Visits that one story is believed to tell of; the seeds and the golden cases know of no more than six."""
LONGEST = 600
"""Characters of an answer's field; longer evidence is no quotation but a copy of the story."""
_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(?P<inside>.*?)\n\s*```\s*\Z", re.DOTALL)

_WORDS = {"type": "string"}
_OPEN = {"type": ["string", "null"]}
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "evidence": _WORDS,
    "visitor": _WORDS,
    "destination": _WORDS,
    "status": {"type": "string", "enum": [status.value for status in VisitStatus]},
    "date": _OPEN,
    "host": _OPEN,
    "source": _OPEN,
    "news": {"type": "boolean"},
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["visits"],
    "properties": {
        "visits": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(_FIELDS),
                "properties": _FIELDS,
            },
        }
    },
}
"""In the subset that servers with strict structured output take: every field required, none beside them."""


class Claim(BaseModel):
    """One visit as the model tells it: nothing of it is believed yet."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", str_max_length=LONGEST)

    evidence: str
    """Words copied from the story."""
    visitor: str
    """The id of somebody in the list, or words of the story."""
    destination: str
    status: VisitStatus
    date: str | None = None
    """Words copied from the story."""
    host: str | None = None
    source: str | None = None
    news: bool = True

    def __str__(self) -> str:
        return f"{self.visitor!r} to {self.destination!r}, {self.status.value}"


@dataclass(frozen=True)
class Answer:
    """What a reply holds: claims in the shape asked for, and how many were in none."""

    claims: tuple[Claim, ...]
    misshapen: int = 0


class Unusable(Exception):
    """A reply is no answer; the message says in a few words why."""


def answer_in(content: str) -> Answer:
    """The claims in a reply's text, also where a server without structured output fences it. Raises `Unusable`."""
    fenced = _FENCED.match(content)
    try:
        given = json.loads(fenced["inside"] if fenced else content)
    except (ValueError, RecursionError):
        raise Unusable("it is not JSON") from None
    rows = given.get("visits") if isinstance(given, dict) else None
    if not isinstance(rows, list):
        raise Unusable("it has no list of visits")
    found = [claim for row in rows[:MOST] if (claim := _claim(row)) is not None]
    return Answer(tuple(found), len(rows) - len(found))


def _claim(row: object) -> Claim | None:
    """The row as a claim; None where it is none, or where a field is longer than anything that is quoted."""
    try:
        return Claim.model_validate_json(json.dumps(row))
    except ValidationError:
        return None
