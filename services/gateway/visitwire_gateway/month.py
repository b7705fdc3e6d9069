"""A month laid out: weeks of days, each visit a bar over its days, what is only known to the month or less apart; where
somebody is due in two places at once, and which capitals are busy."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from visitwire_schemas import LedgerVisit, Precision, VisitStatus
from visitwire_schemas.day_range import days

from visitwire_gateway.wording import TENTATIVE

LINES = 7
"""Bars over one another in a week; the rest is a number."""
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

    def bare(self) -> "Stay":
        """The same, without what a calendar does not show: most of its weight."""
        return replace(self, visit=self.visit.model_copy(update={"reports": (), "history": ()}))

    def order(self) -> tuple[date, int, str]:
        """By first day; of one day, the longest first."""
        return self.first, -(self.last - self.first).days, self.visit.id

    @property
    def vague(self) -> bool:
        return self.visit.dates is not None and self.visit.dates.precision in VAGUE

    @property
    def tentative(self) -> bool:
        return self.vague or self.visit.status in TENTATIVE

    @property
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


def weeks(year: int, month: int, known: Sequence[Stay]) -> list[Week]:
    """The month's weeks from Monday on, with the bars of those known to the day."""
    certain = [stay for stay in known if not stay.vague]
    return [_week(tuple(row), certain) for row in calendar.Calendar().monthdatescalendar(year, month)]


def _week(row: tuple[date, ...], known: Sequence[Stay]) -> Week:
    bars: list[Bar] = []
    free = [row[0]] * LINES
    more = 0
    for stay in known:
        if stay.last < row[0] or stay.first > row[-1]:
            continue
        first, last = max(stay.first, row[0]), min(stay.last, row[-1])
        line = next((number for number, day in enumerate(free) if day <= first), None)
        if line is None:
            more += 1
            continue
        free[line] = last + timedelta(days=1)
        width = (last - first).days + 1
        begins, ends = stay.first >= row[0], stay.last <= row[-1]
        bars.append(Bar(stay, (first - row[0]).days + 1, width, line + 1, begins, ends))
    return Week(row, tuple(bars), more)


@dataclass(frozen=True)
class Clash:
    """Somebody due in two places on the same days, as a guest or as a host."""

    who: str
    one: Stay
    other: Stay

    @property
    def words(self) -> str:
        return f"{self.who} is due in two places at once"


def clashes(known: Sequence[Stay]) -> list[Clash]:
    """Two visits that ask the same person, guest or host at home, to be in two countries, with a day in common.

    Of those known to the day and still on, and told by reports of their own. `known` is by first day.
    """
    by_person: dict[str, list[Stay]] = defaultdict(list)
    names: dict[str, str] = {}
    for stay in known:
        for name in _expected(stay.visit) if not stay.vague and not stay.off else ():
            names.setdefault(name.casefold(), name)
            by_person[name.casefold()].append(stay)
    return [
        Clash(names[person], one, other)
        for person, mine in by_person.items()
        for number, one in enumerate(mine)
        for other in _begun_by(one.last, mine[number + 1 :])
        if one.visit.destination.country != other.visit.destination.country
        and (one.last > one.first or other.last > other.first or one.first == other.first)
        and not _hop(one, other)
        and _told_apart(one, other)
    ]


def _begun_by(day: date, by_first_day: Sequence[Stay]) -> Iterable[Stay]:
    return takewhile(lambda stay: stay.first <= day, by_first_day)


def _told_apart(one: Stay, other: Stay) -> bool:
    """Whether each is reported by a text that does not report the other: a tour that one story tells of clashes with
    nothing, however its reader shared out the days."""
    return bool(one.stories - other.stories and other.stories - one.stories)


def _expected(visit: LedgerVisit) -> set[str]:
    """Who must be at the destination: the visitor, and a named host whose country it is."""
    host = visit.host if visit.host and visit.host.country == visit.destination.country else None
    return {party.name for party in (visit.visitor, host) if party and party.name}


def _hop(one: Stay, other: Stay) -> bool:
    """Leaving one place on the day of coming to the next is travel, not a clash."""
    return one.last == other.first or other.last == one.first


@dataclass(frozen=True)
class Busy:
    """A country with several visitors on the same day."""

    country: str
    day: date
    """The busiest day, the first of them."""
    stays: tuple[Stay, ...]


def guests(known: Sequence[Stay], first: date, last: date) -> dict[date, list[tuple[str, int]]]:
    """By day, the countries with two or more visitors on it and how many, the most first; days without are left out."""
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for stay in known:
        country = stay.visit.destination.country
        if country and not stay.vague and not stay.off:
            begin, end = max(first, stay.first), min(last, stay.last)
            for offset in range((end - begin).days + 1):
                counts[begin + timedelta(days=offset)][country] += 1
    several = ((day, [pair for pair in here.most_common() if pair[1] > 1]) for day, here in sorted(counts.items()))
    return {day: pairs for day, pairs in several if pairs}


def busy(known: Sequence[Stay], first: date, last: date) -> list[Busy]:
    """Countries with two or more visitors on one day of the period, the busiest first."""
    by_country: dict[str, list[Stay]] = defaultdict(list)
    for stay in known:
        if stay.visit.destination.country and not stay.vague and not stay.off:
            by_country[stay.visit.destination.country].append(stay)
    found = []
    for country, here in by_country.items():
        candidates = {max(stay.first, first) for stay in here if stay.last >= first and stay.first <= last}
        together = [(day, tuple(stay for stay in here if stay.first <= day <= stay.last)) for day in sorted(candidates)]
        day, most = max(together, key=lambda pair: len(pair[1]), default=(first, ()))
        if len(most) > 1:
            found.append(Busy(country, day, most))
    return sorted(found, key=lambda one: (-len(one.stays), one.day, one.country))
