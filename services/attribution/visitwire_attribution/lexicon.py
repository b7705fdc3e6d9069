"""The cue lexicon: which words attribute, and what they take. The words are in `cues.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from visitwire_language.text import Text

type Takes = Mapping[str, str]
"""What a cue takes ("clause", "quotation" … or a preposition as "for*"), and the kind of each ("speech" …)."""

NOTHING: Takes = {}


@dataclass(frozen=True)
class Lexicon:
    """Takes by lemma, for each part of speech."""

    verbs: Mapping[str, Takes]
    nouns: Mapping[str, Takes]
    adjectives: Mapping[str, Takes]
    never: frozenset[str]
    """Verbs whose clause is no content: "made him go"."""
    raising: frozenset[str]
    """Cues that attribute under negation too."""
    documents: frozenset[str] = frozenset()
    polls: frozenset[str] = frozenset()
    anonymous: frozenset[str] = frozenset()
    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)


@cache
def lexicon() -> Lexicon:
    """The lexicon of this package, read once."""
    data = tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))
    return Lexicon(
        verbs=_takes(data["verb"]),
        nouns=_takes(data["noun"]),
        adjectives=_takes(data["adjective"]),
        never=_words(data["other"]["never"]),
        raising=_words(data["negation"]["raising"]),
        tables={name: _words(words) for name, words in data["words"].items()},
    )


def cue_takes(text: Text, token: int) -> Takes:
    """What the verb at `token` takes as a cue."""
    return lexicon().verbs.get(text.lemma[token], NOTHING)


def may_tag(text: Text, token: int) -> bool:
    """Whether the verb at `token` may tag a quotation."""
    takes = cue_takes(text, token)
    return "quotation" in takes or "clause" in takes


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _takes(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for group in groups:
        takes = [*group.get("takes", ()), *(f"{prep}*" for prep in group.get("preps", "").split())]
        for word in group["words"].split():
            for take in takes:
                found.setdefault(word, {}).setdefault(take, group["kind"])
    return found


@cache
def given_names() -> Mapping[str, str]:
    """ "male" or "female" by given name, in lower case; names that both bear are left out."""
    data = tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
    names = {sex: _words(data[sex]) for sex in ("male", "female")}
    both = names["male"] & names["female"]
    return {name: sex for sex, found in names.items() for name in found - both}
