"""Invented visits, stories and changes for the tests of the gateway."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from visitwire_gateway.model.projection import Rows, project
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import (
    ALERTS,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    AlertData,
    Change,
    ChangeKind,
    DeadLetter,
    Destination,
    EnrichedStory,
    Entity,
    EntityKind,
    Evidence,
    HistoryEntry,
    LedgerVisit,
    Mention,
    Party,
    Precision,
    Quote,
    QuoteKind,
    Record,
    Report,
    Span,
    Story,
    Trace,
    Visit,
    VisitDates,
    VisitStatus,
    dead_letters,
)

NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)
DEAD = dead_letters("ingestion")


def dates(start: str, end: str | None = None, precision: Precision = Precision.DAY) -> VisitDates:
    return VisitDates(text=start, start=start, end=end, precision=precision)


def visit(id: str = "v1", **fields: Any) -> LedgerVisit:
    """Modi's invented visit to Rome, accepted, as one wire told it; `fields` say what is different."""
    updated = fields.get("updated", NOW)
    status = fields.get("status", VisitStatus.ACCEPTED)
    report = Report(
        provider="nordwire",
        uri=f"urn:nw:{id}",
        version=1,
        published=updated,
        headline="Minister accepts invitation",
        status=status,
        dates=fields.get("dates"),
        sentence="The minister has accepted the invitation.",
    )
    entry = HistoryEntry(
        at=updated,
        change=ChangeKind.ACCEPTED,
        status=status,
        dates=fields.get("dates"),
        provider=report.provider,
        uri=report.uri,
    )
    given: dict[str, Any] = {
        "revision": 1,
        "visitor": Party(name="Anil Kapadia", label="Foreign Minister", country="IN"),
        "destination": Destination(country="IT", place="Rome"),
        "host": Party(name="Carla Neri", label="Prime Minister", country="IT"),
        "status": status,
        "reports": (report,),
        "history": (entry,),
        "updated": updated,
    }
    return LedgerVisit(id=id, **given | fields)


def alert(after: LedgerVisit, kind: ChangeKind = ChangeKind.ACCEPTED, before: LedgerVisit | None = None) -> Alert:
    data = AlertData(visit=after, change=Change(kind=kind, before=before), evidence=after.reports[-1:])
    name = f"{after.id}-{after.revision}"
    return Alert(id=name, type=f"org.visitwire.visit.{kind.value}", subject=after.id, time=after.updated, data=data)


TEXT = 'ROME, March 27 - Carla Neri said she would welcome him.\n\n"The door is open," the prime minister said.'


def story(uri: str = "urn:nw:v1", **fields: Any) -> EnrichedStory:
    """A story of two paragraphs with one speaker, two quotes and one visit."""
    given: dict[str, Any] = {
        "provider": "nordwire",
        "uri": uri,
        "received": NOW,
        "versioncreated": NOW,
        "headline": "Minister accepts invitation",
        "text": TEXT,
    }
    neri = Entity(
        id="e1",
        kind=EntityKind.PERSON,
        name="Carla Neri",
        country="IT",
        office="Prime Minister",
        mentions=(_at("Carla Neri"), _at("she"), _at("the prime minister")),
    )
    rome = Entity(id="e2", kind=EntityKind.PLACE, name="Rome", country="IT", mentions=(_at("ROME"),))
    return EnrichedStory(
        story=Story(**given | fields),
        entities=(neri, rome),
        quotes=(
            Quote(
                kind=QuoteKind.INDIRECT, content=(_span("she would welcome him"),), cue=(_span("said"),), speaker="e1"
            ),
            Quote(kind=QuoteKind.DIRECT, content=(_span("The door is open,"),), speaker="e1"),
        ),
        visits=(
            Visit(
                visitor=Party(name="Anil Kapadia", country="IN"),
                destination=Destination(country="IT"),
                status=VisitStatus.ACCEPTED,
                evidence=(Evidence(**_span("she would welcome him").model_dump(), quote=0),),
            ),
        ),
        trace=(Trace(stage="extraction", version="1", milliseconds=40.0),),
    )


def _at(words: str) -> Mention:
    return Mention(**_span(words).model_dump())


def _span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


def letter(id: str = "d1", **fields: Any) -> DeadLetter:
    given: dict[str, Any] = {
        "stage": "ingestion",
        "reason": "The file is empty.",
        "error": "InvalidMessage",
        "topic": "wire-items-v1",
        "key": "nordwire",
        "raw": b"bm90aGluZw==",
        "raw_size": 7,
        "raw_digest": "0" * 64,
        "at": NOW,
    }
    return DeadLetter(id=id, **given | fields)


def rows(*messages: LedgerVisit | Alert | EnrichedStory | DeadLetter) -> list[Rows]:
    """What the projection makes of the messages' records."""
    made = [project(*carried(message)) for message in messages]
    return [one for one in made if one is not None]


def carried(message: LedgerVisit | Alert | EnrichedStory | DeadLetter) -> tuple[str, Record]:
    """The record that carries a message, and its topic."""
    match message:
        case LedgerVisit():
            return VISITS.name, VISITS.encode(message)
        case Alert():
            return ALERTS.name, ALERTS.encode(message)
        case EnrichedStory():
            return STORIES_ENRICHED.name, STORIES_ENRICHED.encode(message)
        case DeadLetter():
            return DEAD.name, DEAD.encode(message)


COUNTRIES = ("IN", "IT", "BR", "KE", "JP", "NO", "VN", "EG", "PL", "CL")
NAMES = ("Anil Kapadia", "Carla Neri", "Lucas Prado", "Wanjiru Mbeki", "Ken Aoyama", "Siri Dahl")


def many(count: int) -> list[LedgerVisit]:
    """Visits of every lane, country and precision."""
    statuses = list(VisitStatus)
    made = []
    for number in range(count):
        day = date(2026, 3, 1) + timedelta(days=number % 45)
        when = dates(day.isoformat(), (day + timedelta(days=number % 3)).isoformat()) if number % 4 else None
        if number % 11 == 1:
            when = dates("2026-04", precision=Precision.MONTH)
        made.append(
            visit(
                f"m{number}",
                status=statuses[number % len(statuses)],
                dates=when,
                visitor=Party(
                    name=NAMES[number % len(NAMES)], label="Minister of Trade", country=COUNTRIES[number % 10]
                ),
                destination=Destination(country=COUNTRIES[(number * 3 + 1) % 10]),
                updated=NOW - timedelta(hours=number),
            )
        )
    return made


def fill(engine: Engine, count: int = 60) -> None:
    """A board to look at."""
    visits = many(count)
    write(engine, rows(*visits, *(alert(one) for one in visits), story(uri=visits[0].reports[0].uri), letter()))
