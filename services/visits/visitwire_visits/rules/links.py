"""Who may travel and where to, for one trigger: every person, role, delegation and place near it, as named features.

Grammar is the strongest of these features and never a condition: the weights say what a filled slot is worth against
somebody who merely stands in the sentence before, in the headline, or in the dateline.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from visitwire_schemas import Entity, EntityKind, MentionForm

from visitwire_visits.rules.lexicon import Frame, Lexicon
from visitwire_visits.rules.roles import Roles
from visitwire_visits.rules.scene import Named, Scene

_FAR = (3, 8, 15, 30)
_AWAY = 9
"""The rank of a phrase that plays no role at the trigger."""


@dataclass(frozen=True)
class Link:
    """A phrase and how it stands to the trigger: smaller `rank` is closer. `features` name it for the weights."""

    rank: tuple[int, int, int]
    features: tuple[str, ...]
    manner: str = ""
    """The kind of link in a word, for features of visitor and destination together."""
    order: int = 0
    """How many stand closer to the trigger, 3 for more."""


@dataclass(frozen=True)
class Aim:
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


@dataclass(frozen=True)
class Trigger:
    """A word that may tell of a visit, with its frame and the roles around it."""

    scene: Scene
    frame: Frame
    token: int
    roles: Roles
    lexicon: Lexicon
    others: frozenset[int]
    """The other tokens of the story on which a frame fires."""

    @property
    def saying(self) -> frozenset[str]:
        return self.lexicon.words["saying"]

    @property
    def trips(self) -> frozenset[str]:
        return self.lexicon.words["trips"]

    @property
    def pronouns(self) -> frozenset[str]:
        return self.lexicon.words["pronouns"]

    @property
    def bringers(self) -> frozenset[str]:
        return self.lexicon.words["bringers"]

    @property
    def onlookers(self) -> frozenset[str]:
        return self.lexicon.words["onlookers"]

    @property
    def sentence(self) -> int:
        return self.scene.text.sentence_of[self.token]

    @cached_property
    def closest(self) -> Entity | None:
        """Whoever stands closest to the trigger by the visitor's slots."""
        found = self._filling(self.frame.visitor)
        return found.entity if found is not None else None

    def host(self) -> Named | None:
        """Whoever fills the host's slot."""
        return self._filling(self.frame.host)

    def _filling(self, slots: tuple[str, ...]) -> Named | None:
        best: tuple[int, int, Named] | None = None
        for named in self.scene.people_in.get(self.sentence, ()):
            role = self.roles.of(named.head)
            if role is not None and role.name in slots and role.reach < 3:
                rank = (slots.index(role.name), role.reach)
                if best is None or rank < best[:2]:
                    best = (*rank, named)
        return best[2] if best else None


def travellers(trigger: Trigger) -> dict[str, Link]:
    """Entity id -> the closest of its mentions, for everybody who may be the visitor."""
    found: dict[str, Link] = {}
    scene = trigger.scene
    for named in scene.people_in.get(trigger.sentence, ()):
        link = _link(trigger, named, trigger.frame.visitor, "v")
        if _says(trigger, named):
            link = Link(link.rank, (*link.features, "v.says", f"v.says@{trigger.frame.aspect}"), link.manner)
        _keep(found, named.entity.id, link)
    anyone = any(link.rank[0] < _AWAY for link in found.values())
    for offset, limit in ((-1, 3), (-2, 2), (1, 2)):
        for entity in _of_sentence(scene.people_in, trigger.sentence + offset, limit):
            features = (f"v.sentence={offset:+d}", f"v.sentence={offset:+d}.open={not anyone}")
            _keep(found, entity.id, Link((_AWAY + 1 + abs(offset), 0, 0), features, "near"))
    for entity in scene.headlined:
        _keep(found, entity.id, Link((_AWAY + 5, 0, 0), ("v.headline", f"v.headline.open={not anyone}"), "headline"))
    return _compared(found, "v")


def aims(trigger: Trigger) -> list[Aim]:
    """The places that may be the destination, one a country, closest first."""
    scene = trigger.scene
    found: dict[str, Aim] = {}
    for named in scene.places_in.get(trigger.sentence, ()):
        link = _link(trigger, named, trigger.frame.destination, "d")
        entity = named.entity
        _keep_aim(found, entity, Link(link.rank, (*link.features, *_place_features(scene, named)), link.manner))
    if "home" in trigger.frame.destination:
        _add_home(trigger, found)
    anywhere = any(aim.link.rank[0] < _AWAY for aim in found.values())
    for offset in (-1, 1):
        for entity in _of_sentence(scene.places_in, trigger.sentence + offset, 3):
            features: tuple[str, ...] = (f"d.sentence={offset:+d}", f"d.sentence={offset:+d}.open={not anywhere}")
            _keep_aim(found, entity, Link((_AWAY + 2, 0, 0), features, "near"))
    if scene.here is not None:
        country, place = scene.here
        says = "here" in scene.here_words(trigger.sentence)
        features = (
            f"d.dateline.says={says}",
            f"d.dateline.open={not anywhere}",
            f"d.dateline.open={not anywhere}@{trigger.frame.aspect}",
            f"d.dateline.lead={trigger.sentence == 0}",
            f"d.dateline.mentioned={scene.is_mentioned(country)}",
        )
        manner = "here" if says else "dateline" if anywhere else "dateline.open"
        aim = Aim(country, place, Link((0 if says else _AWAY + 3, 1, 0), features, manner))
        if says or aim.key not in found:
            found[aim.key] = aim
    for entity in scene.headlined_places:
        features = ("d.headline", f"d.headline.open={not anywhere}")
        _keep_aim(found, entity, Link((_AWAY + 5, 0, 0), features, "headline"))
    links = _compared({key: aim.link for key, aim in found.items()}, "d")
    return sorted((Aim(a.country, a.place, links[key]) for key, a in found.items()), key=lambda aim: aim.link.rank)


