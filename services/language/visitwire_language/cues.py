"""The cues: which words attribute, and what they take; and the small classes of words that go with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import words

type Takes = Mapping[str, str]
"""What a cue takes ("clause", "quotation" … or a preposition as "for*"), and the kind of each ("speech" …)."""

NOTHING: Takes = {}


@dataclass(frozen=True)
class Cues:
    """Takes by lemma, for each part of speech."""

    verbs: Mapping[str, Takes]
    nouns: Mapping[str, Takes]
    adjectives: Mapping[str, Takes]
    never: frozenset[str]
    """Verbs whose clause is no content: "made him go"."""
    raising: frozenset[str]
    """Cues that attribute under negation too."""
    phrases: Mapping[str, str]
    """The preposition after each word that attributes by itself: "according to"."""
    words: Mapping[str, frozenset[str]]
    """Classes of words by name: "polls", "epithets", "asking" …"""


@cache
def cues(language: str = "en") -> Cues:
    """The cues of a language, read once."""
    data = sections(of_language("cues.toml", language))
    return Cues(
        verbs=_takes(data["verb"]),
        nouns=_takes(data["noun"]),
        adjectives=_takes(data["adjective"]),
        never=words(data["other"]["never"]),
        raising=words(data["negation"]["raising"]),
        phrases=data["phrase"],
        words={name: words(listed) for name, listed in data["words"].items()},
    )


def speaks(lemma: str, language: str = "en") -> bool:
    """Whether a verb tells in a clause what somebody says: "say", "warn"."""
    return cues(language).verbs.get(lemma, NOTHING).get("clause") == "speech"


def _takes(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for group in groups:
        takes = [*group.get("takes", ()), *(f"{prep}*" for prep in group.get("preps", "").split())]
        for word in group["words"].split():
            for take in takes:
                found.setdefault(word, {}).setdefault(take, group["kind"])
    return found
