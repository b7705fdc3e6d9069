"""Who is where on each day of a month: kept, so that only the stays that changed are entered anew."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from visitwire_gateway.clashes import Clashes
from visitwire_gateway.model.slim_visit import Slim
from visitwire_gateway.model.standing import Standing
from visitwire_gateway.model.state import State
from visitwire_gateway.month import Stay, Week, week

MOST = 5000
"""Stays of a month."""

type Read = Callable[[Sequence[Slim]], Iterable[Stay]]


@dataclass(frozen=True)
class Busy:
    """A country with several visitors on the same day."""

    country: str
    day: date
    """The busiest day, the first of them."""
    stays: tuple[Stay, ...]


class Diary:
    """The stays of some weeks. Not for several threads at once."""

    def __init__(self, first: date, last: date) -> None:
        """From a Monday to a Sunday."""
        self._first, self._last = first, last
        self._seen: State | None = None
        self._rows: dict[str, Slim] = {}
        self._stays: dict[str, Stay] = {}
        self._clashes = Clashes()
        self._vague: list[Stay] = []
        self._by_week: dict[date, list[Stay]] = {day: [] for day in _days(first, last) if day.weekday() == 0}
        self._weeks: dict[date, Week] = {}
        self._guests: dict[date, dict[str, dict[str, Stay]]] = {day: defaultdict(dict) for day in _days(first, last)}
        """By day and country."""
        self._counts: dict[date, list[tuple[str, int]]] = {}
        self._busiest: dict[tuple[date, str], Busy] = {}
        self._maybe: dict[tuple[date, date], list[Stay]] = {}
        """By period: those of `_vague` that may fall into it."""

    def show(self, standing: Standing, read: Read) -> None:
        """From now on it holds the stays of these visits, which `read` reads; of a few thousand, those that begin
        first."""
        step = standing.step
        if self._seen is not None and step.since == self._seen and len(self._rows) + len(step.came) < MOST:
            gone, came = step.gone, [row for row in step.came if self._touches(row)]
        else:
            gone, came = self._others({row.id: row for row in islice(standing.between(self._first, self._last), MOST)})
        self._seen = standing.at
        for row in gone:
            if self._rows.pop(row.id, None) is not None and (stay := self._stays.pop(row.id, None)) is not None:
                self._leave(stay)
        self._rows |= {row.id: row for row in came}
        for stay in read(came) if came else ():
            self._stays[stay.visit.id] = stay
            self._enter(stay)

    def _touches(self, row: Slim) -> bool:
        return row.dated and row.day <= self._last.isoformat() and row.last >= self._first.isoformat()

    def _others(self, given: Mapping[str, Slim]) -> tuple[list[Slim], list[Slim]]:
        """Which of its rows went, and which of those given are not its own; one that changed is in both."""
        gone = [row for id, row in self._rows.items() if given.get(id) is not row]
        return gone, [row for id, row in given.items() if self._rows.get(id) is not row]

    def _enter(self, stay: Stay) -> None:
        for held in self._lists(stay):
            insort(held, stay, key=Stay.order)
        for here in self._at(stay):
            here[stay.visit.id] = stay
        self._clashes.add(stay)

    def _leave(self, stay: Stay) -> None:
        for held in self._lists(stay):
            del held[bisect_left(held, stay.order(), key=Stay.order)]
        for here in self._at(stay):
            del here[stay.visit.id]
        self._clashes.remove(stay)

    def _lists(self, stay: Stay) -> Iterator[list[Stay]]:
        """Those in which it stands; its weeks are to be laid out anew."""
        if stay.vague:
            self._maybe.clear()
            yield self._vague
            return
        day = self._within(stay.first)
        monday = day - timedelta(days=day.weekday())
        while monday <= min(stay.last, self._last):
            self._weeks.pop(monday, None)
            yield self._by_week[monday]
            monday += timedelta(days=7)

    def _at(self, stay: Stay) -> Iterator[dict[str, Stay]]:
        """The guests of its country on its days; they are to be counted anew."""
        country = stay.visit.destination.country
        if country and not stay.vague and not stay.off:
            for day in _days(self._within(stay.first), min(stay.last, self._last)):
                self._counts.pop(day, None)
                self._busiest.pop((day, country), None)
                yield self._guests[day][country]

    def _within(self, day: date) -> date:
        return max(day, self._first)

    @property
    def clashes(self) -> Clashes:
        return self._clashes

    def vague(self, first: date, last: date) -> list[Stay]:
        """Those known to the month or less that may fall into these days, by first day."""
        if (first, last) not in self._maybe:
            self._maybe[first, last] = [stay for stay in self._vague if stay.first <= last and stay.last >= first]
        return self._maybe[first, last]

    def weeks(self) -> list[Week]:
        """Each with the bars of those known to the day."""
        for monday, held in self._by_week.items():
            if monday not in self._weeks:
                self._weeks[monday] = week(monday, held)
        return [self._weeks[monday] for monday in self._by_week]

    def certain(self, first: date, last: date) -> Iterator[Stay]:
        """Those known to the day, on these days, by first day."""
        for monday, held in self._by_week.items():
            for stay in held:
                begins_here = stay.first >= monday or monday == self._first
                if begins_here and stay.first <= last and stay.last >= first:
                    yield stay

    def guests(self, day: date) -> list[tuple[str, int]]:
        """The countries with two or more visitors on a day and how many, the most first."""
        if day not in self._counts:
            pairs = [(country, len(guests)) for country, guests in self._guests[day].items() if len(guests) > 1]
            self._counts[day] = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        return self._counts[day]

    def busy(self, first: date, last: date, most: int) -> list[Busy]:
        """Countries with two or more visitors on one day of the period, the busiest first; at most `most` of them."""
        busiest: dict[str, tuple[int, date]] = {}
        for day in _days(first, last):
            for country, count in self.guests(day):
                if country not in busiest or count > busiest[country][0]:
                    busiest[country] = count, day
        ranked = sorted((-count, day, country) for country, (count, day) in busiest.items())
        return [self._busy(country, day) for _, day, country in ranked[:most]]

    def _busy(self, country: str, day: date) -> Busy:
        if (day, country) not in self._busiest:
            stays = tuple(sorted(self._guests[day][country].values(), key=Stay.order))
            self._busiest[day, country] = Busy(country, day, stays)
        return self._busiest[day, country]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
