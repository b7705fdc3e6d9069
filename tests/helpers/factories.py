"""Small messages for tests. Name only the fields that the test is about."""

from datetime import UTC, datetime
from typing import Any

from visitwire_schemas import (
    Announcer,
    Destination,
    EnrichedStory,
    Evidence,
    Parse,
    Party,
    Story,
    Visit,
    VisitDates,
    VisitStatus,
    WireItem,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "President Lucas Andrade has accepted an invitation to visit India, Foreign Minister Helena Duarte said."


def make_item(raw: bytes | str = "", **fields: Any) -> WireItem:
    """A wire item from "testwire", received at noon."""
    body = raw.encode() if isinstance(raw, str) else raw
    return WireItem(**{"raw": body, "provider": "testwire", "received": NOON} | fields)


def make_story(text: str = TEXT, **fields: Any) -> Story:
    """A usable first version from "testwire", published and received at noon."""
    given = {"provider": "testwire", "uri": "s1", "versioncreated": NOON, "received": NOON, "text": text}
    return Story(**given | fields)


def make_visit(visitor: str = "Lucas Andrade", country: str = "IN", **fields: Any) -> Visit:
    """Andrade (BR) to India: accepted, no date, on Duarte's word."""
    given = {
        "visitor": Party(name=visitor, label="President", country="BR"),
        "destination": Destination(country=country),
        "status": VisitStatus.ACCEPTED,
        "dates": VisitDates(),
        "announced_by": Announcer(name="Helena Duarte", label="Foreign Minister"),
        "evidence": (Evidence(start=0, end=len(TEXT)),),
    }
    return Visit(**given | fields)


def make_enriched(story: Story | None = None, **fields: Any) -> EnrichedStory:
    """A story with the layers given; without a parse, as after the visits stage."""
    return EnrichedStory(story=story or make_story(), **fields)


def make_parse(*tokens: tuple[str, str, str, int], text: str) -> Parse:
    """A parse of one sentence of `text` from (word, pos, dep, head); a lemma is the word in lower case."""
    start, here = [], 0
    for word, *_ in tokens:
        here = text.index(word, here)
        start.append(here)
        here += len(word)
    return Parse(
        start=tuple(start),
        end=tuple(first + len(word) for first, (word, *_) in zip(start, tokens, strict=True)),
        lemma=tuple(word.lower() for word, *_ in tokens),
        pos=tuple(pos for _, pos, _, _ in tokens),
        tag=tuple(pos for _, pos, _, _ in tokens),
        dep=tuple(dep for _, _, dep, _ in tokens),
        head=tuple(head for *_, head in tokens),
        sent_start=(0,),
    )
