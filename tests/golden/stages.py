"""What each stage makes of a golden case, as plain JSON: all that the case speaks of, and nothing else.

One function a stage, `(given, want) -> told`. `want` says of which fields a case speaks; it is None in a new case,
which asks for the usual ones.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_attribution.stage import attribute
from visitwire_extraction.stage import enrich_many
from visitwire_ingestion.formats import read
from visitwire_schemas import Alert, Dateline, EnrichedStory, Entity, Quote, Revision, Span, Story, Visit, WireItem
from visitwire_visits.stage import find

from tests.helpers.empty_ledgers import lay_out
from tests.helpers.factories import make_story
from tests.helpers.language_model import language_model
from tests.unit.alerting import makers

RECEIVED = datetime(2026, 3, 2, 11, tzinfo=UTC)


def parsed(story: Story) -> EnrichedStory:
    """The story as extraction leaves it."""
    return enrich_many([story], language_model())[0]


def ingestion(given: dict[str, Any], _want: Any) -> list[dict[str, Any]]:
    """The stories of an item, without what is the same for all. `given` has the item's lines and their encoding."""
    stories = read(WireItem(raw="\n".join(given["lines"]).encode(given["encoding"]), received=RECEIVED))
    dropped = {"received", "raw_digest"}
    return [story.model_dump(mode="json", exclude=dropped, exclude_defaults=True) for story in stories]


def as_lines(raw: bytes) -> dict[str, Any]:
    """A wire item as a case of ingestion has it."""
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            return {"encoding": encoding, "lines": raw.decode(encoding).split("\n")}
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes everything")


def extraction(given: dict[str, Any], want: dict[str, Any] | None) -> dict[str, Any]:
    """The entities that a case names, with the fields that it speaks of.

    `not_people` are names that may not be taken for people. A case that wants no people speaks of all that are named.
    """
    dateline = Dateline(text=given["dateline"]) if given["dateline"] else None
    story = parsed(make_story(given["text"], dateline=dateline, versioncreated=_noon(given["date"])))
    people = [entity for entity in story.entities if entity.kind == "person"]
    others = [entity for entity in story.entities if entity.kind != "person"]
    if want is None:
        return {
            "people": [_fields(story, one, ("name", "country", "office")) for one in people],
            "others": [_fields(story, one, ("kind", "name", "country")) for one in others],
            "not_people": [],
        }
    named = [{"name": one.name} for one in people if one.named]
    names = {one.name for one in people}
    return {
        "people": _wanted(story, people, want["people"]) if want["people"] else named,
        "others": _wanted(story, others, want["others"]),
        "not_people": [name for name in want["not_people"] if name not in names],
    }


def _wanted(story: EnrichedStory, entities: Sequence[Entity], want: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each entity that is wanted, the first of its name and kind, if there is one."""
    firsts = [(asked, next((one for one in entities if _is(one, asked)), None)) for asked in want]
    return [_fields(story, first, asked) for asked, first in firsts if first is not None]


def _is(entity: Entity, asked: dict[str, Any]) -> bool:
    return entity.name == asked["name"] and entity.kind == asked.get("kind", entity.kind)


def _fields(story: EnrichedStory, entity: Entity, names: Sequence[str] | dict[str, Any]) -> dict[str, Any]:
    dumped = entity.model_dump(mode="json")
    dumped["mentions"] = [story.story.text[mention.start : mention.end] for mention in entity.mentions]
    return {name: dumped.get(name) for name in names}


def attribution(given: dict[str, Any], _want: Any) -> list[dict[str, Any]]:
    """The quotes in words. `given` holds the parse, so that these cases need no language model."""
    fields = {"entities": given["entities"], "parse": given["parse"]}
    story = attribute(EnrichedStory.model_validate({"story": make_story(given["text"]).model_dump(), **fields}))
    names = {entity.id: entity.name for entity in story.entities}
    return [_in_words(story, quote, names) for quote in story.quotes]


def as_parsed(text: str) -> dict[str, Any]:
    """A text as a case of attribution has it: with its entities and its parse."""
    dumped = parsed(make_story(text)).model_dump(mode="json", exclude_defaults=True)
    return {"text": text, "entities": dumped.get("entities", []), "parse": dumped.get("parse", [])}


def _in_words(story: EnrichedStory, quote: Quote, names: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": quote.kind.value,
        "source": _words(story, quote.source),
        "cue": _words(story, quote.cue),
        "content": [story.story.text[span.start : span.end] for span in quote.content],
        "speaker": names.get(quote.speaker or ""),
        "speaker_kind": quote.speaker_kind and quote.speaker_kind.value,
    }


def _words(story: EnrichedStory, spans: tuple[Span, ...]) -> str:
    return " … ".join(story.story.text[span.start : span.end] for span in spans)


def visits(given: dict[str, Any], want: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """The visits of a story through the real chain, in the order of the case; host and focus if it speaks of them."""
    noon, place = _noon(given["date"]), given["dateline"]
    filed = {"versioncreated": noon, "received": noon, "headline": given.get("headline")}
    story = make_story(given["text"], dateline=Dateline(text=place, place=place.title()), **filed)
    extra = [name for name in ("focus", "host") if any(name in each for each in want or ())]
    told = [_as_told(visit, extra) for visit in find(attribute(parsed(story))).visits]
    order = [json.dumps(each) for each in want or ()]
    return sorted(told, key=lambda each: order.index(json.dumps(each)) if json.dumps(each) in order else len(order))


def _as_told(visit: Visit, extra: Sequence[str]) -> dict[str, Any]:
    source = visit.announced_by
    told = {
        "visitor": visit.visitor.name or visit.visitor.label,
        "country": visit.visitor.country,
        "destination": visit.destination.country,
        "status": visit.status.value,
        "start": visit.dates.start if visit.dates else None,
        "announced_by": (source.name or source.label) if source else None,
    }
    more = {"focus": visit.focus, "host": visit.host and visit.host.name}
    return told | {name: more[name] for name in extra}


def alerting(given: list[dict[str, Any]], _want: Any) -> list[str]:
    """The alerts of stories one after the other, as "N KINDS", where N counts the visits.

    `given` has the fields of `makers.story`.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/a.sqlite"
        lay_out(url)
        engine = open_database(url)
        for one in given:
            record(engine, [_reported(one)])
        with reading(engine) as connection:
            bodies = connection.execute(select(alerts.c.body).order_by(alerts.c.number)).scalars()
            told = [Alert.model_validate_json(body) for body in bodies]
        engine.dispose()
    subjects = list(dict.fromkeys(alert.subject for alert in told))
    return [f"{subjects.index(alert.subject) + 1} {', '.join(alert.data.change.kinds)}" for alert in told]


def _reported(said: dict[str, Any]) -> EnrichedStory:
    """A story from the fields of `makers.story` and `makers.visit`; `when` is a visit's first and last day."""
    fields = {name: value for name, value in said.items() if name not in ("uri", "visits")}
    revision = Revision(said.get("revision", "new"))
    return makers.story(said["uri"], *map(_visit, said.get("visits", ())), **fields | {"revision": revision})


def _visit(said: dict[str, Any]) -> Visit:
    return makers.visit(**said | ({"when": makers.dates(*said["when"])} if "when" in said else {}))


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


TOLD: dict[str, Callable[[Any, Any], Any]] = {
    "ingestion": ingestion,
    "extraction": extraction,
    "attribution": attribution,
    "visits": visits,
    "alerting": alerting,
}
"""What a stage tells of a case, by the name of the stage and of its folder."""
