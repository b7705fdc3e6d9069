"""Small closed classes of words, by what a rule asks of them: "place", "small" are place words never written small."""

from collections.abc import Mapping
from functools import cache

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import words


@cache
def word_classes(subject: str, language: str = "en") -> Mapping[str, frozenset[str]]:
    """The classes of one subject ("place", "organisation", "event"), each by its name."""
    listed = sections(of_language("classes.toml", language))[subject]
    return {name: words(one) if isinstance(one, str) else frozenset(one) for name, one in listed.items()}


def office_words(name: str, language: str = "en") -> frozenset[str]:
    """A class of words in and around offices."""
    return word_classes("office", language)[name]


def name_words(name: str, language: str = "en") -> frozenset[str]:
    """A class of words in and around names of people."""
    return word_classes("name", language)[name]


def group_words(name: str, language: str = "en") -> frozenset[str]:
    """A class of words in and around groups without a name."""
    return word_classes("group", language)[name]
