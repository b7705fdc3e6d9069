"""Loads a language's frames, operators and closed word classes from `lang/<code>/*.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from visitwire_language.dependency_patterns import Patterns, read_tables
from visitwire_language.phrases import words

LANGUAGES = Path(__file__).parent / "lang"


@dataclass(frozen=True)
class Frame:
    """Which words may report a visit, and where its parts usually stand, best role first."""

    id: str
    aspect: str
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    visitor: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    where: Patterns | None = None
    """It fires only where one of these fits."""
    yes: tuple[tuple[str, str, str], ...] = ()
    """Tests: a text, the visitor's name and the destination's country that the frame links first."""
    no: tuple[str, ...] = ()
    """Tests: texts in which the frame does not fire."""


@dataclass(frozen=True)
class Operator:
    """A word that changes how what it governs is told: "cancel", "hope", "after"."""

    effect: str
    particles: frozenset[str] = frozenset()
    """The word counts only with one of these particles ("call off"); empty: with or without."""


@dataclass(frozen=True)
class Lexicon:
    """All that the embedded reader knows of one language."""

    language: str
    frames: tuple[Frame, ...]
    operators: Mapping[str, tuple[Operator, ...]]
    """Lemma -> what it does to a visit that it governs."""
    relations: Mapping[str, str]
    """Preposition or conjunction -> how it places the visit in time ("ahead of" -> ahead)."""
    modifiers: Mapping[str, str]
    """Word before a noun -> how it tells the visit ("upcoming" -> ahead)."""
    words: Mapping[str, frozenset[str]]
    """Closed classes of words by name."""
    patterns: Mapping[str, Patterns]
    """The tables of patterns.toml."""

    @cached_property
    def verbs(self) -> Mapping[str, tuple[Frame, ...]]:
        return _index(self.frames, "verbs")

    @cached_property
    def nouns(self) -> Mapping[str, tuple[Frame, ...]]:
        return _index(self.frames, "nouns")

    @cached_property
    def adjectives(self) -> Mapping[str, tuple[Frame, ...]]:
        return _index(self.frames, "adjectives")

    @cached_property
    def firing(self) -> frozenset[str]:
        """Every word on which some frame may fire, alone."""
        return frozenset({*self.verbs, *self.nouns, *self.adjectives})

    def effect(self, lemma: str, particle: str | None) -> str | None:
        """What the word does to a visit that it governs, None where it does nothing."""
        for operator in self.operators.get(lemma, ()):
            if not operator.particles or particle in operator.particles:
                return operator.effect
        return None


def _index(frames: tuple[Frame, ...], column: str) -> dict[str, tuple[Frame, ...]]:
    found: dict[str, tuple[Frame, ...]] = {}
    for frame in frames:
        for first in dict.fromkeys(word.split()[0] for word in getattr(frame, column)):
            found[first] = (*found.get(first, ()), frame)
    return found


def _frame(row: Mapping[str, Any], where: Patterns | None) -> Frame:
    allowed = [column.name for column in fields(Frame)]
    if unknown := sorted(set(row) - set(allowed)):
        raise ValueError(f"frames.toml, {row['id']}: unknown key {unknown[0]!r}: allowed are {', '.join(allowed)}")
    listed: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Frame(**(listed | {"where": where}))


def _operators(rows: list[Mapping[str, Any]]) -> dict[str, tuple[Operator, ...]]:
    found: dict[str, tuple[Operator, ...]] = {}
    for row in rows:
        operator = Operator(row["effect"], frozenset(row.get("particles", ())))
        for lemma in row["lemmas"]:
            found[lemma] = (*found.get(lemma, ()), operator)
    return found


def _inverted(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: effect for effect, words in table.items() for word in words}


def words_in(folder: Path) -> dict[str, frozenset[str]]:
    """The closed classes of words in `folder`."""
    return {name: words(text) for name, text in tomllib.loads((folder / "words.toml").read_text("utf-8")).items()}


def load(folder: Path) -> Lexicon:
    """The lexicon in `folder`. Raises OSError where a file is missing, ValueError or KeyError where one is broken."""
    classes = words_in(folder)
    frames, operators, tables = (
        tomllib.loads((folder / name).read_text("utf-8")) for name in ("frames.toml", "operators.toml", "patterns.toml")
    )
    where = {row["id"]: [{"pattern": each} for each in row["where"]] for row in frames["frame"] if "where" in row}
    narrowed = read_tables("frames.toml", where, classes)
    return Lexicon(
        language=folder.name,
        frames=tuple(_frame(row, narrowed.get(row["id"])) for row in frames["frame"]),
        operators=_operators(operators["operator"]),
        relations=_inverted(operators["relation"]),
        modifiers=_inverted(operators["modifier"]),
        words=classes,
        patterns=read_tables("patterns.toml", tables, classes),
    )


@lru_cache
def lexicon_of(language: str) -> Lexicon:
    """The lexicon that ships for a language, read once. Raises OSError where there is none."""
    return load(LANGUAGES / language)
