"""Points in time as the wires write them: one reader for every format and language."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from visitwire_ingestion.formats.iso_times import NO_TIME, UNIX, YEARS, iso, unix
from visitwire_ingestion.formats.months import month
from visitwire_ingestion.formats.zones import place_zone, zone_named

_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
MONTHS: dict[str, int] = {
    form: number
    for names in reversed(_MONTHS)
    for number, name in enumerate(names.split(), start=1)
    for form in (name, name[:3], name[:4])
}
"""Month names of datelines, in full and cut to three or four letters; English wins a clash."""
_DAY_MONTH = re.compile(r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?(?: de)? (?P<m>[^\W\d]+)\.?(?:,? (?:de )?(?P<y>\d{4}))?$")
_MONTH_DAY = re.compile(r"^(?P<m>[^\W\d]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<y>\d{4}))?$")
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª|ης|-?го)?"
_DAYS = (
    re.compile(
        r"(?P<w>[^\W\d_]{3,12})\s+(?P<d>\d{1,2})"
        r"(?=\s+\d\d:\d\d(?::\d\d)?(?:\s+[A-Z]{1,5}|\s+[+-]\d{4})?\s+(?P<y>\d{4})$)"
    ),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/]|\.\s?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d\d(?![\d:]))(?!\d)"),
    re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?:(?P<y>\d{4})\s?[年년]\s?)?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]?"),
    re.compile(
        rf"(?<![\d:.])(?P<d>\d{{1,2}}){_ORDINAL}[\s-]+(?:(?:de|of)\s+)?(?P<w>[^\W\d_]{{2,12}})\.?"
        r"(?:,?[\s-]+(?:(?:de|del)\s+)?(?P<y>\d{4}|\d\d(?![\d:.h]|\s*(?:uhr|hrs?\b|[ap]\.?m\b))))?(?!:?\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<w>[^\W\d_]{{3,12}})\.?\s+(?P<d>\d{{1,2}}){_ORDINAL}(?![\d:])(?:,?\s+(?P<y>\d{{4}})(?!\d))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<y>\d{4})\.?\s+(?P<w>[^\W\d_]{3,12})\.?\s+(?P<d>\d{1,2})\.?(?![\d:])"),
)
"""A day somewhere in the words; `a` and `b` are day and month in the order that their size allows, or none."""
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<h>\d{1,2})(?:[:.h](?P<m>\d\d)(?:[:.](?P<s>\d\d)(?:[.,]\d+)?)?)?(?![\d:])\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?|uhr\b|hrs?\b|o'clock\b)?\s*\(?"
    r"(?P<zone>(?:(?:GMT|UTC)\s?)?[+-]\d{1,2}(?::?\d\d)?(?!\d)|[A-Z][a-z]+/[A-Z][a-z_]+|[A-Za-z]{1,5}\b)?",
    re.IGNORECASE,
)
_FOUR = re.compile(r"(?<![\d.:+-])(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?!\d)\s*(?:hrs?\b|h\b)?\s*(?P<zone>[A-Z]{1,5}\b)?")
"""0001, 1830 GMT: the clock of desks."""


@dataclass(frozen=True)
class Clock:
    """A time of day in words, with the zone it names."""

    hour: int
    minute: int
    second: int = 0
    zone: tzinfo | None = None
    named: str | None = None
    """The word that stands where a zone would, where it is none that is known."""

    def on(self, day: date) -> datetime:
        """That time of the day, without a zone; 24:00 is the next day's first second."""
        start = datetime(day.year, day.month, day.day)
        return start + timedelta(hours=self.hour, minutes=self.minute, seconds=self.second)


def when(value: object, zone: tzinfo = UTC, country: str | None = None) -> datetime | None:
    """The instant that `value` says, or None when it says none that is sure.

    Reads ISO 8601 in its long and compact forms, RFC 2822, days and months in the order and language of the country
    that wrote them, and Unix seconds or milliseconds. A time without a zone is in `zone`; a date without a time is its
    first second; a zone that several countries have is that of `country`.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return unix(value)
    text = _plain(value) if isinstance(value, str) else ""
    if not text or len(text) > 64:
        return None
    made = unix(text) if UNIX.match(text) else iso(text, zone, country) or _worded(text, zone, country)
    return None if made == NO_TIME else made


def _plain(value: str) -> str:
    """In one line, with what a leap second, a midnight at the day's end or a Korean clock says in common notation."""
    text = re.sub(r"(?<=:\d\d:)60\b", "59", " ".join(value.split()))
    text = re.sub(r"오전\s?(\d{1,2}:\d\d(?::\d\d)?)", r"\1 am", text)
    return re.sub(r"오후\s?(\d{1,2}:\d\d(?::\d\d)?)", r"\1 pm", text)


