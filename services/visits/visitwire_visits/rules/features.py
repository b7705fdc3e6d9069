"""Named features of a possible visitor, and of a visitor and a destination together."""

from dataclasses import dataclass

from visitwire_schemas import Entity

from visitwire_visits.rules.links import Aim, Link, Trigger, is_grammatical


def of_entity(entity: Entity, top: bool) -> tuple[str, ...]:
    """What makes somebody a likely visitor, whatever the grammar."""
    kind = entity.office_kind.value if entity.office_kind else "none"
    standing = entity.office_standing.value if entity.office_standing else "none"
    features = [
        f"e.class={_class(entity)}",
        f"e.kind={kind}",
        f"e.standing={standing}",
        f"e.{entity.kind.value}.named={entity.named}",
    ]
    features.append(f"e.country={'known' if entity.country else 'unknown'}")
    features.append(f"e.mentions={min(len(entity.mentions), 4)}")
    if entity.office:
        features.append("e.office")
    if top:
        features.append("e.top")
    return tuple(features)


def _class(entity: Entity) -> str:
    """Whether the story gives somebody a public office, and whose."""
    if entity.office_kind is not None:
        return "public" if entity.country else "public.stateless"
    if not entity.named:
        return "group" if entity.country else "group.stateless"
    if entity.office:
        return "private" if entity.country is None else "office"
    return "bare" if entity.country else "unknown"


@dataclass(frozen=True)
class Rated:
    """Somebody who may be the visitor, the best rank of all who are abroad at the destination, and all who fit."""

    entity: Entity
    link: Link
    best: int
    goers: frozenset[str]
    """Ids of those whom the grammar gives this trigger."""

    @property
    def is_first(self) -> bool:
        """Whether nobody stands closer to the trigger but those who are at home there: they receive the visitor."""
        return self.link.rank[0] == self.best


def of_pair(trigger: Trigger, told: str, rated: Rated, aim: Aim) -> tuple[str, ...]:
    """What visitor and destination tell together."""
    who, visitor = rated.link, rated.entity
    scene, country, manners = trigger.scene, aim.country, f"{who.manner}|{aim.link.manner}"
    others = [named.entity for named in scene.people_in.get(trigger.sentence, ())]
    features = [
        f"x={manners}",
        f"x={manners}@{trigger.frame.aspect}",
        f"x={aim.link.manner}@{trigger.frame.aspect}@{told}",
        f"x.order={who.order}|{aim.link.order}",
    ]
    goal = _echo(rated, aim) if aim.goers else _by_grammar(aim.link, aim.link.order == 0)
    grammar = f"{_by_grammar(who, rated.is_first)}|{goal}"
    features += [f"g={grammar}", f"g={grammar}@{trigger.frame.aspect}"]
    closest = trigger.closest
    if closest is not None and country is not None:
        own = closest.id == visitor.id
        features.append(f"p.closest.home={closest.country == country}.own={own}")
        features.append(f"p.closest.home={closest.country == country}.own={own}@{trigger.frame.aspect}")
        features.append(f"m={grammar}.home={closest.country == country}.own={own}@{trigger.frame.aspect}")
    if aim.place and visitor.office and aim.place in visitor.office:
        features.append("p.post")
    if country and visitor.office and trigger.scene.names_country(visitor.office, country):
        features.append("p.post")
    if visitor.country is None or country is None:
        features.append("p.country.unknown")
    if any(other.id != visitor.id and other.country == country for other in others) and country:
        features.append("p.host.beside")
    if scene.here is not None:
        features.append(f"p.dateline.destination={scene.here[0] == country}")
        features.append(f"p.dateline.home={scene.here[0] == visitor.country}")
    return tuple(features)


def _echo(rated: Rated, aim: Aim) -> str:
    """Who goes there by the other triggers: the visitor, somebody told of together with them, or others."""
    if rated.entity.id in aim.goers:
        return "echo.own"
    return "echo.with" if rated.goers & aim.goers else "echo"


def _by_grammar(link: Link, first: bool) -> str:
    """How far the grammar vouches for a link: it fills the slot first, it fills the slot, or it only stands near."""
    if not is_grammatical(link):
        return link.manner if link.manner in ("slot3", "role", "echo", "company") else "near"
    return "first" if first else "filled"
