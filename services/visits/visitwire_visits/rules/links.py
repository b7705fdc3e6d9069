"""Who may travel and where to, for one trigger: every person, role, delegation and place near it, as named features.

Grammar is the strongest of these features and never a condition: the weights say what a filled slot is worth against
somebody who merely stands in the sentence before, in the headline, or in the dateline.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from visitwire_schemas import Entity, EntityKind

from visitwire_visits.rules import features
from visitwire_visits.rules.features import AWAY
from visitwire_visits.rules.roles import INSIDE
from visitwire_visits.rules.scene import Named
from visitwire_visits.rules.trigger import Trigger

_FAR = (3, 8, 15, 30)
"""Tokens from the trigger at which a phrase is one step further away."""
STILL = frozenset({"speech", "presence"})
"""What is told of somebody in a place, where most such places are nobody's destination."""
_GRAMMATICAL = frozenset({"slot1", "slot2", "here", "home"})


class Link(NamedTuple):
    """A phrase and how it stands to the trigger: smaller `rank` is closer. `features` name it for the weights."""

    rank: tuple[int, int, int]
    features: tuple[str, ...]
    manner: str
    """The kind of link in a word, for features of visitor and destination together."""
    order: int = 0
    """How many stand closer to the trigger, 3 for more."""

    @property
    def is_grammatical(self) -> bool:
        """Whether the grammar vouches for it."""
        return self.manner in _GRAMMATICAL

    def by_grammar(self, first: bool) -> str:
        """How far the grammar vouches for it: it fills the slot first, it fills the slot, or it only stands near."""
        if not self.is_grammatical:
            return self.manner if self.manner in ("slot3", "role", "echo", "company") else "near"
        return "first" if first else "filled"


class Aim(NamedTuple):
    """A place that may be the destination."""

    country: str | None
    place: str | None
    link: Link
    goers: frozenset[str] = frozenset()
    """Ids of those who go there by the grammar of other triggers, where this one tells no place of its own."""

    @property
    def key(self) -> str:
        """The country; the place where none is known."""
        return self.country or self.place or "?"


class Linked:
    """A trigger with everybody and every place near it."""

    def __init__(self, trigger: Trigger) -> None:
        self.trigger = trigger
        self.travellers = travellers(trigger)
        self.has_visitors = not trigger.scene.traits.keys().isdisjoint(self.travellers)
        self.aims = aims(trigger, self.has_visitors)
        self.is_still = trigger.frame.aspect in STILL
        self.sentence, self.word = trigger.sentence, trigger.scene.text.lemma[trigger.token]

    @cached_property
    def goals(self) -> list[Aim]:
        """The places that the grammar gives it."""
        return [aim for aim in self.aims if aim.link.is_grammatical]

    @cached_property
    def goers(self) -> frozenset[str]:
        """The ids of those whom the grammar gives it."""
        return frozenset(key for key, link in self.travellers.items() if link.is_grammatical)


def travellers(trigger: Trigger) -> dict[str, Link]:
    """Entity id -> the closest of its mentions, for everybody who may be the visitor."""
    found: dict[str, Link] = {}
    scene, aspect = trigger.scene, trigger.frame.aspect
    for named in scene.people_in.get(trigger.sentence, ()):
        more = features.saying(aspect) if _says(trigger, named) else ()
        _keep(found, named.entity.id, _link(trigger, named, trigger.frame.visitor, "v", more))
    anyone = any(link.rank[0] < AWAY for link in found.values())
    for offset, limit in ((-1, 3), (-2, 2), (1, 2)):
        for entity in scene.people_of.get(trigger.sentence + offset, ())[:limit]:
            _keep(found, entity.id, _neighbour("v", offset, anyone))
    for entity in scene.headlined:
        _keep(found, entity.id, Link((AWAY + 5, 0, 0), features.of_headline("v", anyone), "headline"))
    return dict(zip(found, _compared(found.values(), "v"), strict=True))


def aims(trigger: Trigger, has_visitors: bool) -> list[Aim]:
    """The places that may be the destination, one a country, closest first.

    Where nobody may go there, none but for the other triggers, which ask where the grammar leads.
    """
    scene, slots = trigger.scene, trigger.frame.destination
    found: dict[str, Aim] = {}
    for named in scene.places_in.get(trigger.sentence, ()):
        _keep_aim(found, named.entity, _link(trigger, named, slots, "d", scene.standing(named)))
    if "home" in slots:
        _add_home(trigger, found)
    here = trigger.sentence in scene.saying_here
    if not (has_visitors or here or any(aim.link.is_grammatical for aim in found.values())):
        return []
    anywhere = any(aim.link.rank[0] < AWAY for aim in found.values())
    for offset in (-1, 1):
        for entity in scene.places_of.get(trigger.sentence + offset, ())[:3]:
            _keep_aim(found, entity, _neighbour("d", offset, anywhere))
    _add_dateline(trigger, found, anywhere)
    for entity in scene.headlined_places:
        _keep_aim(found, entity, Link((AWAY + 5, 0, 0), features.of_headline("d", anywhere), "headline"))
    links = _compared([aim.link for aim in found.values()], "d")
    compared = [Aim(aim.country, aim.place, link) for aim, link in zip(found.values(), links, strict=True)]
    return sorted(compared, key=lambda aim: aim.link.rank)


