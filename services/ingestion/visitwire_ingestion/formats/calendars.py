"""iCalendar (RFC 5545): one draft an event, by the icalendar library."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from visitwire_runtime import InvalidMessage

from visitwire_ingestion.formats.body import from_html, marked_up
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number
from visitwire_ingestion.formats.events import Event, tell


def read(text: str) -> list[Draft]:
    """The events of the calendar; to-dos and journals are none.

    Raises `InvalidMessage` where the calendar is broken or has no event.
    """
    from icalendar import Calendar  # 15 MB, and few wires send calendars

    try:
        calendars = Calendar.from_ical(_ended(text), multiple=True)
        drafts = [_draft(each) for calendar in calendars for each in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise InvalidMessage(f"The calendar is broken ({error}): ask its publisher for one of RFC 5545.") from error
    if not drafts:
        raise InvalidMessage("The calendar holds no event: check that it is the one you meant.")
    return drafts


def _ended(text: str) -> str:
    """The calendar with the ends that a transfer cut off."""
    opened, ended = (re.findall(rf"^{word}:(\w+)\s*$", text, re.IGNORECASE | re.MULTILINE) for word in ("BEGIN", "END"))
    return (
        text
        if len(opened) == len(ended)
        else text.rstrip()
        + "\n"
        + "".join(f"END:{name}\n" for name in reversed(opened) if opened.count(name) > ended.count(name))
    )


def _draft(event: object) -> Draft:
    made = Draft(type="event", preformatted=False)
    made.uri, made.headline = _one(event, "UID"), _one(event, "SUMMARY")
    sequence = number(_one(event, "SEQUENCE"))
    made.version = sequence + 1 if sequence is not None else None
    made.versioncreated = when(_time(event, "LAST-MODIFIED") or _time(event, "DTSTAMP"))
    made.firstcreated = when(_time(event, "CREATED")) or made.versioncreated
    words = _one(event, "DESCRIPTION") or ""
    told = Event(
        words=[from_html(words)[0] if marked_up(words) else words] if words else [],
        start=_said(_time(event, "DTSTART")),
        end=_said(_last(_time(event, "DTEND"))),
        places=[place for place in [_one(event, "LOCATION")] if place],
        status=(_one(event, "STATUS") or "").lower() or None,
    )
    made.text = made.headline or ""
    tell(made, told)
    return made


def _one(event: object, name: str) -> str | None:
    """The property's words, in one line; None when it is missing."""
    value = next(_values(event, name), None)
    return " ".join(str(value).split()) or None if value is not None else None


def _values(event: object, name: str) -> Iterator[object]:
    found = event.get(name) if isinstance(event, dict) else None
    yield from found if isinstance(found, list) else [] if found is None else [found]


def _time(event: object, name: str) -> object:
    """A datetime, or the date of an event that lasts whole days; the words where they break the standard."""
    value = next(_values(event, name), None)
    try:
        return getattr(value, "dt", None)
    except (ValueError, TypeError):
        return str(value)


def _last(time: object) -> object:
    """The last day: an event of whole days ends before the day that it names (RFC 5545, 3.6.1)."""
    return time - timedelta(days=1) if isinstance(time, date) and not isinstance(time, datetime) else time


def _said(time: object) -> str | None:
    return time.isoformat() if isinstance(time, date | datetime) else time if isinstance(time, str) else None
