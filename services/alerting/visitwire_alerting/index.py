"""Finds the subscriptions that ask for an alert, so that ten thousand cost hardly more than a hundred.

Each is filed under what is rarest of what it asks for: names, countries, a kind of change or a status. Only those filed
under what the alert has are asked, and only for the rest of their conditions; those with the same rest are asked once.
"""

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
    keys: list[str] = field(default_factory=list)


class Index:
    """The subscriptions, by key."""

    def __init__(self, subscriptions: Mapping[str, Subscription]) -> None:
        self._tests: list[Test] = []
        numbers: dict[str, int] = {}
        filed: dict[Hashable, dict[tuple[int, ...], _Alike]] = {}
        for key, subscription in subscriptions.items():
            if subscription.enabled:
                places, sure = _places(subscription.filter)
                conditions = compile_filter(subscription.filter).conditions
                rest = tuple(self._number(numbers, one) for one in conditions if one.name not in sure)
                for place in places:
                    filed.setdefault(place, {}).setdefault(rest, _Alike(rest)).keys.append(key)
        self._filed = {place: tuple(alike.values()) for place, alike in filed.items()}

    def _number(self, numbers: dict[str, int], condition: Condition) -> int:
        """A condition that many ask for has one number."""
        said = f"{condition.name}={condition.asked!r}"
        if said not in numbers:
            numbers[said] = len(self._tests)
            self._tests.append(condition.test)
        return numbers[said]

    def matching(self, facts: Facts) -> list[str]:
        """The keys of those that ask for the alert, in order."""
        tests, held, found = self._tests, dict[int, bool](), set[str]()
        for place in _looked_up(facts):
            for alike in self._filed.get(place, ()):
                for number in alike.rest:
                    if number not in held:
                        held[number] = tests[number](facts)
                    if not held[number]:
                        break
                else:
                    found.update(alike.keys)
        return sorted(found)


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
