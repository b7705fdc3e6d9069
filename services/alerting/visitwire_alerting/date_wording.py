"""Days and times as people write them."""

import calendar
from datetime import UTC, date, datetime

from visitwire_schemas import Precision, VisitDates
from visitwire_schemas.day_range import days


def dates_words(dates: VisitDates | None) -> str:
    """ "26–28 Mar 2026", "March 2026", "2nd quarter of 2026", "2026"; "" when nothing can be placed."""
    window = days(dates)
    if dates is None or window is None:
        return ""
    first, last = window
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole and dates.precision is Precision.QUARTER:
        return f"{_ordinal((first.month + 2) // 3)} quarter of {first.year}"
    if whole and dates.precision is not Precision.DAY:
        return _months(first, last)
    return days_words(first, last)


def _months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first:%b} – {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} – {last:%b %Y}"


def days_words(first: date, last: date) -> str:
    """ "26 Mar 2026", "26–28 Mar 2026", "30 Mar – 2 Apr 2026"."""
    if first == last:
        return f"{first.day} {first:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b %Y}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{start} – {last.day} {last:%b %Y}"


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


def time_words(at: datetime) -> str:
    """ "2 Mar 2026, 09:41 UTC"."""
    here = at.astimezone(UTC)
    return f"{here.day} {here:%b %Y, %H:%M} UTC"
