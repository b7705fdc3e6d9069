"""The words for offices and roles, and which states lack which office."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from visitwire_language.data_files import of_language, rows, sections
from visitwire_language.gazetteer.countries import states
from visitwire_language.phrases import Phrases, words


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
    for title, kind, country, gender in listed:
        for spelling in _tokenized(title):
            phrases.add(spelling, Title(title, kind, country or None, gender or None))
    for title, kind, country, gender in listed:
        for spelling in _tokenized(plural(title)):
            phrases.add(spelling, Title(title, kind, country or None, gender or None, plural=True))
    return phrases


def _tokenized(title: str) -> Iterator[str]:
    """The spellings of a title, with each full stop a token of its own and not: "Lt. Gen." is "Lt", ".", "Gen."."""
    parts = [(word, f"{word[:-1]} .") if word.endswith(".") else (word,) for word in title.split()]
    return (" ".join(spelling) for spelling in product(*parts))


@cache
def lacking(language: str = "en") -> Mapping[str, frozenset[str]]:
    """By the main noun of an office, the states that have none."""
    return {noun: _states(codes) for noun, codes in rows(of_language("systems.tsv", language))}


def _states(codes: str) -> frozenset[str]:
    """The states of a list, or after "only" all others."""
    listed = words(codes.removeprefix("only "))
    return frozenset(states()) - listed if codes.startswith("only ") else listed


@cache
def standings(language: str = "en") -> Mapping[str, str]:
    """By a word beside an office, the standing that it gives: "former", "deputy", "acting", "elect", "designate"."""
    listed = sections(of_language("standings.toml", language))["standing"]
    return {word: standing for standing, found in listed.items() for word in words(found)}


@cache
def stands_for(language: str = "en") -> Mapping[str, frozenset[str]]:
    """By the words of a nominal ("head of state"), the kinds of office that it may pick up."""
    listed = sections(of_language("standings.toml", language))["stands_for"]
    return {nominal: words(kinds) for nominal, kinds in listed.items()}


def gender_of_title(word: str, language: str = "en") -> str | None:
    """The gender that a title of one word gives: "spokesman", "queen"."""
    title = titles(language).exact((word,))
    return title.gender if title else None


def is_office(word: str, language: str = "en") -> bool:
    """Whether a word is an office that somebody holds, not a role such as "analyst"."""
    title = titles(language).exact((word,))
    return title is not None and title.kind not in ("role", "counterpart")


@cache
def _abbreviations(language: str) -> Mapping[str, str]:
    return dict(sections(of_language("wording.toml", language))["abbreviated_titles"])


def abbreviated(title: str, language: str = "en") -> str:
    """A title as it is written short before a name: "sen." for "senator"; itself where it has no short form."""
    return _abbreviations(language).get(title, title)


def plural(words: str) -> str:
    """ "prime minister" gives "prime ministers", "secretary of state" "secretaries of state", "sen." "sens."."""
    head, of, rest = words.partition(" of ")
    if head.endswith("."):
        head = head[:-1] + "s."
    elif head.endswith("man"):
        head = head[:-2] + "en"
    elif head.endswith(("s", "ch", "x")):
        head += "es"
    elif head.endswith("y") and head[-2] not in "aeiou":
        head = head[:-1] + "ies"
    else:
        head += "s"
    return head + of + rest
