"""Stays, and a week of them laid out: each visit a bar over its days, what is only known to the month or less apart."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from visitwire_schemas import LedgerVisit, Precision, VisitStatus
from visitwire_schemas.day_range import days

LINES = 7
"""Bars over one another in a week; the rest is a number."""
TENTATIVE = {VisitStatus.INVITED, VisitStatus.ACCEPTED, VisitStatus.POSTPONED}
"""A visit in these may not happen when it says."""
OFF = {VisitStatus.CANCELLED, VisitStatus.POSTPONED}
VAGUE = {Precision.MONTH, Precision.QUARTER, Precision.YEAR}


@dataclass(frozen=True)
class Stay:
    """A visit and the days that it takes or may take."""

    visit: LedgerVisit
    first: date
    last: date
    stories: frozenset[str]
    """Those that report it, a text that several wires sent counted once."""
    digest: str = ""
    """Of the state of the visit that was read; by it what was drawn of it is found again."""

    def bare(self, digest: str) -> "Stay":
        """The same, without what a calendar does not show: most of its weight."""
        return replace(self, visit=self.visit.model_copy(update={"reports": (), "history": ()}), digest=digest)

    def order(self) -> tuple[date, int, str]:
        """By first day; of one day, the longest first."""
        return self._order

    @cached_property
    def _order(self) -> tuple[date, int, str]:
        return self.first, -(self.last - self.first).days, self.visit.id

    @cached_property
    def vague(self) -> bool:
        return self.visit.dates is not None and self.visit.dates.precision in VAGUE

    @cached_property
    def tentative(self) -> bool:
        return self.vague or self.visit.status in TENTATIVE

    @cached_property
    def off(self) -> bool:
        return self.visit.status in OFF


@dataclass(frozen=True)
class Bar:
    stay: Stay
    column: int
    """1 for Monday."""
    width: int
    line: int
    begins: bool
    """False where it goes on from the week before."""
    ends: bool


@dataclass(frozen=True)
class Week:
    days: tuple[date, ...]
    bars: tuple[Bar, ...]
    more: int
    """Bars that found no room."""


def stays(visits: Iterable[LedgerVisit]) -> list[Stay]:
    """The dated ones, by first day."""
    found = [Stay(visit, *window, _told_by(visit)) for visit in visits if (window := days(visit.dates)) is not None]
    return sorted(found, key=Stay.order)


def _told_by(visit: LedgerVisit) -> frozenset[str]:
    return frozenset(report.same_as or report.story for report in visit.reports)


def week(monday: date, known: Sequence[Stay]) -> Week:
    """The week with the bars of those known to the day; `known` are those that touch it, by first day."""
    row = tuple(monday + timedelta(days=number) for number in range(7))
    bars: list[Bar] = []
    free = [row[0]] * LINES
    more = at = 0
    while at < len(known):
        stay = known[at]
        first, last = max(stay.first, row[0]), min(stay.last, row[-1])
        line = next((number for number, day in enumerate(free) if day <= first), None)
        if line is None:
            # None of those has room that begin before a line is free again.
            with_room = bisect_left(known, min(free), lo=at, key=_first)
            more += with_room - at
            at = with_room
            continue
        at += 1
        free[line] = last + timedelta(days=1)
        width = (last - first).days + 1
        begins, ends = stay.first >= row[0], stay.last <= row[-1]
        bars.append(Bar(stay, (first - row[0]).days + 1, width, line + 1, begins, ends))
    return Week(row, tuple(bars), more)


def _first(stay: Stay) -> date:
    return stay.first
