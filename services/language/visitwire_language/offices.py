"""The words for offices and roles, and which states lack which office."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_language.phrases import Phrases
from visitwire_language.tables import of_language, rows


@dataclass(frozen=True)
class Title:
    """An office or role: `kind` as in OfficeKind, or "leader", "role" or "counterpart"; the country and gender its
    words imply."""

    words: str
    kind: str
    country: str | None
    gender: str | None
    plural: bool = False


@cache
def titles(language: str = "en") -> Phrases[Title]:
    """Every title, and its plural."""
    phrases: Phrases[Title] = Phrases()
    listed = list(rows(of_language("offices.tsv", language)))
    for words, kind, country, gender in listed:
        phrases.add(words, Title(words, kind, country or None, gender or None))
    for words, kind, country, gender in listed:
        phrases.add(plural(words), Title(words, kind, country or None, gender or None, plural=True))
    return phrases


@cache
def lacking(language: str = "en") -> Mapping[str, frozenset[str]]:
    """By the main noun of an office, the states that have none."""
    return {words: frozenset(codes.split()) for words, codes in rows(of_language("systems.tsv", language))}


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
