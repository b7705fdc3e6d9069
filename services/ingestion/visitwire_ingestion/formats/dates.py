"""Points in time as the wires write them: one reader for every format and language."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from visitwire_ingestion.formats.days import YEARS, find_day
from visitwire_ingestion.formats.zones import place_zone, zone_named

_COMPACT = re.compile(
    r"^(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:[T ]?\s?(?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d)(?:[.,](?P<f>\d+))?)?)?"
    r"\s*(?P<z>[A-Z]{1,5}|[+-]\d\d:?(?:\d\d)?)?$"
)
_UNIX = re.compile(r"^(?:1\d{9}|\d{9})(?:\.\d{1,9})?$|^1\d{12}$")
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""What software writes that has no time at hand."""
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
        return _unix(value)
    text = _plain(value) if isinstance(value, str) else ""
    if not text or len(text) > 64:
        return None
    made = _unix(text) if _UNIX.match(text) else _iso(text, zone, country) or _worded(text, zone, country)
    return None if made == _NO_TIME else made


def _plain(value: str) -> str:
    """In one line, with what a leap second, a midnight at the day's end or a Korean clock says in common notation."""
    text = re.sub(r"(?<=:\d\d:)60\b", "59", " ".join(value.split()))
    text = re.sub(r"오전\s?(\d{1,2}:\d\d(?::\d\d)?)", r"\1 am", text)
    return re.sub(r"오후\s?(\d{1,2}:\d\d(?::\d\d)?)", r"\1 pm", text)


def _unix(value: float | str) -> datetime | None:
    """The instant of Unix seconds or milliseconds; None where it is in no year that news is of."""
    try:
        value = float(value)
        made = datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return made if made.year in YEARS and made != _NO_TIME else None


def _iso(text: str, zone: tzinfo, country: str | None = None) -> datetime | None:
    """The instant in ISO 8601; None for other notations, and for a zone that nobody can be sure of."""
    found = _COMPACT.match(text)
    if not found or int(found["y"]) not in YEARS:
        return None
    year, number, day_, hour, minute, second = (int(found[name] or 0) for name in ("y", "m", "d", "h", "mi", "s"))
    named = _offset(found["z"]) or zone_named(found["z"] or "", country)
    if found["z"] and named is None:
        return None
    if hour == 24 and (minute or second):
        return None
    micro = int((found["f"] or "0")[:6].ljust(6, "0"))
    try:
        made = datetime(year, number, day_, hour % 24, minute, second, micro, named or zone)
        made += timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta(0)
        made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return made


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "GMT", "UTC"):
        return UTC
    if text.isalpha():
        return None
    digits = text[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if shift >= timedelta(hours=24):
        return None
    return timezone(-shift if text[0] == "-" else shift)


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
