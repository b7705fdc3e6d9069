"""How much a story speaks of a visitor and a destination, and how close together: counted from mentions alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from visitwire_schemas import Entity, EntityKind

_NEAR, _CLOSE = 160, 400
"""Characters: about a sentence, about a paragraph."""
_LEAD = 400
_MOST = 3


@dataclass(frozen=True)
class Salience:
    """The entities of one story and its headline."""

    entities: Mapping[str, Entity]
    headline: str

    def of(self, visitor: Entity, country: str | None) -> Iterator[str]:
        """Named features of a visitor and a destination's country."""
        mine = [mention.start for mention in visitor.mentions]
        places = self._mentions.get(country or "", [])
        near = sum(any(abs(place - start) < _NEAR for start in mine) for place in places)
        close = sum(any(abs(place - start) < _CLOSE for start in mine) for place in places)
        yield f"salience.near={min(_MOST, near)}"
        yield f"salience.close={min(_MOST, close)}"
        yield f"salience.visitor.rank={_rank(self._people, visitor.id)}"
        yield f"salience.place.rank={_rank(self._countries, country)}"
        lead = any(start < _LEAD for start in mine), any(place < _LEAD for place in places)
        yield f"salience.lead={lead[0]}.{lead[1]}"
        titled = self.is_headlined(visitor), self.names_country(country)
        yield f"salience.headline={titled[0]}.{titled[1]}"

    def is_headlined(self, visitor: Entity) -> bool:
        """Whether the headline has the last word of a visitor's name."""
        return visitor.named and visitor.name.split()[-1].lower() in self.headline.lower()

    def names_country(self, country: str | None) -> bool:
        """Whether the headline names the country, a place in it or its people."""
        headline = self.headline.lower()
        return any(word in headline for word in self._words.get(country or "", ()))

    @cached_property
    def _mentions(self) -> Mapping[str, list[int]]:
        """Country -> where a place of it is named."""
        found: dict[str, list[int]] = {}
        for entity in self.entities.values():
            if entity.kind in (EntityKind.COUNTRY, EntityKind.PLACE) and entity.country:
                starts = [mention.start for mention in entity.mentions if mention.form.value == "name"]
                found.setdefault(entity.country, []).extend(starts)
        return found

    @cached_property
    def _words(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entity in self.entities.values():
            if entity.kind in (EntityKind.COUNTRY, EntityKind.PLACE) and entity.country:
                found.setdefault(entity.country, set()).add(entity.name.lower())
        return found

    @cached_property
    def _people(self) -> list[str]:
        people = [entity for entity in self.entities.values() if entity.kind is EntityKind.PERSON]
        return [entity.id for entity in sorted(people, key=lambda entity: -len(entity.mentions))]

    @cached_property
    def _countries(self) -> list[str]:
        return sorted(self._mentions, key=lambda country: -len(self._mentions[country]))


def _rank(ordered: Sequence[str], one: str | None) -> str:
    return str(min(_MOST, ordered.index(one))) if one in ordered else "none"
