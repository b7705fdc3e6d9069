"""The hour at which an embargo ends, in the words that announce it; where they leave two open, the later one."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from visitwire_ingestion.formats.dates import find_clock, find_day, when

_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT?\s?\d\d:?\d\d(?::?\d\d)?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)")
_GLUED = re.compile(
    r"(?<=\d)(?=(?:GMT|UTC|BST|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\b)", re.IGNORECASE
)
_FOUR = re.compile(r"(?<![\d.:/+-])([01]\d|2[0-3])([0-5]\d)(?![\d:./-])")
_NOON = re.compile(r"\b(?:12\s?)?(?:noon|midday)\b", re.IGNORECASE)
_CALLED = (
    r"\b(?:kl\.?|klo|alle(?: ore)?|ore|ora|godz\.?|saat|a las|às|στις|בשעה|الساعة)\s+(?P<a>\d{1,2})(?![\d:h]|\.\d)"
)
_COUNTED = (
    r"(?P<half>午後|下午|오후\s?)?(?<![\d.:])(?P<b>\d{1,2})\s?"
    r"(?:óra\w*|horas?\b|hod\b|uur\b|h\b|時|时|點|点|시)(?!\s?\d)"
)
_HOUR = re.compile(rf"{_CALLED}|{_COUNTED}", re.IGNORECASE)
"""An hour without minutes, as most languages but English write it."""
_CLOCKS = (
    (r"\b(?:uhr|uur|mez|mesz|alle|godz)\b|\bkl(?:\.|\b)|\bóra", "Europe/Berlin"),
    (r"\bklo\b", "Europe/Helsinki"),
    (r"\b(?:мск|по москве|московск\w+)\b", "Europe/Moscow"),
    (r"\b(?:saat|tsi|tsİ)\b", "Europe/Istanbul"),
    (r"時|解禁", "Asia/Tokyo"),
    (r"시", "Asia/Seoul"),
    (r"时|点", "Asia/Shanghai"),
    (r"\b(?:uk|london) time\b", "Europe/London"),
    (r"בשעה", "Asia/Jerusalem"),
    (r"(?-i:\bET\b)|\beastern time\b", "America/New_York"),
    (r"(?-i:\bCT\b)|\bcentral time\b", "America/Chicago"),
    (r"(?-i:\bPT\b)|\bpacific time\b", "America/Los_Angeles"),
)
"""Whose clock the words are, where they name no zone."""
_EITHER = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?:(?P=sep)(?P<y>\d{4}|\d\d))?(?!\d)")
_SHORT = re.compile(r"(?<!\d)(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.(?!\s?\d{2})")
_WEEKDAYS = (
    *(r"mon(?:day)?|montag|lundi|lunes", r"tue(?:s(?:day)?)?|dienstag|mardi|martes"),
    *(r"wed(?:nesday)?|mittwoch|mercredi|miércoles", r"thu(?:rs(?:day)?)?|donnerstag|jeudi|jueves"),
    *(r"fri(?:day)?|freitag|vendredi|viernes", r"sat(?:urday)?|samstag|sonnabend|samedi|sábado"),
    r"sun(?:day)?|sonntag|dimanche|domingo",
)
_WEEKDAY = tuple(re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for names in _WEEKDAYS)
_ANY = date(2000, 1, 1)
_HALF_A_YEAR = timedelta(days=180)
_EARLIEST = timezone(timedelta(hours=-12))
"""Where a day ends last. An hour without a zone is taken there, so that nothing is passed on too early."""


def until(said: str, zone: tzinfo | None, near: date | None) -> datetime | None:
    """The hour in the words; None where there is no day, or no hour that is sure.

    `near` is the day on which it was said: a day without a year, or the name of one, is one to come.
    """
    if written := _INSTANT.search(said):
        return when(re.sub(r"\s*(?:GMT|UTC)$", "Z", written[0]))
    found = _day(_plain(said, near), near)
    if found is None:
        return None
    day, rest = found
    clock = find_clock(rest)
    if clock is None:
        return None if re.search(r"\d", rest) else datetime.combine(day, time(23, 59, 59), zone or _EARLIEST)
    spoken = next((ZoneInfo(name) for words, name in _CLOCKS if re.search(words, said, re.IGNORECASE)), None)
    return clock.on(day).replace(tzinfo=clock.zone or spoken or zone or _EARLIEST).astimezone(UTC)


def tells_day(line: str) -> bool:
    """Whether the line names a day."""
    return _day(_plain(line, _ANY), _ANY) is not None


def is_time(line: str, most: int = 3) -> bool:
    """Whether the line below a bare label says when, and nothing else: the day of the visit would be the wrong one.

    `most`: how many other words it may have.
    """
    found = _day(_plain(line, _ANY), _ANY)
    return found is not None and len(re.findall(r"[^\W\d_]{3,}", found[1])) <= most


def _plain(said: str, near: date | None) -> str:
    """The words with their hours as everybody writes them: "0600GMT 5OCT" is "06:00 GMT 5 OCT", noon 12:00."""

    def clock(found: re.Match[str]) -> str:
        year = near is not None and abs(int(found[0]) - near.year) < 2
        return found[0] if year else f"{found[1]}:{found[2]}"

    def hour(found: re.Match[str]) -> str:
        number = int(found["a"] or found["b"])
        return f"{number + 12 if found['half'] and number < 12 else number}:00 "

    return _FOUR.sub(clock, _HOUR.sub(hour, _NOON.sub("12:00", _GLUED.sub(" ", said))))


def _day(said: str, near: date | None) -> tuple[date, str] | None:
    """The day, and the words without it."""
    found = find_day(said, near + _HALF_A_YEAR if near else None)
    return found or _numbered(said, near) or (_named(said, near) if near else None)


def _numbered(said: str, near: date | None) -> tuple[date, str] | None:
    """5.10., 5/10, 10/5/2026: where both orders are days, the later one."""
    found = _SHORT.search(said) or _EITHER.search(said)
    if not found:
        return None
    one, other, year = int(found["a"]), int(found["b"]), found.groupdict().get("y")
    orders = ((one, other),) if "." in found[0] else ((one, other), (other, one))
    days = [made for number, month in orders if (made := _made(year, month, number, near))]
    if not days or (near and max(days) < near):
        return None
    return max(days), f"{said[: found.start()]} {said[found.end() :]}"


def _made(year: str | None, month: int, number: int, near: date | None) -> date | None:
    if year is None and near is None:
        return None
    full = int(year) % 100 + 2000 if year else near.year if near else 0
    try:
        made = date(full, month, number)
        return made.replace(year=full + 1) if near and year is None and made < near else made
    except ValueError:
        return None


def _named(said: str, near: date) -> tuple[date, str] | None:
    """Monday is the next one; on a Monday nobody can be sure which."""
    for weekday, pattern in enumerate(_WEEKDAY):
        if (found := pattern.search(said)) and (ahead := (weekday - near.weekday()) % 7):
            return near + timedelta(days=ahead), f"{said[: found.start()]} {said[found.end() :]}"
    return None
