"""Finds the subscriptions that ask for an alert, so that ten thousand cost hardly more than a hundred.

Each is filed under what is rarest of what it asks for: names, countries, a kind of change or a status. Only those filed
under what the alert has are asked, and only for the rest of their conditions; those with the same rest are asked once.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from visitwire_alerting.countries import expand
from visitwire_alerting.facts import Facts
from visitwire_alerting.matching import Condition, Test, compile_filter
from visitwire_alerting.names import tokens
from visitwire_alerting.subscription import ASKED_BY_DEFAULT, Filter, Subscription

WIDEST = 200
"""Pairs of countries under which one subscription is filed at most; beyond that it is filed by one of the two."""
ANY = "*"


@dataclass(slots=True)
class _Alike:
    """Subscriptions filed in one place that ask for the same besides."""

    rest: tuple[int, ...]
    """Places in `Index._tests`."""
    keys: dict[str, None] = field(default_factory=dict)


class Index:
    """The subscriptions, by key. One is filed, or taken out, without a look at the others."""

    def __init__(self, subscriptions: Mapping[str, Subscription]) -> None:
        self._tests: list[Test] = []
        self._said: list[str] = []
        """What each test asks, by which another that asks the same finds it."""
        self._numbers: dict[str, int] = {}
        self._uses: Counter[int] = Counter()
        self._free: list[int] = []
        self._filed: dict[Hashable, dict[tuple[int, ...], _Alike]] = {}
        self._of: dict[str, tuple[tuple[Hashable, ...], tuple[int, ...]]] = {}
        """Where each is filed, and what is tested besides."""
        for key, subscription in subscriptions.items():
            self.put(key, subscription)

    def put(self, key: str, subscription: Subscription) -> None:
        """Files a subscription, in the place of what it was before."""
        self.drop(key)
        if not subscription.enabled:
            return
        found, sure = _places(subscription.filter)
        conditions = compile_filter(subscription.filter).conditions
        rest = tuple(self._number(one) for one in conditions if one.name not in sure)
        places = tuple(dict.fromkeys(found))
        self._of[key] = places, rest
        for place in places:
            self._filed.setdefault(place, {}).setdefault(rest, _Alike(rest)).keys[key] = None

    def drop(self, key: str) -> None:
        """Takes a subscription out, if it is there."""
        places, rest = self._of.pop(key, ((), ()))
        for place in places:
            there = self._filed[place]
            del there[rest].keys[key]
            if not there[rest].keys:
                del there[rest]
            if not there:
                del self._filed[place]
        for number in rest:
            self._uses[number] -= 1
            if not self._uses[number]:
                del self._uses[number], self._numbers[self._said[number]]
                self._free.append(number)

    def _number(self, condition: Condition) -> int:
        """A condition that many ask for has one number."""
        said = f"{condition.name}={condition.asked!r}"
        number = self._numbers.get(said)
        if number is None:
            number = self._numbers[said] = self._place(condition.test, said)
        self._uses[number] += 1
        return number

    def _place(self, test: Test, said: str) -> int:
        if not self._free:
            self._tests.append(test)
            self._said.append(said)
            return len(self._tests) - 1
        number = self._free.pop()
        self._tests[number], self._said[number] = test, said
        return number

    def matching(self, facts: Facts) -> list[str]:
        """The keys of those that ask for the alert, in order."""
        tests, held, found = self._tests, dict[int, bool](), set[str]()
        for place in _looked_up(facts):
            for alike in self._filed.get(place, _NONE).values():
                for number in alike.rest:
                    if number not in held:
                        held[number] = tests[number](facts)
                    if not held[number]:
                        break
                else:
                    found.update(alike.keys)
        return sorted(found)


_NONE: dict[tuple[int, ...], _Alike] = {}

type Places = tuple[Iterable[Hashable], frozenset[str]]
"""Where a filter is filed, and the conditions that hold for whatever is looked up there."""


def _places(asked: Filter) -> Places:
    if asked.visitor:
        return {place for name in asked.visitor for place in _of_name(tokens(name))}, frozenset()
    if asked.destination or asked.visitor_country:
        return _pairs(asked)
    if asked.host_country:
        return {("host", code) for code in expand(asked.host_country)}, frozenset({"host_country"})
    if asked.change and set(asked.change) != set(ASKED_BY_DEFAULT):
        return {("change", kind) for kind in asked.change}, frozenset({"change"})
    if asked.status:
        return {("status", status) for status in asked.status}, frozenset({"status"})
    return {ANY}, frozenset()


def _of_name(parts: tuple[str, ...]) -> Iterator[Hashable]:
    """By its surname. A shorter name that is a part of it is found by the last of its own parts (see `names.alike`)."""
    for place, part in enumerate(reversed(parts)):
        yield ("part" if place else "name"), part


def _pairs(asked: Filter) -> Places:
    to = expand(asked.destination) if asked.destination else frozenset({ANY})
    of = expand(asked.visitor_country) if asked.visitor_country else frozenset({ANY})
    sure = {"destination", "visitor_country"}
    if len(to) * len(of) > WIDEST:
        if len(to) <= len(of):
            of, sure = frozenset({ANY}), {"destination"}
        else:
            to, sure = frozenset({ANY}), {"visitor_country"}
    return {(one, other) for one in to for other in of}, frozenset(sure)


def _looked_up(facts: Facts) -> Iterator[Hashable]:
    to, of = facts.destination or ANY, facts.visitor_country or ANY
    yield ANY
    yield from {(to, of), (to, ANY), (ANY, of)} - {(ANY, ANY)}
    if facts.visitor:
        yield "part", facts.visitor[-1]
        yield from {("name", part) for part in facts.visitor}
    if facts.host_country:
        yield "host", facts.host_country
    for kind in facts.changes:
        yield "change", kind
    yield "status", facts.status
