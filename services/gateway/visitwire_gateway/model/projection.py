"""From a record on a topic to rows of the read model: pure, the same in one process and on Kafka."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from visitwire_alerting.service import released
from visitwire_schemas import (
    ALERTS,
    FLOW,
    REPORTS,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    DeadLetter,
    EnrichedStory,
    Entity,
    LedgerVisit,
    Party,
    Precision,
    PubStatus,
    Quote,
    Record,
    Revision,
)
from visitwire_schemas.day_range import days

from visitwire_gateway.model.lanes import lane_of
from visitwire_gateway.model.sql_tables import Values, stamp

LETTER_TOPICS = {row.dead_letters.name: row.dead_letters for row in FLOW}
TOPICS = (STORIES_ENRICHED.name, VISITS.name, REPORTS.name, ALERTS.name, *LETTER_TOPICS)
"""What the gateway reads."""


@dataclass(frozen=True)
class StoryRows:
    story: Values
    quotes: tuple[Values, ...] = ()
    entities: tuple[Values, ...] = ()


@dataclass(frozen=True)
class VisitRow:
    id: str
    visit: Values | None
    """None when nothing supports the visit any more."""
    stories: frozenset[str] = frozenset()
    """The keys of those that report it."""


@dataclass(frozen=True)
class ChangeRow:
    change: Values


@dataclass(frozen=True)
class LetterRow:
    letter: Values


@dataclass(frozen=True)
class JoinRow:
    story: str
    body: str | None
    """None when the story reports no visit any more."""


type Rows = JoinRow | StoryRows | VisitRow | ChangeRow | LetterRow


def project(topic: str, record: Record) -> Rows | None:
    """The rows that a record stands for; None where the gateway has no use for it.

    Raises ValueError when the record does not carry its topic's message.
    """
    if topic == VISITS.name:
        if record.value is None:
            return VisitRow((record.key or b"").decode(), None)
        visit = VISITS.decode(record)
        return VisitRow(visit.id, visit_values(visit), stories_of(visit))
    if topic == REPORTS.name:
        body = None if record.value is None else REPORTS.decode(record).model_dump_json()
        return JoinRow((record.key or b"").decode(), body)
    if record.value is None:
        return None
    if topic == STORIES_ENRICHED.name:
        return story_rows(STORIES_ENRICHED.decode(record))
    if topic == ALERTS.name:
        return change_row(ALERTS.decode(record))
    if topic in LETTER_TOPICS:
        return letter_row(LETTER_TOPICS[topic].decode(record))
    return None


def stories_of(visit: LedgerVisit) -> frozenset[str]:
    """The keys of the stories that report it."""
    return frozenset(report.story for report in visit.reports)


def visit_values(visit: LedgerVisit) -> Values:
    window = days(visit.dates)
    body = visit.model_dump_json()
    return {
        "id": visit.id,
        "revision": visit.revision,
        "digest": hashlib.sha256(body.encode()).hexdigest()[:16],
        "lane": lane_of(visit),
        "status": visit.status.value,
        "visitor": _party(visit.visitor),
        "who": _party(visit.visitor).casefold(),
        "visitor_country": visit.visitor.country,
        "host": _party(visit.host),
        "host_country": visit.host.country if visit.host else None,
        "country": visit.destination.country,
        "place": visit.destination.place,
        "first_day": window[0].isoformat() if window else None,
        "last_day": window[1].isoformat() if window else None,
        "precision": (visit.dates.precision if visit.dates else Precision.NONE).value,
        "updated": stamp(visit.updated),
        "sources": visit.sources_independent,
        "confidence": visit.confidence,
        "focus": visit.focus,
        "disputed": visit.is_disputed,
        "providers": " ".join(["", *sorted({report.provider for report in visit.reports}), ""]),
        "words": _words(visit),
        "body": body,
    }


def _party(party: Party | None) -> str:
    return "" if party is None else " ".join(filter(None, (party.label, party.name)))


def _words(visit: LedgerVisit) -> str:
    parts = [_party(visit.visitor), _party(visit.host), visit.destination.place or ""]
    parts += [report.headline or "" for report in visit.reports]
    parts += [visit.announced_by.name or "" if visit.announced_by else ""]
    return " ".join(filter(None, parts)).casefold()


def story_rows(enriched: EnrichedStory) -> StoryRows:
    """The story with its layers, and its quotes and entities for the search.

    Of a killed or withheld story only the notice remains: its text is nobody's to show.
    """
    story = enriched.story
    usable = story.pubstatus is PubStatus.USABLE and story.revision is not Revision.KILL
    if not usable:
        gone = story.model_copy(update={"text": "", "html": None, "abstract": None})
        enriched = EnrichedStory(story=gone, trace=enriched.trace)
    shared = {
        "story": story.key,
        "published": stamp(story.published),
        "embargoed": stamp(story.embargoed) if story.embargoed else None,
    }
    entities = {entity.id: entity for entity in enriched.entities}
    return StoryRows(
        {
            "key": story.key,
            "provider": story.provider,
            "uri": story.uri,
            "version": story.version,
            "published": shared["published"],
            "received": stamp(story.received),
            "embargoed": shared["embargoed"],
            "headline": story.headline or story.text.partition("\n")[0][:120],
            "revision": story.revision.value,
            "usable": usable,
            "visits": len(enriched.visits),
            "milliseconds": json.dumps({trace.stage: trace.milliseconds for trace in enriched.trace}),
            "body": enriched.model_copy(update={"parse": None}).model_dump_json(),
        },
        tuple(
            shared | _quote(number, quote, entities, story.text, story.key)
            for number, quote in enumerate(enriched.quotes)
        ),
        tuple(shared | _entity(entity, story.key) for entity in enriched.entities),
    )


def _quote(number: int, quote: Quote, entities: dict[str, Entity], text: str, key: str) -> Values:
    speaker = entities.get(quote.speaker or "")
    source = " ".join(text[span.start : span.end] for span in quote.source)
    about = [
        entity.name
        for entity in entities.values()
        if any(span.start <= one.start < span.end for span in quote.content for one in entity.mentions)
    ]
    return {
        "id": f"{key}#q{number}",
        "number": number,
        "kind": quote.kind.value,
        "speaker": speaker.name if speaker else source or None,
        "speaker_country": speaker.country if speaker else None,
        "speaker_office": speaker.office if speaker else None,
        "about": "; ".join(about),
        "text": " ".join(text[span.start : span.end] for span in quote.content),
        "confidence": quote.confidence,
    }


def _entity(entity: Entity, key: str) -> Values:
    return {
        "id": f"{key}#{entity.id}",
        "kind": entity.kind.value,
        "name": entity.name,
        "country": entity.country,
        "office": entity.office,
        "wikidata": entity.wikidata,
        "mentions": len(entity.mentions),
        "salience": entity.salience,
    }


def change_row(alert: Alert) -> ChangeRow | None:
    """A change of a visit; what alerts-v1 carries for one subscription only is none of everybody's business."""
    if alert.data.subscription is not None:
        return None
    kind, held = alert.data.change.kind.value, released(alert)
    return ChangeRow(
        {
            "id": alert.id,
            "visit": alert.data.visit.id,
            "kind": kind,
            "at": stamp(alert.time),
            "heard": stamp(alert.time),
            "embargoed": stamp(held) if held else None,
            "body": alert.model_dump_json(),
        }
    )


def heard(rows: Rows, at: datetime) -> Rows:
    """The rows of a record that came at that time: until this says so, a change is taken to have come when it was."""
    return replace(rows, change=rows.change | {"heard": stamp(at)}) if isinstance(rows, ChangeRow) else rows


def letter_row(letter: DeadLetter) -> LetterRow:
    return LetterRow(
        {
            "id": letter.id,
            "stage": letter.stage,
            "reason": letter.reason,
            "at": stamp(letter.at),
            "replayed": None,
            "body": letter.model_dump_json(),
        }
    )
