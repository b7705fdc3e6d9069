"""The names of features: how phrases stand to a trigger, who somebody is, what visitor and destination tell together.

Each function takes the few things that its names are made of and remembers what it made: a name is written once, not
for every word of every story. A name is an interface: weights.json has a number for it.
"""

from functools import lru_cache
from typing import NamedTuple

from visitwire_schemas import Entity

type Names = tuple[str, ...]

AWAY = 9
"""The rank of a phrase that plays no role at the trigger."""
_kept = lru_cache(maxsize=1 << 13)


@_kept
def of_role(side: str, aspect: str, role: str, reach: int, slot: int | None, hosts: bool) -> Names:
    """A phrase that plays a role at the trigger; `slot` is the role's number among those that the frame asks for."""
    host = (f"{side}.host",) if hosts else ()
    if slot is None:
        return (f"{side}.role={role}", f"{side}.role={role}@{aspect}", f"{side}.role.reach={reach}", *host)
    through = f"{side}.slot.reach={reach}"
    return (f"{side}.slot={min(slot, 3)}", f"{side}.slot={role}@{aspect}", through, f"{through}@{aspect}", *host)


@_kept
def of_bystander(side: str, aspect: str) -> Names:
    """A phrase of the trigger's sentence that plays no role at it."""
    return (f"{side}.none", f"{side}.none@{aspect}")


@_kept
def of_position(kind: str, side: str, after: bool, bucket: int, form: str) -> Names:
    """On which side of the trigger a phrase stands, how far away, and in which form; `kind`: "v", "v.none"."""
    return (f"{kind}.{'after' if after else 'before'}={bucket}", f"{side}.form={form}")


def of_neighbour(side: str, offset: int, anyone: bool) -> Names:
    """A phrase of a sentence beside; `anyone`: whether the grammar of the trigger's own sentence gives somebody."""
    return (f"{side}.sentence={offset:+d}", f"{side}.sentence={offset:+d}.open={not anyone}")


@_kept
def of_headline(side: str, anyone: bool) -> Names:
    """A name of the headline."""
    return (f"{side}.headline", f"{side}.headline.open={not anyone}")


@_kept
def saying(aspect: str) -> Names:
    """The subject of a verb of saying."""
    return ("v.says", f"v.says@{aspect}")


@_kept
def of_dateline(says: bool, anywhere: bool, aspect: str, lead: bool, mentioned: bool) -> Names:
    """The place of the dateline; `says`: the sentence says "here"; `mentioned`: the story names its country."""
    return (
        f"d.dateline.says={says}",
        f"d.dateline.open={not anywhere}",
        f"d.dateline.open={not anywhere}@{aspect}",
        f"d.dateline.lead={lead}",
        f"d.dateline.mentioned={mentioned}",
    )


@_kept
def of_order(side: str, order: int, best: int) -> Names:
    """How many stand closer, and how close the closest stands."""
    given = (f"{side}.order={order}", f"{side}.best={best if best < AWAY else 'none'}")
    return (*given, f"{side}.beaten.by={min(best, 5)}") if order and best < AWAY else given


@_kept
def of_story(side: str, count: int, near: bool) -> Names:
    """How often other triggers of the story give the same traveller or destination."""
    return (f"{side}.story={count}", f"{side}.story={count}.near={near}")


@_kept
def of_echo(same: bool, before: bool, distance: int, aspect: str, only: bool) -> Names:
    """A destination that a trigger takes from another: of the same word, told before, how many sentences away."""
    found = (f"d.echo.same={same}", f"d.echo.before={before}", f"d.echo.distance={distance}", f"d.echo@{aspect}")
    return (*found, "d.echo.only") if only else found


def of_entity(entity: Entity) -> Names:
    """What makes somebody a likely visitor, whatever the grammar."""
    found = (
        f"e.class={_class(entity)}",
        f"e.kind={entity.office_kind.value if entity.office_kind else 'none'}",
        f"e.standing={entity.office_standing.value if entity.office_standing else 'none'}",
        f"e.{entity.kind.value}.named={entity.named}",
        f"e.country={'known' if entity.country else 'unknown'}",
        f"e.mentions={min(len(entity.mentions), 4)}",
    )
    return (*found, "e.office") if entity.office else found


def _class(entity: Entity) -> str:
    """Whether the story gives somebody a public office, and whose."""
    if entity.office_kind is not None:
        return "public" if entity.country else "public.stateless"
    if not entity.named:
        return "group" if entity.country else "group.stateless"
    if entity.office:
        return "private" if entity.country is None else "office"
    return "bare" if entity.country else "unknown"


class Together(NamedTuple):
    """What visitor and destination tell together, apart from how each stands to the trigger."""

    closest: tuple[bool, bool] | None
    """Of whoever fills the visitor's slot best: whether they are at home there, whether they are this visitor."""
    post: bool
    """The visitor's office names the place or the country."""
    unknown: bool
    """The country of one of them is not known."""
    hosted: bool
    """Somebody else of the destination's country is named in the sentence."""
    dateline: tuple[bool, bool] | None
    """Whether the story was filed from the destination, and from the visitor's country; None: from nowhere."""


@_kept
def of_orders(visitor: int, destination: int) -> Names:
    """How many stand closer to the trigger than the visitor, and than the destination."""
    return (f"x.order={visitor}|{destination}",)


@_kept
def of_manners(aspect: str, told: str, visitor: str, destination: str) -> Names:
    """Of which kinds the visitor's and the destination's links are."""
    both = f"x={visitor}|{destination}"
    return (both, f"{both}@{aspect}", f"x={destination}@{aspect}@{told}")


@_kept
def of_pair(aspect: str, grammar: str, told: Together) -> Names:
    """What visitor and destination tell together; `grammar` says how far it vouches for each: "first|filled"."""
    found = [f"g={grammar}", f"g={grammar}@{aspect}"]
    if told.closest is not None:
        home, own = told.closest
        at_home = f"home={home}.own={own}"
        found += [f"p.closest.{at_home}", f"p.closest.{at_home}@{aspect}", f"m={grammar}.{at_home}@{aspect}"]
    flags = {"p.post": told.post, "p.country.unknown": told.unknown, "p.host.beside": told.hosted}
    found += [name for name, holds in flags.items() if holds]
    if told.dateline is not None:
        destination, home = told.dateline
        found += [f"p.dateline.destination={destination}", f"p.dateline.home={home}"]
    return tuple(found)


@_kept
def of_manner(form: str, aspect: str, modality: str, settled: str | None, negated: bool, aside: bool) -> Names:
    """How the trigger is told."""
    tense = f"told={form or 'open'}"
    return (
        tense,
        f"{tense}@{aspect}",
        f"modality={modality}",
        f"modality={modality}.negated={negated}",
        f"settled={settled}",
        f"negated={negated}",
        f"negated={negated}@{form}",
        f"aside={aside}",
    )
