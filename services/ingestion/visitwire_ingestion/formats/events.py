"""What is planned, as a story's words: name, description, dates, place and status of an event or a planning item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from visitwire_schemas import Place

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.elements import Element, attribute, every, first, name, text_at, words

type Json = Mapping[str, object]
_STATUS = {
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "eocstat:eos6": "cancelled",
    "eos6": "cancelled",
    "postponed": "postponed",
    "rescheduled": "rescheduled",
    "eocstat:eos1": "unplanned",
    "eocstat:eos5": "planned, occurs certainly",
    "tentative": "tentative",
    "confirmed": "confirmed",
}


@dataclass
class Event:
    """One event, as its format tells it."""

    name: str | None = None
    words: list[str] = field(default_factory=list)
    """Paragraphs that describe it."""
    start: str | None = None
    end: str | None = None
    places: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    status: str | None = None


def tell(made: Draft, event: Event) -> None:
    """Makes headline, text and places of the draft from the event, where the format itself found none."""
    made.headline = made.headline or event.name
    lines = [made.text, *event.words] if made.text else list(event.words)
    status = _STATUS.get((event.status or "").lower(), event.status)
    facts = {
        "When": _span(event.start, event.end),
        "Where": ", ".join(dict.fromkeys(event.places)),
        "Who": ", ".join(dict.fromkeys(event.people)),
        "Status": status,
    }
    lines += [f"{label}: {said}" for label, said in facts.items() if said]
    made.text = "\n".join(dict.fromkeys(line for each in lines for line in each.split("\n") if line.strip()))
    known = {each.name for each in made.places}
    made.places += [Place(name=each) for each in dict.fromkeys(event.places) if each not in known]


def _span(start: str | None, end: str | None) -> str | None:
    first, last = _day(start), _day(end)
    return first if not last or last == first else f"{first} to {last}" if first else last


def _day(text: str | None) -> str | None:
    """ "October 5, 2026", as readers of English write it; the wire's words where they are no day."""
    made = when(text)
    day: date | None = made.date() if isinstance(made, datetime) else None
    return f"{day:%B} {day.day}, {day.year}" if day else text


def g2_events(element: Element) -> list[Event]:
    """The events that a NewsML-G2 concept, knowledge or planning item is about; [] for other items.

    Where there are several, and in a news item, which has a headline of its own, each opens with its name.
    """
    if name(element) == "planningItem":
        return [Event(words=list(_coverages(element)), start=text_at(element, "contentMeta/contentCreated"))]
    concepts = [
        each for each in element.iter() if name(each) in ("concept", "event")
    ]  # a news item has them in its body
    details = [(each, first(each, "eventDetails")) for each in concepts]
    found = [_g2(each, inner) for each, inner in details if inner is not None]
    if len(found) > 1 or name(element) == "newsItem":
        for each in found:
            each.words = [*([each.name] if each.name else []), *each.words]
    return found


def _g2(concept: Element, details: Element) -> Event:
    status = first(details, "occurStatus")
    return Event(
        name=text_at(concept, "name"),
        words=[said for each in every(concept, "definition") if (said := words(each))],
        start=text_at(details, "dates/start") or text_at(details, "dates/confirmation"),
        end=text_at(details, "dates/end"),
        places=[said for each in every(details, "location") if (said := text_at(each, "name"))],
        people=[
            said
            for kind in ("participant", "organiser")
            for each in every(details, kind)
            if (said := text_at(each, "name") or attribute(each, "literal"))
        ],
        status=text_at(status, "name") or attribute(status, "qcode"),
    )


def _coverages(element: Element) -> Iterator[str]:
    """What the desk plans, a coverage a line."""
    for planning in every(element, "newsCoverageSet/newsCoverage/planning"):
        said = [text_at(planning, kind) for kind in ("headline", "description", "edNote")]
        scheduled = _day(text_at(planning, "scheduled"))
        line = ". ".join(each.rstrip(".") for each in said if each)
        if line or scheduled:
            yield f"{line} ({scheduled})" if line and scheduled else line or f"Scheduled: {scheduled}"


def json_event(value: Json) -> Event | None:
    """The event of Superdesk's planning, or of ninjs 3; None for an object that is neither."""
    if value.get("type") not in ("event", "planning") and "eventDetails" not in value:
        return None
    details = _object(value.get("eventDetails"))
    dates = _object(value.get("dates")) or _object(details.get("dates"))
    made = Event(
        name=_text(value, "name", "headline", "slugline"),
        start=_text(dates, "start", "startDate", "expectedStartDate") or _text(value, "planning_date"),
        end=_text(dates, "end", "endDate", "expectedEndDate"),
        status=_status(value) or _status(details),
    )
    for key in ("definition_long", "definition_short", "description_text", "ednote", "body_text"):
        made.words += [from_html(said)[0]] if (said := _text(value, key)) else []
    for source in (value, details):
        made.places += list(_places(source.get("location")))
        for key in ("participants", "participant", "organiser", "organisers"):
            made.people += [said for each in _objects(source.get(key)) if (said := _text(each, "name"))]
    for each in _objects(value.get("coverages")) + _objects(value.get("newsCoverages")):
        planned = _object(each.get("planning")) or each
        keys = ("headline", "description_text", "ednote", "edNote")
        made.words += [said_ for key in keys if (said_ := _text(planned, key))]
    return made


def _status(value: Json) -> str | None:
    found = value.get("occur_status", value.get("eventStatus", value.get("occurStatus")))
    named = _text(_object(found), "name", "label", "qcode") or (found if isinstance(found, str) else None)
    state = _text(value, "state")
    return state if state in ("cancelled", "postponed", "rescheduled") else named


def _places(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()
    for each in _objects(value) or [_object(value)]:
        address = _object(each.get("address"))
        for said in (_text(each, "name"), _text(address, "locality", "city"), _text(address, "country")):
            if said:
                yield said


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Json, *keys: str) -> str | None:
    return next((found for key in keys if isinstance(found := value.get(key), str) and found.strip()), None)
