"""Visits as a calendar that others subscribe to (RFC 5545, RFC 7986)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration, vText
from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import LedgerVisit, VisitStatus
from visitwire_schemas.day_range import days

from visitwire_gateway.model.lanes import OVER
from visitwire_gateway.month import OFF, TENTATIVE, VAGUE
from visitwire_gateway.wording import LANE_WORDS, STATUS_WORDS, dates_words, party_words, summary

REFRESH = timedelta(minutes=15)
END = b"END:VCALENDAR\r\n"
FORBIDDEN = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), 0x7F])
"""RFC 5545 knows no control characters in a text but the tab and the end of a line; telexes and mails do."""


@dataclass(frozen=True)
class CalendarHead:
    """What a calendar says beside its visits."""

    link: str
    """The board's address."""
    source: str
    """The calendar's own."""
    name: str = "Official visits"
    vanish: bool = True
    """Whether what is off has the status CANCELLED, with which some calendars take an event away without a word; else
    its title alone says so."""


def calendar(visits: Iterable[LedgerVisit], told: CalendarHead, over: Container[str] = ()) -> bytes:
    """An all-day event for each visit that can be placed in time; a visit without any date makes none.

    `over` are the ids of the visits that are past and were not told to be over. It has no METHOD: with one it would be
    a message between an organizer and attendees (RFC 5546), and an organizer would be missing.
    """
    return bound((event_text(visit, told.link, visit.id in over, told.vanish) for visit in visits), told)


def bound(events: Iterable[bytes], about: CalendarHead) -> bytes:
    """The calendar of these events' texts."""
    made = Calendar()
    made.add("prodid", "-//Visitwire//Visits//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    name = vText(about.name.translate(FORBIDDEN))  # or the library, which knows neither property, escapes nothing
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("description", "Official visits that the wires announce")
    made.add("url", about.link)
    made.add("source", about.source, parameters={"VALUE": "URI"})
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    told = b"".join(events) or _universal_time().to_ical()
    whole: bytes = made.to_ical()
    return whole.removesuffix(END) + told + END


def event_text(visit: LedgerVisit, link: str, over: bool, vanish: bool = True) -> bytes:
    """The visit's event as it stands in a calendar; empty where it has no date. For `vanish` see `CalendarHead`."""
    event = _event(visit, link, over, vanish)
    return b"" if event is None else event.to_ical()


def _universal_time() -> Timezone:
    """RFC 5545 allows no calendar without a component, and strict readers refuse one: this stands in for no visits."""
    zone, always = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    always.add("dtstart", datetime(1970, 1, 1))
    always.add("tzoffsetfrom", timedelta(0))
    always.add("tzoffsetto", timedelta(0))
    zone.add_component(always)
    return zone


def standing(visit: LedgerVisit) -> str:
    """RFC 5545 knows three: what is known to the month only, or not firm, is tentative; what is put off for dates that
    nobody has named yet will not be on the old ones."""
    if visit.status is VisitStatus.CANCELLED or _put_off(visit):
        return "CANCELLED"
    vague = visit.dates is not None and visit.dates.precision in VAGUE
    return "TENTATIVE" if vague or visit.status in TENTATIVE else "CONFIRMED"


def _put_off(visit: LedgerVisit) -> bool:
    """Postponed, and still with the dates that it had before."""
    if visit.status is not VisitStatus.POSTPONED:
        return False
    before = [days(entry.dates) for entry in visit.history if entry.status is not VisitStatus.POSTPONED]
    return not before or before[-1] == days(visit.dates)


def _event(visit: LedgerVisit, link: str, over: bool, vanish: bool) -> Event | None:
    window = days(visit.dates)
    if window is None:
        return None
    country = country_name(visit.destination.country)
    event = Event()
    event.add("uid", f"{visit.id}@visitwire")
    event.add("dtstamp", visit.updated)
    event.add("last-modified", visit.updated)
    event.add("sequence", visit.revision - 1)
    event.add("dtstart", window[0])
    event.add("dtend", window[1] + timedelta(days=1))
    event.add("summary", _title(visit, country).translate(FORBIDDEN))
    event.add("location", ", ".join(filter(None, (visit.destination.place, country))).translate(FORBIDDEN))
    event.add("description", _told(visit).translate(FORBIDDEN))
    event.add("url", f"{link.rstrip('/')}/visits/{visit.id}")
    event.add("status", _status(visit, vanish))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")  # Outlook goes by these
    event.add("x-microsoft-cdo-alldayevent", "TRUE")
    event.add("categories", [LANE_WORDS[OVER] if over else STATUS_WORDS[visit.status]])
    return event


def _status(visit: LedgerVisit, vanish: bool) -> str:
    status = standing(visit)
    return "TENTATIVE" if status == "CANCELLED" and not vanish else status


def _title(visit: LedgerVisit, country: str) -> str:
    """ "Called off: Anil Kapadia (Foreign Minister) to Rome, Italy"."""
    off = f"{STATUS_WORDS[visit.status]}: " if visit.status in OFF else ""
    name, label = visit.visitor.name, visit.visitor.label
    office = f" ({label})" if name and label and label != name else ""
    who, _, where = summary(visit, country).partition(" to ")
    vague = visit.dates is not None and visit.dates.precision in VAGUE
    return f"{off}{who}{office} to {where}" + (f" (some time in {dates_words(visit.dates)})" if vague else "")


def _told(visit: LedgerVisit) -> str:
    lines = [f"{STATUS_WORDS[visit.status]}. {party_words(visit.visitor)}."]
    if visit.host is not None:
        lines.append(f"Guest of {party_words(visit.host)}.")
    lines += [f"{report.provider}: {report.sentence}" for report in visit.reports[-3:]]
    return "\n".join(lines)
