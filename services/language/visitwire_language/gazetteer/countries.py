"""The countries of the contract, those that have ended included, and what a language calls them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from visitwire_language.data_files import of_language, of_world, rows, several


@dataclass(frozen=True)
class State:
    """A country: `code` as the contract has it; `until` where the state has ended."""

    code: str
    name: str
    wikidata: str | None
    until: date | None = None


@dataclass(frozen=True)
class CountryWords:
    """The words of one language for a country, each list as written."""

    names: tuple[str, ...]
    people: tuple[str, ...]
    """Adjectives, and the people's own name."""
    capitals: tuple[str, ...]
    """Capitals and seats of government."""
    metonyms: tuple[str, ...]
    """Buildings and the like that stand for the government."""


@cache
def states(language: str = "en") -> Mapping[str, State]:
    """By code, the countries that the language's table names."""
    names = {code: name for code, name, *_ in rows(of_language("countries.tsv", language))}
    return {
        code: State(code, names[code], item or None, date.fromisoformat(until) if until else None)
        for code, until, item in rows(of_world("countries.tsv"))
        if code in names
    }


@cache
def country_words(language: str = "en") -> Mapping[str, CountryWords]:
    """By code, every word that leads to a country."""
    return {
        code: CountryWords(
            (name, *several(names)), tuple(several(people)), tuple(several(capitals)), tuple(several(metonyms))
        )
        for code, name, names, people, capitals, metonyms in rows(of_language("countries.tsv", language))
    }


@cache
def _owners() -> Mapping[str, str]:
    """Territory -> the state that it belongs to."""
    return {row[0]: row[1] for row in rows(of_world("territories.tsv"))}


def is_home(country: str | None, place: str | None) -> bool:
    """Whether a place's country is a state's own or a territory of it. False where either is unknown."""
    return country is not None and place is not None and country in (place, _owners().get(place))
