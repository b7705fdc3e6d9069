"""The frames, the words that govern them and the words for people, of data/*.toml (docs/visits.md explains them)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
GOVERNORS = ("cancelled", "postponed", "accepted", "invited", "start", "end", "ended", "ahead", "maybe", "support")


@dataclass(frozen=True)
class Frame:
    """Which words report a visit, and where in the sentence its parts stand."""

    name: str
    aspect: str
    visitor: tuple[str, ...]
    destination: tuple[str, ...]
    host: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    everybody: bool = False
    """All the visitor slots hold visitors, not only the first that is filled."""
    with_noun: frozenset[str] = frozenset()
    """The verb counts only with one of these as its object."""
    subject_nouns: frozenset[str] = frozenset()
    """The verb counts only with one of these as its subject."""


@dataclass(frozen=True)
class People:
    """Words for who can be an official visitor."""

    offices: frozenset[str]
    sure: frozenset[str]
    delegations: frozenset[str]
    sure_delegations: frozenset[str]
    private: frozenset[str]
    public_bodies: frozenset[str]
    public_groups: frozenset[str]
    public: frozenset[str]
    bodies: Mapping[str, str]
    """Name of an international body -> its acronym, which stands for a country."""
    no_office: Mapping[str, frozenset[str]]
    """Office -> countries that have none such."""
    events: frozenset[str]
    event_names: frozenset[str]

    @cached_property
    def first_of_bodies(self) -> frozenset[str]:
        """The words that the names of bodies begin with."""
        return frozenset(name.split()[0] for name in self.bodies)


@dataclass(frozen=True)
class Lexicon:
    frames: tuple[Frame, ...]
    aspects: Mapping[str, Mapping[str, str]]
    """aspect -> tense -> status; an empty status tells of no visit."""
    governors: Mapping[str, frozenset[str]]
    particles: Mapping[str, frozenset[str]]
    modifiers: Mapping[str, frozenset[str]]
    relations: Mapping[str, frozenset[str]]
    people: People
    by_verb: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)
    by_noun: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)
    by_adjective: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)

    @cached_property
    def triggers(self) -> frozenset[str]:
        """Every lemma that a frame may fire on."""
        return frozenset(self.by_verb) | frozenset(self.by_noun)

    @cached_property
    def speech_only(self) -> frozenset[str]:
        """The verbs that only frames of speech fire on."""
        verbs = (word for word, frames in self.by_verb.items() if all(frame.aspect == "speech" for frame in frames))
        return frozenset(verbs) - frozenset(self.by_noun)

    @cached_property
    def trip_nouns(self) -> frozenset[str]:
        """The nouns that are a visit themselves, not a meeting or an invitation."""
        kinds = ("stay", "arrival", "departure", "return")
        return frozenset(noun for frame in self.frames if frame.aspect in kinds for noun in frame.nouns)

    def governor(self, lemma: str, particle: str | None) -> str | None:
        """What a governing word does to the visit ("cancelled" for "scrap"), None when it does nothing."""
        needed = self.particles.get(lemma)
        for effect in GOVERNORS:
            if lemma not in self.governors[effect]:
                continue
            if effect in ("cancelled", "postponed", "start", "end") and needed and particle not in needed:
                continue
            return effect
        return None


def _frame(row: Mapping[str, Any]) -> Frame:
    def listed(key: str) -> tuple[str, ...]:
        return tuple(row.get(key, ()))

    return Frame(
        name=row["name"],
        aspect=row["aspect"],
        visitor=listed("visitor"),
        destination=listed("destination"),
        host=listed("host"),
        verbs=listed("verbs"),
        nouns=listed("nouns"),
        adjectives=listed("adjectives"),
        everybody=row.get("everybody", row["aspect"] == "event"),
        with_noun=frozenset(listed("with_noun")),
        subject_nouns=frozenset(listed("subject_nouns")),
    )


def _people(data: Mapping[str, Any]) -> People:
    bodies = {name.lower(): acronym for acronym, names in data["bodies"].items() for name in names}
    words = {
        key: frozenset(data[key])
        for key in ("offices", "sure", "delegations", "sure_delegations", "private", "public_bodies", "public_groups")
    }
    events = data["events"]
    return People(
        **words,
        public=frozenset(data["public"]["words"]),
        no_office={office: frozenset(countries) for office, countries in data["no_office"].items()},
        bodies=bodies,
        events=frozenset(events["nouns"]),
        event_names=frozenset(events["names"]),
    )


def _index(frames: tuple[Frame, ...], words: str) -> dict[str, tuple[Frame, ...]]:
    found: dict[str, tuple[Frame, ...]] = {}
    for frame in frames:
        for word in getattr(frame, words):
            first = word.split()[0]
            if frame not in found.get(first, ()):
                found[first] = (*found.get(first, ()), frame)
    return found


def _sets(table: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {key: frozenset(words) for key, words in table.items()}


def load(folder: Path = DATA) -> Lexicon:
    """The lexicon in `folder`. Raises OSError where a file is missing, ValueError where one cannot be read."""
    frames_data, status, people = (
        tomllib.loads((folder / name).read_text("utf-8")) for name in ("frames.toml", "status.toml", "people.toml")
    )
    frames = tuple(_frame(row) for row in frames_data["frame"])
    unknown = {frame.aspect for frame in frames} - set(status["aspect"])
    if unknown:
        raise ValueError(f"frames.toml: no such aspect in status.toml: {', '.join(sorted(unknown))}")
    return Lexicon(
        frames=frames,
        aspects=status["aspect"],
        governors=_sets(status["governor"]),
        particles=_sets(status["particle"]),
        modifiers=_sets(status["modifier"]),
        relations=_sets(status["relation"]),
        people=_people(people),
        by_verb=_index(frames, "verbs"),
        by_noun=_index(frames, "nouns"),
        by_adjective=_index(frames, "adjectives"),
    )


@lru_cache(maxsize=1)
def default() -> Lexicon:
    """The lexicon that ships with the stage, read once."""
    return load()
