"""Who may go where: visitors and destinations of one trigger put together, as nobody visits their own country."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from visitwire_language.bodies import is_seat
from visitwire_language.gazetteer.countries import is_home
from visitwire_schemas import Entity, OfficeStanding

from visitwire_visits.candidate import Filler
from visitwire_visits.rules.features import Names, Together, of_manners, of_orders, of_pair
from visitwire_visits.rules.links import Aim, Linked
from visitwire_visits.rules.scene import Scene


class Guest(NamedTuple):
    """Somebody as a visitor of a place that is not their home."""

    entity: Entity
    post: bool
    """Their office names the place or the country."""
    dateline: tuple[bool, bool] | None
    """Whether the story was filed from the destination, and from the visitor's country; None: from nowhere."""


class Pairing:
    """Puts the visitors and destinations of the triggers of one story together."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._guests: dict[tuple[str, str | None, str | None], Guest | None] = {}

    def links(self, each: Linked, form: str, aim: Aim, visitors: Sequence[Filler]) -> Iterator[tuple[Filler, Names]]:
        """Each visitor who would be abroad at a destination, and what both tell together; `form`: how it is told."""
        abroad = {key: guest for key in each.travellers if (guest := self._guest(key, aim)) is not None}
        first = min([each.travellers[key].rank[0] for key in abroad], default=0)
        aspect = each.trigger.frame.aspect
        for filler in visitors:
            if (guest := abroad.get(filler.entity)) is not None:
                who = each.travellers[filler.entity]
                # nobody stands closer to the trigger but those who are at home there: they receive the visitor
                grammar = f"{who.by_grammar(who.rank[0] == first)}|{_goal(each, filler.entity, aim)}"
                yield (
                    filler,
                    of_pair(aspect, grammar, self._together(each, guest, aim))
                    + of_manners(aspect, form, who.manner, aim.link.manner)
                    + of_orders(who.order, aim.link.order),
                )

    def _guest(self, key: str, aim: Aim) -> Guest | None:
        """Somebody at a destination, read once a story; None where they are at home there."""
        at = key, aim.country, aim.place
        if at not in self._guests:
            self._guests[at] = _guest(self._scene, self._scene.entities[key], aim.country, aim.place)
        return self._guests[at]

    def _together(self, each: Linked, guest: Guest, aim: Aim) -> Together:
        visitor, country = guest.entity, aim.country
        closest = each.trigger.closest if country is not None else None
        return Together(
            (closest.entity.country == country, closest.entity.id == visitor.id) if closest is not None else None,
            guest.post,
            visitor.country is None or country is None,
            country is not None and self._scene.has_beside(each.trigger.sentence, country, visitor),
            guest.dateline,
        )


def _goal(each: Linked, visitor: str, aim: Aim) -> str:
    """How far the grammar vouches for a destination; of one told elsewhere, who goes there by the other triggers: the
    visitor, somebody told of together with them, or others."""
    if not aim.goers:
        return aim.link.by_grammar(aim.link.order == 0)
    if visitor in aim.goers:
        return "echo.own"
    return "echo" if aim.goers.isdisjoint(each.goers) else "echo.with"


def _guest(scene: Scene, entity: Entity, country: str | None, place: str | None) -> Guest | None:
    if _is_at_home(scene, entity, country, place):
        return None
    filed = (scene.here[0] == country, scene.here[0] == entity.country) if scene.here is not None else None
    return Guest(entity, _is_posted(scene, entity, country, place), filed)


def _is_at_home(scene: Scene, entity: Entity, country: str | None, place: str | None) -> bool:
    """In their own country, at the seat of their organisation, or at the post where they reside."""
    if is_home(entity.country, country) or is_seat(entity.country, country, place):
        return True
    return country is not None and _resides(scene, entity, country)


def _resides(scene: Scene, entity: Entity, country: str) -> bool:
    """Whether somebody's office is to reside in the country: "ambassador to Chile", or to nowhere that is told."""
    office, offices = entity.office or "", scene.words["residents"]
    words = office.lower()
    if entity.office_standing is OfficeStanding.FORMER or offices.isdisjoint(words.replace("-", " ").split()):
        return False
    return not re.search(r"\b(?:to|in|at)\b", words) or scene.names_country(office, country)


def _is_posted(scene: Scene, entity: Entity, country: str | None, place: str | None) -> bool:
    """Whether somebody's office names the place, or the country that it is held at."""
    if not entity.office:
        return False
    return (place or "\0") in entity.office or (country is not None and scene.names_country(entity.office, country))
