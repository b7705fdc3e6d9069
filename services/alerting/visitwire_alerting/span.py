"""Dates as wires give them ("2025-03", "the second quarter"), as first and last day."""

from datetime import date, timedelta
from functools import lru_cache

from visitwire_schemas import Precision, VisitDates

type Days = tuple[date, date]

_MONTHS = {Precision.QUARTER: 3, Precision.YEAR: 12}
FINENESS = {Precision.NONE: 0, Precision.YEAR: 1, Precision.QUARTER: 2, Precision.MONTH: 3, Precision.DAY: 4}


def days(dates: VisitDates | None) -> Days | None:
    """The first and the last day that the dates allow; None where they say nothing that can be placed."""
    return None if dates is None or dates.start is None else _between(dates.start, dates.end, dates.precision)


@lru_cache(maxsize=4_096)
def _between(first: str, last: str | None, precision: Precision) -> Days | None:
    """Asked for every report of a visit, several times, whenever another comes."""
    try:
        start = _days(first, precision)
        end = _days(last, Precision.NONE) if last else start
    except ValueError:
        return None
    return start[0], max(start[1], end[1])


def _days(partial: str, precision: Precision) -> Days:
    parts = [int(part) for part in partial[:10].split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    first = date(parts[0], parts[1] if len(parts) == 2 else 1, 1)
    months = _MONTHS.get(precision, 1 if len(parts) == 2 else 12) if len(parts) == 2 else 12
    return first, _after_months(first, months) - timedelta(days=1)


def _after_months(first: date, months: int) -> date:
    month = first.month - 1 + months
    year = first.year + month // 12
    return date(year, month % 12 + 1, 1) if year <= date.max.year else date.max


def gap(one: Days, other: Days) -> int:
    """Days between two periods, 0 where they overlap."""
    return max(0, (other[0] - one[1]).days, (one[0] - other[1]).days)


def fineness(dates: VisitDates | None) -> int:
    """How precisely dates are given, 0 to 4."""
    if dates is None or dates.start is None:
        return 0
    length = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(dates.start), Precision.DAY)
    return FINENESS[dates.precision if dates.precision is not Precision.NONE else length]
