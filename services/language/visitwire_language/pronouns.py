"""The pronouns of a language, by what they tell of whom they mean."""

from collections.abc import Mapping
from functools import cache

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import words


@cache
def third_person(language: str = "en") -> Mapping[str, str]:
    """ "male" or "female" by pronoun: "he", "her"."""
    listed = sections(of_language("pronouns.toml", language))["third_person"]
    return {word: gender for gender, found in listed.items() for word in found.split()}


@cache
def first_person(language: str = "en") -> frozenset[str]:
    """Pronouns by which speakers mean themselves."""
    return words(sections(of_language("pronouns.toml", language))["first_person"])


@cache
def relative(language: str = "en") -> frozenset[str]:
    """Pronouns that open a clause about the noun before them."""
    return words(sections(of_language("pronouns.toml", language))["relative"])


@cache
def impersonal(language: str = "en") -> frozenset[str]:
    """Pronouns that mean a thing rather than a person."""
    return words(sections(of_language("pronouns.toml", language))["impersonal"])
