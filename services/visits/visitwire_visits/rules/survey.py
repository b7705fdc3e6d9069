"""What the other triggers of a story say: who goes where, for words that do not say it again.

"The summit" of the third paragraph is in the place that the first one names; whoever is told to travel twice is a
traveller.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from visitwire_visits.rules.links import Aim, Link, Trigger, is_grammatical

STILL = frozenset({"speech", "presence"})
"""What is told of somebody in a place, where most such places are nobody's destination."""
_MOST = 3
_REACH = 12
"""Sentences within which a trip told again is looked for."""


@dataclass(frozen=True)
class Linked:
    """A trigger with everybody and every place near it."""

    trigger: Trigger
    travellers: dict[str, Link]
    aims: list[Aim]

    @cached_property
    def goals(self) -> list[Aim]:
        """The places that the grammar gives it."""
        return [aim for aim in self.aims if is_grammatical(aim.link)]

    @cached_property
    def goers(self) -> list[str]:
        """Those whom the grammar gives it."""
        return [key for key, link in self.travellers.items() if is_grammatical(link)]


@dataclass
class Survey:
    """Counts over all triggers of a story."""

    linked: Sequence[Linked]
    destinations: Counter[str] = field(default_factory=Counter)
    travellers: Counter[str] = field(default_factory=Counter)
    goers: dict[str, set[str]] = field(default_factory=dict)
    """Destination -> ids of those who go there by the grammar of any trigger."""

    def __post_init__(self) -> None:
        for each in self.linked:
            if each.trigger.frame.aspect not in STILL:
                places = {aim.key for aim in each.goals}
                self.destinations.update(places)
                self.travellers.update(each.goers)
                for place in places:
                    self.goers.setdefault(place, set()).update(each.goers)

    def of_destination(self, each: Linked, aim: Aim) -> tuple[str, ...]:
        """How often other triggers give this place as a destination."""
        own = each.trigger.frame.aspect not in STILL and is_grammatical(aim.link)
        count = min(_MOST, self.destinations[aim.key] - own)
        return (f"d.story={count}", f"d.story={count}.near={not is_grammatical(aim.link)}")

    def of_traveller(self, each: Linked, key: str, link: Link) -> tuple[str, ...]:
        """How often other triggers tell this one to travel."""
        own = each.trigger.frame.aspect not in STILL and is_grammatical(link)
        count = min(_MOST, self.travellers[key] - own)
        return (f"v.story={count}", f"v.story={count}.near={not is_grammatical(link)}")

    def echoes(self, each: Linked) -> list[Aim]:
        """Where a trip goes that is told without a place: the places of like triggers, nearest first."""
        if each.goals:
            return []
        found: dict[str, Aim] = {}
        here = each.trigger.sentence
        others = [o for o in self.linked if o is not each and o.goals and abs(o.trigger.sentence - here) <= _REACH]
        company = each.trigger.frame.aspect == "company"
        if company:  # where the others of the company go
            others = [o for o in others if set(o.goers) & set(each.goers)]
        for other in sorted(others, key=lambda o: (abs(o.trigger.sentence - here), o.trigger.token)):
            same = _word(other.trigger) == _word(each.trigger)
            for aim in other.goals:
                if aim.key not in found and (same or other.trigger.frame.aspect not in STILL):
                    features = (
                        f"d.echo.same={same}",
                        f"d.echo.before={other.trigger.token < each.trigger.token}",
                        f"d.echo.distance={min(3, abs(other.trigger.sentence - here))}",
                        f"d.echo@{each.trigger.frame.aspect}",
                    )
                    manner = "company" if company else "echo"
                    link = Link((_AWAY, 0, 0), features, manner)
                    found[aim.key] = Aim(aim.country, aim.place, link, frozenset(self.goers.get(aim.key, ())))
        if len(found) == 1:
            only = next(iter(found.values()))
            link = Link(only.link.rank, (*only.link.features, "d.echo.only"), only.link.manner)
            return [Aim(only.country, only.place, link, only.goers)]
        return list(found.values())[:_MOST]


_AWAY = 10


def _word(trigger: Trigger) -> str:
    return trigger.scene.text.lemma[trigger.token]