def unknown_zone(value: str | None, country: str | None = None) -> str | None:
    """The zone that a time names and nobody can be sure of ("IST" without a country), or None."""
    text = " ".join((value or "").split())[:64]
    found = find_day(text)
    clock = find_clock(found[1], country) if found else None
    return clock.named if clock else None


def _worded(text: str, zone: tzinfo, country: str | None) -> datetime | None:
    found = find_day(text)
    if found is None:
        return None
    day, rest = found
    clock = find_clock(rest, country)
    if clock is None:
        return None if re.search(r"\d", rest) else _instant(day, Clock(0, 0), zone)
    return None if clock.named else _instant(day, clock, zone)


def _instant(day: date, clock: Clock, zone: tzinfo) -> datetime | None:
    try:
        made = clock.on(day).replace(tzinfo=clock.zone or zone)
        made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return made


def find_day(text: str, near: date | None = None) -> tuple[date, str] | None:
    """The first day in the words, and the words without it; one without a year only where `near` tells which."""
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            number, second = _number_and_month(parts)
            made = _dated(parts.get("y"), second, number, near) if second else None
            if made:
                return made, f"{text[: found.start()]} {text[found.end() :]}"
    return None


def _number_and_month(parts: dict[str, str | None]) -> tuple[int, int | None]:
    if "a" in parts:
        one, other = int(parts["a"] or 0), int(parts["b"] or 0)
        if one > 12 >= other or one == other:
            return one, other
        return (other, one) if other > 12 >= one else (0, None)
    return int(parts["d"] or 0), int(parts["m"] or 0) if "m" in parts else month(parts["w"] or "")


def _dated(year: str | None, second: int, number: int, near: date | None) -> date | None:
    if year:
        full = int(year) + 2000 if len(year) == 2 else int(year)
        return _date(full, second, number) if full in YEARS else None
    years = [near.year + step for step in (-1, 0, 1)] if near else []
    days = [made for each in years if (made := _date(each, second, number))]
    return min(days, key=lambda each: abs(each - near) if near else timedelta(0), default=None)


def find_clock(text: str, country: str | None = None) -> Clock | None:
    """The first time of day in the words: 18:00, 18.00 Uhr, 6 p.m., 0001 GMT."""
    for pattern in (_CLOCK, _FOUR):
        for found in pattern.finditer(text):
            parts = found.groupdict()
            half = (parts.get("half") or "").lower()
            if parts["m"] is None and not half:
                continue  # a number alone is not a time
            hour = int(parts["h"])
            if half[:1] in ("a", "p"):
                hour = hour % 12 + (12 if half[0] == "p" else 0)
            if int(parts["m"] or 0) < 60 and (hour < 24 or (hour == 24 and not int(parts["m"] or 0))):
                return _zoned(Clock(hour, int(parts["m"] or 0), int(parts.get("s") or 0)), parts["zone"], country)
    return None


def _zoned(clock: Clock, said: str | None, country: str | None) -> Clock:
    if not said:
        return clock
    if "/" in said:
        return replace(clock, zone=place_zone(said), named=None if place_zone(said) else said)
    shift = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", said)
    if shift:
        span = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0))
        named: tzinfo | None = timezone(-span if shift[1] == "-" else span) if span < timedelta(hours=24) else None
    else:
        named = zone_named(said, country) if said.isupper() or said.lower() in ("gmt", "utc") else None
    unsure = said if named is None and (shift or said.isupper()) else None
    return Clock(clock.hour, clock.minute, clock.second, named, unsure)


_AHEAD = timedelta(days=3)
"""Clocks differ, and a story may be sent for the morning after."""


def day(words: str, near: date | None = None) -> date | None:
    """The day that words such as "March 27", "27 mars" or "2 Jan. 2014" name.

    Where they give no year it is the one that brings the day closest to `near`, but not beyond a few days after it, as
    nobody files a story ahead of its time; without `near` the answer is None.
    """
    found = _MONTH_DAY.match(words.strip()) or _DAY_MONTH.match(words.strip())
    number = MONTHS.get(found["m"].lower()) if found else None
    made = _dated(found["y"], number, int(found["d"]), near) if found and number else None
    if made and near and found and not found["y"] and made - near > _AHEAD:
        return _date(made.year - 1, made.month, made.day)
    return made


def _date(year: int, second: int, number: int) -> date | None:
    try:
        return date(year, second, number)
    except ValueError:
        return None
