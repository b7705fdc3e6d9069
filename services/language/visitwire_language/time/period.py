"""What an expression of time means against the day of the story: calendar arithmetic, no language.

A `Period` is as precise as the words are. Weeks begin on Monday, but on a Sunday "this week" is the one that follows
and "last week" the one that ends, as English-language wires use them.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from visitwire_schemas import Precision

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, known to `precision`; a week counts as two days, its first and its last."""

    start: date
    end: date | None
    precision: Precision = Precision.DAY

    def written(self) -> tuple[str, str | None]:
        """Start and end in ISO 8601, no more precise than known."""
        return _write(self.start, self.precision), _write(self.end, self.precision) if self.end else None

    @property
    def last(self) -> date:
        """The last day it may stretch to."""
        end = self.end or self.start
        if self.precision is Precision.YEAR:
            return date(end.year, 12, 31)
        if self.precision is Precision.QUARTER:
            return add_months(end.replace(day=1), 3) - DAY
        if self.precision is Precision.MONTH:
            return end.replace(day=monthrange(end.year, end.month)[1])
        return end


def _write(day: date, precision: Precision) -> str:
    if precision is Precision.YEAR:
        return f"{day.year:04d}"
    return f"{day:%Y-%m}" if precision in (Precision.MONTH, Precision.QUARTER) else day.isoformat()


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def weekday_near(today: date, weekday: int, forward: bool | None) -> date:
    """The weekday (Monday is 0) that is meant: the next when looking forward, else the last; today counts.

    Where the tense does not tell, the last: news is mostly of what happened.
    """
    ahead = (weekday - today.weekday()) % 7
    if forward:
        return today + ahead * DAY
    return today - (-ahead % 7) * DAY


def week_of(today: date, weeks: int) -> Period:
    """The calendar week `weeks` from now."""
    base = today + DAY if today.weekday() == 6 else today
    monday = base - base.weekday() * DAY + 7 * weeks * DAY
    return Period(monday, monday + 6 * DAY)


def weekend_of(today: date, weeks: int) -> Period:
    """Saturday and Sunday of the week `weeks` from now; on a Sunday, the weekend that ends is weekend 0."""
    monday = today - today.weekday() * DAY + 7 * weeks * DAY
    return Period(monday + 5 * DAY, monday + 6 * DAY)


def month_near(today: date, month: int, forward: bool | None) -> date:
    """The first day of the month that is meant when no year is given; the running month counts either way."""
    years = (today.year - 1, today.year, today.year + 1)
    firsts = [date(year, month, 1) for year in years]
    this = today.replace(day=1)
    if forward is True:
        return next(first for first in firsts if first >= this)
    if forward is False:
        return next(first for first in reversed(firsts) if first <= this)
    return min(firsts, key=lambda first: abs((first - this).days))


def day_near(today: date, month: int, day: int, forward: bool | None) -> date | None:
    """The day that is meant when no year is given, None where no year has it.

    A few days on the wrong side of the story are allowed for: "will visit on March 3" may be a day old.
    """
    days = [made for year in (today.year - 1, today.year, today.year + 1) if (made := make_date(year, month, day))]
    slack = 10 * DAY
    if forward is True:
        days = [made for made in days if made >= today - slack] or days
        return days[0] if days else None
    if forward is False:
        days = [made for made in days if made <= today + slack] or days
        return days[-1] if days else None
    return min(days, key=lambda made: abs((made - today).days)) if days else None


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
