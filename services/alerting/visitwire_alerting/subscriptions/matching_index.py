"""Finds the subscriptions that ask for an alert, so that ten thousand cost hardly more than a hundred.

Each is filed under what is rarest of what it asks for: names, countries, a kind of change or a status. Only those filed
under what the alert has are asked, and only for the rest of their conditions; those with the same rest are asked once.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from visitwire_language.gazetteer.groups import expand
from visitwire_language.name_sound import sounds
from visitwire_schemas.subscription import ASKED_BY_DEFAULT, Filter, Subscription

from visitwire_alerting.ledger.fold.name_matching import tokens
from visitwire_alerting.subscriptions.alert_facts import Facts
from visitwire_alerting.subscriptions.matching import Condition, Test, compile_filter

WIDEST = 200
"""Pairs of countries under which one subscription is filed at most; beyond that it is filed by one of the two."""
ANY = "*"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class _Asked:
    """A condition. Of those that say the same there is one, for all who ask for it; it goes with the last of them."""

    test: Test


type Rest = tuple[_Asked, ...]
"""What is tested besides the place where a subscription is filed."""


class Index:
    """The subscriptions, by key. One is filed, or taken out, without a look at the others."""

    def __init__(self, subscriptions: Mapping[str, Subscription]) -> None:
        self._asked: WeakValueDictionary[str, _Asked] = WeakValueDictionary()
        """By what they say."""
        self._filed: dict[Hashable, dict[Rest, dict[str, None]]] = {}
        """The keys of those with the same rest, in each place."""
        self._of: dict[str, tuple[tuple[Hashable, ...], Rest]] = {}
        """Where each is filed."""
        for key, subscription in subscriptions.items():
            self.put(key, subscription)

    def put(self, key: str, subscription: Subscription) -> None:
        """Files a subscription, in the place of what it was before."""
        self.drop(key)
        if not subscription.enabled:
            return
        found, sure = _places(subscription.filter)
        conditions = compile_filter(subscription.filter).conditions
        rest = tuple(self._one(condition) for condition in conditions if condition.name not in sure)
        places = tuple(dict.fromkeys(found))
        self._of[key] = places, rest
        for place in places:
            self._filed.setdefault(place, {}).setdefault(rest, {})[key] = None

    def drop(self, key: str) -> None:
        """Takes a subscription out, if it is there."""
        places, rest = self._of.pop(key, ((), ()))
        for place in places:
            there = self._filed[place]
            del there[rest][key]
            if not there[rest]:
                del there[rest]
            if not there:
                del self._filed[place]

    def _one(self, condition: Condition) -> _Asked:
        said = f"{condition.name}={condition.asked!r}"
        found = self._asked.get(said)
        if found is None:
            found = self._asked[said] = _Asked(condition.test)
        return found

    def matching(self, facts: Facts) -> list[str]:
        """The keys of those that ask for the alert, in order."""
        held, found = dict[_Asked, bool](), set[str]()
        for place in _looked_up(facts):
            for rest, keys in self._filed.get(place, _NONE).items():
                for asked in rest:
                    if asked not in held:
                        held[asked] = asked.test(facts)
                    if not held[asked]:
                        break
                else:
                    found.update(keys)
        return sorted(found)


_NONE: dict[Rest, dict[str, None]] = {}

type Places = tuple[Iterable[Hashable], frozenset[str]]
"""Where a filter is filed, and the conditions that hold for whatever is looked up there."""


def _places(asked: Filter) -> Places:
    if asked.visitor:
        return {place for name in asked.visitor for place in _of_name(sounds(tokens(name)))}, frozenset()
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
        heard = sounds(facts.visitor)
        yield "part", heard[-1]
        yield from {("name", part) for part in heard}
    if facts.host_country:
        yield "host", facts.host_country
    for kind in facts.changes:
        yield "change", kind
    yield "status", facts.status