@lru_cache
def _neighbour(side: str, offset: int, anyone: bool) -> Link:
    """How a phrase of a sentence beside stands; `anyone`: whether the trigger's own sentence gives somebody."""
    return Link((AWAY + 1 + abs(offset), 0, 0), features.of_neighbour(side, offset, anyone), "near")


def _add_home(trigger: Trigger, found: dict[str, Aim]) -> None:
    """The host's own country, where the frame takes one: "Prime Minister Brandt of Norway will receive …"."""
    host = trigger.host
    if host is not None and host.entity.country:
        aim = Aim(host.entity.country, None, Link((4, 0, 0), (), "home"))
        found.setdefault(aim.key, aim)


def _add_dateline(trigger: Trigger, found: dict[str, Aim], anywhere: bool) -> None:
    """Where the story was filed, which "here" means; elsewhere unless the sentence names a place of the country."""
    scene = trigger.scene
    if scene.here is None:
        return
    country, place = scene.here
    says = trigger.sentence in scene.saying_here
    named = features.of_dateline(
        says, anywhere, trigger.frame.aspect, trigger.sentence == 0, country in scene.mentioned
    )
    manner = "here" if says else "dateline" if anywhere else "dateline.open"
    aim = Aim(country, place, Link((0 if says else AWAY + 3, 1, 0), named, manner))
    if says or aim.key not in found:
        found[aim.key] = aim


def _link(trigger: Trigger, named: Named, slots: tuple[str, ...], side: str, more: features.Names) -> Link:
    """How a phrase of the trigger's sentence stands to it; `side` is "v" for visitors and "d" for destinations."""
    role = trigger.roles.of(named.head)
    distance = _distance(trigger.token, named)
    apart = abs(distance)
    aspect, bucket = trigger.frame.aspect, bisect_left(_FAR, apart)
    kind = f"{side}.none" if role is None else side
    position = features.of_position(kind, side, distance > 0, bucket, named.form.value) + more
    if role is None:
        return Link((AWAY, bucket, apart), features.of_bystander(side, aspect) + position, "none")
    slot = slots.index(role.name) if role.name in slots else None
    hosts = side == "v" and role.name in trigger.frame.host
    known = features.of_role(side, aspect, *role, slot, hosts) + position
    if slot is None:
        return Link((6 + (role.reach == INSIDE), role.reach, apart), known, "role")
    return Link((slot if role.reach < INSIDE else 7, role.reach, apart), known, f"slot{max(role.reach, 1)}")


def _says(trigger: Trigger, named: Named) -> bool:
    """Whether somebody is the subject of a verb of saying, and so more likely the source than the visitor."""
    parse = trigger.scene.parse
    return parse.dep[named.head] == "nsubj" and trigger.is_saying(parse.head[named.head])


def _distance(token: int, named: Named) -> int:
    """Tokens from the trigger to the phrase; negative before it."""
    return named.first - token if named.first > token else named.end - 1 - token


def _keep(found: dict[str, Link], key: str, link: Link) -> None:
    if key not in found or link.rank < found[key].rank:
        found[key] = link


def _keep_aim(found: dict[str, Aim], entity: Entity, link: Link) -> None:
    """Keeps the closest link of each country, and the first place that is named there."""
    aim = Aim(entity.country, entity.name if entity.kind is EntityKind.PLACE else None, link)
    other = found.get(aim.key)
    if other is not None:
        closer = link.rank < other.link.rank
        place = aim.place or other.place if closer else other.place or aim.place
        aim = Aim(aim.country, place, link if closer else other.link)
    found[aim.key] = aim


def _compared(links: Iterable[Link], side: str) -> list[Link]:
    """Each link with the features that tell how it stands against the others."""
    links = list(links)
    ranks = sorted(link.rank[0] for link in links)
    found = []
    for link in links:
        order = min(3, ranks.index(link.rank[0]))
        extra = features.of_order(side, order, ranks[0])
        found.append(Link(link.rank, link.features + extra, link.manner, order))
    return found
