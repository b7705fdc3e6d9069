"""From when on a reader wants to know what changed, in their own zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request

EVENING = time(18)
"""When a desk goes home: who kept no mark is told what changed since then, yesterday."""
ZONE = "zone"
"""The cookie in which our pages say the browser's zone."""
WORD = "yesterday"
AGO = re.compile(r"(\d{1,3})(h|d)")


@dataclass(frozen=True)
class ReadUpTo:
    """How far somebody has read: up to that event of that life of the read model, as they said at a time."""

    life: str
    number: int
    until: datetime


type Since = ReadUpTo | datetime


class NoTime(ValueError):
    """What was given as a time is none, in words."""


def zone_of(request: Request) -> ZoneInfo:
    """The browser's zone, as a page of ours told it; UTC until one did."""
    try:
        return ZoneInfo(request.cookies.get(ZONE, "UTC"))
    except (KeyError, ValueError, OSError):  # no such zone, a name that is none, a folder of zones
        return ZoneInfo("UTC")


def today(request: Request, now: datetime) -> date:
    """The day that it is where the reader is."""
    return now.astimezone(zone_of(request)).date()


def yesterday_evening(now: datetime, zone: ZoneInfo) -> datetime:
    here = now.astimezone(zone)
    return datetime.combine(here.date() - timedelta(days=1), EVENING, zone).astimezone(UTC)


def since_of(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The time that an address names: "yesterday" (18:00), "12h", "7d", a day, or a time, the reader's own where it
    says no zone. Raises `NoTime`."""
    if text == WORD:
        return yesterday_evening(now, zone)
    if found := AGO.fullmatch(text):
        return now - timedelta(**{"hours" if found[2] == "h" else "days": int(found[1])})
    try:
        given = datetime.fromisoformat(text)
        at = (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or not 1900 <= at.year <= 2200:
        raise NoTime(
            f"after: {text[:40]!r} is not a time; write it as yesterday, 12h, 7d, 2026-03-27 or 2026-03-27T18:00."
        )
    return at
