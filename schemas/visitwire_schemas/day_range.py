"""Dates as wires give them ("2025-03", "the second quarter"), as first and last day."""

from datetime import date

from visitwire_schemas.visit import Precision, VisitDates

type Days = tuple[date, date]

FINENESS = {Precision.NONE: 0, Precision.YEAR: 1, Precision.QUARTER: 2, Precision.MONTH: 3, Precision.DAY: 4}


def days(dates: VisitDates | None) -> Days | None:
    """The first and the last day that the dates allow; None where they say nothing that can be placed."""
    return None if dates is None else dates.days


def gap(one: Days, other: Days) -> int:
    """Days between two periods, 0 where they overlap."""
    return max(0, (other[0] - one[1]).days, (one[0] - other[1]).days)


def fineness(dates: VisitDates | None) -> int:
    """How precisely dates are given, 0 to 4."""
    if dates is None or dates.start is None:
        return 0
    length = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(dates.start), Precision.DAY)
    return FINENESS[dates.precision if dates.precision is not Precision.NONE else length]
