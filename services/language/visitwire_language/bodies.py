"""Bodies whose name does not hold their country, and the organisations that states have made together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_language.data_files import of_language, of_world, rows, several
from visitwire_language.phrases import Phrases


@dataclass(frozen=True)
class International:
    """An organisation of states; its people represent its acronym."""

    acronym: str
    name: str
    wikidata: str | None
    seat: str | None
    seat_country: str | None
    names: frozenset[str] = frozenset()
    """Every name, as written."""


@dataclass(frozen=True)
class Body:
    """A ministry, party, bank or movement, and the country it is of."""

    name: str
    country: str
    """A code, or the acronym of an organisation of states."""
    wikidata: str | None


@cache
def organisations(language: str = "en") -> Mapping[str, International]:
    """The organisations of states by acronym."""
    facts = {acronym: (item or None, country or None) for acronym, item, country in rows(of_world("organisations.tsv"))}
    found = {}
    for acronym, name, seat, names in rows(of_language("organisations.tsv", language)):
        item, country = facts[acronym]
        every = frozenset({name, *several(names)})
        found[acronym] = International(acronym, name, item, seat or None, country, every)
    return found


def is_seat(acronym: str | None, country: str | None, town: str | None, language: str = "en") -> bool:
    """Whether a town is the seat of an organisation, or a country, where no town is told, the one that it sits in."""
    organisation = organisations(language).get(acronym or "")
    if organisation is None or country is None or country != organisation.seat_country:
        return False
    return town is None or town == organisation.seat


@cache
def organisation_names(language: str = "en") -> Phrases[International]:
    """The organisations of states by acronym and by each of their names."""
    phrases: Phrases[International] = Phrases()
    for acronym, organisation in organisations(language).items():
        for phrase in (acronym, organisation.name, *sorted(organisation.names)):
            phrases.add(phrase, organisation)
    return phrases


@cache
def bodies(language: str = "en") -> Phrases[Body]:
    """National bodies by name."""
    phrases: Phrases[Body] = Phrases()
    for name, country, item in rows(of_language("bodies.tsv", language)):
        phrases.add(name, Body(name, country, item or None))
    return phrases
