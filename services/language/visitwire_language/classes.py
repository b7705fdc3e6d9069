"""Small closed classes of words, by what a rule asks of them: "place", "small" are place words never written small."""

from collections.abc import Mapping
from functools import cache

from visitwire_language.phrases import words
from visitwire_language.tables import of_language, sections


@cache
def word_classes(subject: str, language: str = "en") -> Mapping[str, frozenset[str]]:
    """The classes of one subject ("place", "organisation", "event"), each by its name."""
    return {name: words(listed) for name, listed in sections(of_language("classes.toml", language))[subject].items()}
