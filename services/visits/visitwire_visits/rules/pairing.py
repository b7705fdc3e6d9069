"""Who may go where: visitors and destinations of one trigger put together, as nobody visits their own country."""

import re
from collections.abc import Iterator, Sequence

from visitwire_language.bodies import is_seat
from visitwire_language.gazetteer.countries import is_home
from visitwire_schemas import Entity, OfficeStanding

from visitwire_visits.candidate import Filler
from visitwire_visits.rules.features import Names, Together, of_manners, of_orders, of_pair
from visitwire_visits.rules.links import Aim, Link, Linked
from visitwire_visits.rules.scene import Scene


class Links:
    """Puts the visitors and destinations of one trigger together; `form` is how it is told."""

    def __init__(self, each: Linked, form: str) -> None:
        self._each, self._form = each, form
        self._scene, self._aspect = each.trigger.scene, each.trigger.frame.aspect

    def to(self, aim: Aim, visitors: Sequence[Filler]) -> Iterator[tuple[Filler, Names]]:
        """Each visitor who would be abroad at the destination, and what both tell together."""
        abroad = {key: link for key, link in self._each.travellers.items() if not self._is_at_home(key, aim)}
        first = min((link.rank[0] for link in abroad.values()), default=0)
        for filler in visitors:
            link = abroad.get(filler.entity)
            if link is not None:
                yield filler, self._names(self._scene.entities[filler.entity], link, link.rank[0] == first, aim)

    def _is_at_home(self, key: str, aim: Aim) -> bool:
        entity, country, place = self._scene.entities[key], aim.country, aim.place
        return self._scene.once((key, country, place), lambda: _is_at_home(self._scene, entity, country, place))

    def _names(self, visitor: Entity, who: Link, first: bool, aim: Aim) -> Names:
        """`first`: nobody stands closer to the trigger but those who are at home there: they receive the visitor."""
        goal = self._echo(visitor, aim) if aim.goers else aim.link.by_grammar(aim.link.order == 0)
        return (
            of_manners(self._aspect, self._form, who.manner, aim.link.manner)
            + of_orders(who.order, aim.link.order)
            + of_pair(self._aspect, f"{who.by_grammar(first)}|{goal}", self._together(visitor, aim))
        )

    def _echo(self, visitor: Entity, aim: Aim) -> str:
        """Who goes there by the other triggers: the visitor, somebody told of together with them, or others."""
        if visitor.id in aim.goers:
            return "echo.own"
        return "echo" if aim.goers.isdisjoint(self._each.goers) else "echo.with"

    def _together(self, visitor: Entity, aim: Aim) -> Together:
        scene, country = self._scene, aim.country
        closest = self._each.trigger.closest if country is not None else None
        return Together(
            (closest.entity.country == country, closest.entity.id == visitor.id) if closest is not None else None,
            _is_posted(scene, visitor, country, aim.place),
            visitor.country is None or country is None,
            country is not None and scene.has_beside(self._each.trigger.sentence, country, visitor),
            (scene.here[0] == country, scene.here[0] == visitor.country) if scene.here is not None else None,
        )


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
