"""What stands in and before the names of people: given and family names, particles, words of address."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import plain, words


@cache
def given_names(language: str = "en") -> Mapping[str, str]:
    """By given name in plain form, "male" or "female"."""
    listed = sections(of_language("given_names.toml", language))
    return {name: gender for gender in ("male", "female") for name in listed[gender].split()}


@cache
def either_given(language: str = "en") -> frozenset[str]:
    """Given names that tell no gender."""
    return words(sections(of_language("given_names.toml", language))["either"])


@cache
def honorifics(language: str = "en") -> Mapping[str, str | None]:
    """Words of address before a name in plain form, and the gender they give; None where the word does not tell."""
    listed = sections(of_language("names.toml", language))["honorifics"]
    genders = {"male": "male", "female": "female", "either": None}
    return {word: genders[gender] for gender, found in listed.items() for word in found.split()}


@cache
def particles(language: str = "en") -> frozenset[str]:
    """Words inside a name that may be written small."""
    return words(sections(of_language("names.toml", language))["particles"])


@cache
def suffixes(language: str = "en") -> frozenset[str]:
    """Words after a name that are none of its names."""
    return words(sections(of_language("names.toml", language))["suffixes"])


@cache
def family_first(language: str = "en") -> frozenset[str]:
    """Family names that stand before the given names, as the language writes them."""
    return words(sections(of_language("names.toml", language))["family_first"])


def key_words(words: Iterable[str]) -> tuple[str, ...]:
    """A name's words as compared: plain, without joiners and suffixes."""
    return tuple(
        word for raw in words if (word := plain(raw).strip("-'.’\"“”‘`")) and word not in suffixes() and word != "-"
    )


def family_name(words: Sequence[str]) -> str:
    """The word that a person is called by later: the last, but the first of a Chinese, Korean or Vietnamese name."""
    return words[0] if len(words) > 1 and words[0] in family_first() else words[-1]