def _add_home(trigger: Trigger, found: dict[str, Aim]) -> None:
    """The host's own country, where the frame takes one: "Prime Minister Brandt of Norway will receive …"."""
    host = trigger.host()
    if host is not None and host.entity.country:
        aim = Aim(host.entity.country, None, Link((4, 0, 0), ("d.home", f"d.home@{trigger.frame.aspect}"), "home"))
        found.setdefault(aim.key, aim)


def _place_features(scene: Scene, named: Named) -> Iterator[str]:
    yield f"d.kind={named.entity.kind.value}"
    before = scene.text.lower[named.first - 1] if named.first else ""
    yield f"d.before={before if before in _PLACING else 'other'}"
    if scene.parse.dep[named.head] in ("compound", "amod", "nmod", "poss") and named.form is MentionForm.NAME:
        yield f"d.modifier={scene.parse.dep[named.head]}"
    after = scene.text.lower[named.end] if named.end < len(scene.text) else ""
    if after in ("'s", "’s"):
        yield "d.owner"


_PLACING = frozenset({"in", "to", "at", "from", "of", "for", "the", "and", ",", "with", "between", "on", "through"})


def _link(trigger: Trigger, named: Named, slots: tuple[str, ...], side: str) -> Link:
    role = trigger.roles.of(named.head)
    distance = _distance(trigger.token, named)
    aspect = trigger.frame.aspect
    bucket = sum(abs(distance) > far for far in _FAR)
    where = "after" if distance > 0 else "before"
    if role is None:
        features: tuple[str, ...] = (f"{side}.none", f"{side}.none@{aspect}", f"{side}.none.{where}={bucket}")
        return Link((_AWAY, bucket, abs(distance)), (*features, f"{side}.form={named.form.value}"), "none")
    slot = slots.index(role.name) if role.name in slots else None
    if slot is None:
        features = (f"{side}.role={role.name}", f"{side}.role={role.name}@{aspect}", f"{side}.role.reach={role.reach}")
        rank = (6 + (role.reach == 3), role.reach, abs(distance))
        manner = "role"
    else:
        features = (
            f"{side}.slot={min(slot, 3)}",
            f"{side}.slot={role.name}@{aspect}",
            f"{side}.slot.reach={role.reach}",
            f"{side}.slot.reach={role.reach}@{aspect}",
        )
        rank = (slot if role.reach < 3 else 7, role.reach, abs(distance))
        manner = f"slot{max(role.reach, 1)}"
    if role.name in trigger.frame.host:
        features += (f"{side}.host",)
    return Link(rank, (*features, f"{side}.{where}={bucket}", f"{side}.form={named.form.value}"), manner)


def _says(trigger: Trigger, named: Named) -> bool:
    """Whether somebody is the subject of a verb of saying, and so more likely the source than the visitor."""
    parse, text = trigger.scene.parse, trigger.scene.text
    return parse.dep[named.head] == "nsubj" and text.lemma[parse.head[named.head]] in trigger.saying


def _distance(token: int, named: Named) -> int:
    """Tokens from the trigger to the phrase; negative before it."""
    return named.first - token if named.first > token else named.end - 1 - token


def _keep(found: dict[str, Link], key: str, link: Link) -> None:
    if key not in found or link.rank < found[key].rank:
        found[key] = link


def _keep_aim(found: dict[str, Aim], entity: Entity, link: Link) -> None:
    country, place = entity.country, entity.name if entity.kind is EntityKind.PLACE else None
    aim = Aim(country, place, link)
    other = found.get(aim.key)
    if other is None:
        found[aim.key] = aim
    elif link.rank < other.link.rank:
        found[aim.key] = Aim(country, place or other.place, link)
    elif place and not other.place:
        found[aim.key] = Aim(country, place, other.link)


def _of_sentence(mentions: Mapping[int, list[Named]], number: int, limit: int) -> list[Entity]:
    """The first few entities of a sentence, by name or nominal first."""
    found: dict[str, Entity] = {}
    for named in sorted(mentions.get(number, ()), key=lambda n: (n.form is MentionForm.PRONOUN, n.first)):
        found.setdefault(named.entity.id, named.entity)
    return list(found.values())[:limit]


def _compared(found: dict[str, Link], side: str) -> dict[str, Link]:
    """Each link with the features that tell how it stands against the others."""
    if not found:
        return found
    ranks = sorted(link.rank for link in found.values())
    best = ranks[0]
    compared = {}
    for key, link in found.items():
        order = min(3, sum(rank[0] < link.rank[0] for rank in ranks))
        extra = (f"{side}.order={order}", f"{side}.best={best[0] if best[0] < _AWAY else 'none'}")
        beaten = (f"{side}.beaten.by={min(best[0], 5)}",) if link.rank[0] > best[0] and best[0] < _AWAY else ()
        compared[key] = Link(link.rank, (*link.features, *extra, *beaten), link.manner, order)
    return compared


def is_grammatical(link: Link) -> bool:
    """Whether the grammar vouches for the link."""
    return link.manner in _GRAMMATICAL


_GRAMMATICAL = frozenset({"slot1", "slot2", "here", "home"})
