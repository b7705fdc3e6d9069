"""Which country a country's own name or its capital stands for: the small part of the gazetteer, read in no time."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from visitwire_language.data_files import of_language, rows
from visitwire_language.gazetteer.countries import country_words, states
from visitwire_language.phrases import plain


@cache
def _seats(language: str) -> Mapping[str, tuple[str, ...]]:
    """Plain name -> the codes it stands for; several where a state has ended."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in country_words(language).items():
        for name in (*words.names, *words.capitals):
            found[plain(name)] = (*found.get(plain(name), ()), code)
    for name, code in rows(of_language("regions.tsv", language)):
        found.setdefault(plain(name), (code,))
    return found


def country_of(place: str, day: date | None = None, language: str = "en") -> str | None:
    """The code of the country that the words name, or whose capital they name, on a day (None: today's states)."""
    codes = _seats(language).get(plain(place), ())
    known = states(language)
    ended = [code for code in codes if (until := known[code].until) and day is not None and day <= until]
    standing = [code for code in codes if known[code].until is None]
    return next(iter([*ended, *standing]), None)


def is_country(place: str, language: str = "en") -> bool:
    """Whether the words are the name of a country itself."""
    return plain(place) in _names(language)


@cache
def _names(language: str) -> frozenset[str]:
    return frozenset(plain(name) for words in country_words(language).values() for name in words.names)
