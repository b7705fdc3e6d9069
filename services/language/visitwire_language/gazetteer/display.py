"""What a country is called wherever a person reads of it: in alerts, on the board, in the calendar, on a terminal."""

from collections.abc import Mapping
from functools import cache

from visitwire_language.bodies import organisations
from visitwire_language.data_files import of_language, sections
from visitwire_language.gazetteer.countries import country_words, states
from visitwire_language.phrases import plain, words


def country_name(code: str | None, language: str = "en") -> str:
    """ "India" for "IN"; the acronym of an organisation, and a code that is not listed, as it is; "" for none."""
    if code is None:
        return ""
    state = states(language).get(code)
    return state.name if state else code


def in_sentence(code: str, language: str = "en") -> str:
    """The name as it stands in a sentence: "the Netherlands", "India"."""
    name = country_name(code, language)
    return f"the {name}" if code in _with_article(language) else name


def capital(code: str, language: str = "en") -> str:
    """The capital of a country, or the seat of an organisation; the country's own name where that is all there is."""
    found = country_words(language).get(code)
    if found is not None:
        return found.capitals[0] if found.capitals else country_name(code, language)
    organisation = organisations(language).get(code)
    return (organisation and organisation.seat) or code


def code_of(name: str, language: str = "en") -> str | None:
    """The code of a country by any of its names, whatever the case and with or without "the"."""
    return _codes(language).get(_key(name))


@cache
def _codes(language: str) -> Mapping[str, str]:
    """By name as compared; where two states share a name, the one that stands today has it."""
    found: dict[str, str] = {}
    for code in sorted(states(language), key=lambda code: states(language)[code].until is not None):
        for name in country_words(language)[code].names:
            found.setdefault(_key(name), code)
    return found


def _key(name: str) -> str:
    return plain(name.strip()).removeprefix("the ")


@cache
def _with_article(language: str) -> frozenset[str]:
    return words(sections(of_language("wording.toml", language))["with_article"])
