"""Regions and blocs: what may be named where a country is asked for, and which countries that means."""

from collections.abc import Iterable, Mapping
from functools import cache

from visitwire_language.bodies import organisations
from visitwire_language.data_files import of_world, sections
from visitwire_language.gazetteer.countries import states


@cache
def groups() -> Mapping[str, frozenset[str]]:
    """The countries of each region and bloc by its name, in the order of the alphabet."""
    table = sections(of_world("groups.toml"))
    codes = {name: frozenset(listed.split()) for name, listed in (table["subregions"] | table["blocs"]).items()}
    regions = {
        name: frozenset(code for part in parts for code in codes[part]) for name, parts in table["regions"].items()
    }
    return dict(sorted((codes | regions).items()))


@cache
def country_codes() -> tuple[str, ...]:
    """The code of every country, territory and historic state."""
    return tuple(sorted(states()))


@cache
def askable() -> tuple[str, ...]:
    """Everything that may be named where a country is asked for: codes, regions, blocs, organisations of states."""
    return tuple(sorted({*country_codes(), *groups(), *organisations(), *_former()}))


@cache
def _former() -> Mapping[str, str]:
    """What names that were used before stand for; they are still accepted."""
    return dict(sections(of_world("groups.toml"))["former"])


@cache
def members(name: str) -> frozenset[str]:
    """The codes that `name` stands for: the members of a region or bloc, and the bloc's own where it is an
    organisation."""
    own = _former().get(name, name)
    found = groups().get(own, frozenset())
    return found if found and own not in organisations() else found | {own}


def expand(names: Iterable[str]) -> frozenset[str]:
    """The codes that any of the names stands for."""
    return frozenset(code for name in names for code in members(name))
