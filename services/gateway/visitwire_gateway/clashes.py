"""Who is due in two places at once: found one by one, so that a stay that changed is all to look at."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from visitwire_gateway.month import Stay

type Order = tuple[date, int, str]


@dataclass(frozen=True)
class Clash:
    """Somebody due in two places on the same days, as a guest or as a host."""

    who: str
    one: Stay
    other: Stay

    @property
    def words(self) -> str:
        return f"{self.who} is due in two places at once"

    def order(self) -> tuple[Order, Order, str]:
        """The soonest first."""
        return self.one.order(), self.other.order(), self.who


class _Due:
    """Where one person is due."""

    def __init__(self) -> None:
        self.stays: list[tuple[Order, Stay]] = []
        self.longest = timedelta(0)

    def near(self, stay: Stay) -> Iterator[Stay]:
        """Those that may have a day in common with it."""
        begin = bisect_left(self.stays, stay.first - self.longest, key=_first)
        end = bisect_right(self.stays, stay.last, key=_first)
        return (other for _, other in self.stays[begin:end])

    def add(self, stay: Stay) -> None:
        self.longest = max(self.longest, stay.last - stay.first)
        insort(self.stays, (stay.order(), stay), key=_order)

    def remove(self, stay: Stay) -> None:
        del self.stays[bisect_left(self.stays, stay.order(), key=_order)]


def _order(pair: tuple[Order, Stay]) -> Order:
    return pair[0]


def _first(pair: tuple[Order, Stay]) -> date:
    return pair[0][0]


class Clashes:
    """Two visits that ask the same person, guest or host at home, to be in two countries, with a day in common.

    Of those known to the day and still on, and told by reports of their own. Not for several threads at once.
    """

    def __init__(self) -> None:
        self._due: dict[str, _Due] = defaultdict(_Due)
        self._of: dict[str, dict[tuple[str, str], Clash]] = defaultdict(dict)
        """By visit: its clashes, by the person and the other visit."""
        self._begin: list[Stay] = []
        """Those that clash with a later one, by first day."""
        self._said: dict[str, str] = {}
        self._shown: dict[str, Stay] = {}

    def show(self, stays: Iterable[Stay]) -> "Clashes":
        """From now on it looks at these."""
        before, self._shown = self._shown, {stay.visit.id: stay for stay in stays}
        for id, stay in before.items():
            if self._shown.get(id) is not stay:
                self.remove(stay)
        for id, stay in self._shown.items():
            if before.get(id) is not stay:
                self.add(stay)
        return self

    def found(self) -> Iterator[Clash]:
        """The soonest first."""
        for stay in self._begin:
            yield from sorted(self._led_by(stay), key=Clash.order)

    def _led_by(self, stay: Stay) -> list[Clash]:
        """Those of which it is the first."""
        return [clash for clash in self._of[stay.visit.id].values() if clash.one is stay]

    def words(self, id: str) -> str:
        """What clashes with a visit; "" where nothing does."""
        if id not in self._said:
            mine = self._of.get(id, {})
            self._said[id] = "; ".join(sorted({clash.words for clash in mine.values()}))
        return self._said[id]

    def add(self, stay: Stay) -> None:
        for name in _expected(stay):
            due = self._due[name.casefold()]
            for other in due.near(stay):
                if _clash(stay, other):
                    self._put(name.casefold(), *sorted((stay, other), key=Stay.order))
            due.add(stay)

    def _put(self, person: str, one: Stay, other: Stay) -> None:
        spelled = {name.casefold(): name for name in _expected(one)}[person]
        clash = Clash(spelled, one, other)
        self._forget(one.visit.id, other.visit.id)
        if not self._led_by(one):
            insort(self._begin, one, key=Stay.order)
        self._of[one.visit.id][person, other.visit.id] = clash
        self._of[other.visit.id][person, one.visit.id] = clash

    def remove(self, stay: Stay) -> None:
        """One that was added."""
        for name in _expected(stay):
            self._due[name.casefold()].remove(stay)
        self._forget(stay.visit.id)
        if self._led_by(stay):
            self._end(stay)
        for (person, other), clash in self._of.pop(stay.visit.id).items():
            del self._of[other][person, stay.visit.id]
            self._forget(other)
            if clash.one is not stay and not self._led_by(clash.one):
                self._end(clash.one)

    def _forget(self, *visits: str) -> None:
        for id in visits:
            self._said.pop(id, None)

    def _end(self, stay: Stay) -> None:
        del self._begin[bisect_left(self._begin, stay.order(), key=Stay.order)]


def clashes(known: Iterable[Stay]) -> list[Clash]:
    """All of them among these, the soonest first."""
    return list(Clashes().show(known).found())


def _expected(stay: Stay) -> set[str]:
    """Who must be at the destination: the visitor, and a named host whose country it is; nobody of what is not known
    to the day, or off."""
    if stay.vague or stay.off:
        return set()
    visit = stay.visit
    host = visit.host if visit.host and visit.host.country == visit.destination.country else None
    by_name = {party.name.casefold(): party.name for party in (host, visit.visitor) if party and party.name}
    return set(by_name.values())


def _clash(one: Stay, other: Stay) -> bool:
    """A day in common in two countries, where leaving one place on the day of coming to the next is travel. And each is
    reported by a text that does not report the other: a tour that one story tells of clashes with nothing, however its
    reader shared out the days."""
    if one.first > other.last or other.first > one.last:
        return False
    if one.visit.destination.country == other.visit.destination.country:
        return False
    if one.last == other.first or other.last == one.first:
        return False
    return bool(one.stories - other.stories and other.stories - one.stories)
