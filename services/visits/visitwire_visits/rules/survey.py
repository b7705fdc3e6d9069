"""What the other triggers of a story say: who goes where, for words that do not say it again.

"The summit" of the third paragraph is in the place that the first one names; whoever is told to travel twice is a
traveller.
"""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from visitwire_visits.rules import features
from visitwire_visits.rules.links import Aim, Link, Linked

_AWAY = 10
"""The rank of a place that the sentence does not name."""
_MOST = 3
_REACH = 12
"""Sentences within which a trip told again is looked for."""


class Survey:
    """Counts over all triggers of a story."""

    def __init__(self, linked: Sequence[Linked]) -> None:
        self._destinations: Counter[str] = Counter()
        self._travellers: Counter[str] = Counter()
        self._goers: dict[str, set[str]] = {}
        """Destination -> ids of those who go there by the grammar of any trigger."""
        self._told = [each for each in linked if each.goals]
        for each in linked:
            if not each.is_still:
                places = {aim.key for aim in each.goals}
                self._destinations.update(places)
                self._travellers.update(each.goers)
                for place in places:
                    self._goers.setdefault(place, set()).update(each.goers)

    def of_destination(self, each: Linked, aim: Aim) -> features.Names:
        """How often other triggers give this place as a destination."""
        return self._count("d", each, self._destinations[aim.key], aim.link)

    def of_traveller(self, each: Linked, key: str, link: Link) -> features.Names:
        """How often other triggers tell this one to travel."""
        return self._count("v", each, self._travellers[key], link)

    def _count(self, side: str, each: Linked, count: int, link: Link) -> features.Names:
        own = link.is_grammatical and not each.is_still
        return features.of_story(side, min(_MOST, count - own), not link.is_grammatical)

    def echoes(self, each: Linked) -> list[Aim]:
        """Where a trip goes that is told without a place: the places of like triggers, nearest first."""
        if each.goals:
            return []
        company = each.trigger.frame.aspect == "company"  # they go where the others of the company go
        near = sorted(
            [
                (away, other.trigger.token, other)
                for other in self._told
                if (away := abs(other.sentence - each.sentence)) <= _REACH
                and (other.word == each.word or not other.is_still)
                and not (company and other.goers.isdisjoint(each.goers))
            ],
            key=itemgetter(0, 1),
        )
        found: dict[str, tuple[Linked, Aim]] = {}
        for _, _, other in near:
            for aim in other.goals:
                found.setdefault(aim.key, (other, aim))
        manner, only = "company" if company else "echo", len(found) == 1
        return [self._echo(each, *told, manner, only) for told in list(found.values())[:_MOST]]

    def _echo(self, each: Linked, other: Linked, aim: Aim, manner: str, only: bool) -> Aim:
        """A place of another trigger, as this one's."""
        before, distance = other.trigger.token < each.trigger.token, min(3, abs(other.sentence - each.sentence))
        names = features.of_echo(other.word == each.word, before, distance, each.trigger.frame.aspect, only)
        goers = frozenset(self._goers.get(aim.key, ()))
        return Aim(aim.country, aim.place, Link((_AWAY, 0, 0), names, manner), goers)
