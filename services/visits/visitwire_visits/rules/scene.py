"""One story as the frames read it: its text, who and what the tokens name, where and when it was filed."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from visitwire_language.text import Text
from visitwire_language.time.mentions import Expression, find
from visitwire_schemas import EnrichedStory, Entity, EntityKind, Mention, MentionForm, Parse, Span

from visitwire_visits.filed import Filed
from visitwire_visits.rules.features import of_entity
from visitwire_visits.rules.lexicon import Lexicon

_PLACES = (EntityKind.PLACE, EntityKind.COUNTRY)
_SOMEBODY = (EntityKind.PERSON, EntityKind.ORGANIZATION)
_PLACING = frozenset({"in", "to", "at", "from", "of", "for", "the", "and", ",", "with", "between", "on", "through"})
"""Words before a place's name that tell how it is meant."""


@dataclass(frozen=True, eq=False)
class Named:
    """A mention of an entity: the tokens `[first, end)`, and the one among them that the rest hangs on."""

    entity: Entity
    first: int
    end: int
    head: int
    form: MentionForm


class Scene:
    """A story with its parse, ready for the frames. Tokens are indices into the parse."""

    def __init__(self, enriched: EnrichedStory, parse: Parse, lexicon: Lexicon) -> None:
        self.enriched = enriched
        self.words = lexicon.words
        self.story = enriched.story
        self.filed = Filed(enriched)
        self.text = Text(enriched.story.text, parse)
        self.parse = parse
        self._found: dict[Hashable, Any] = {}

    def once[T](self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` returns, called once a story for each key: many triggers ask the same."""
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """By id."""
        return {entity.id: entity for entity in self.enriched.entities}

    @cached_property
    def people(self) -> list[Named]:
        """Every mention of a person or organisation, in text order."""
        return self._mentions(_SOMEBODY)

    @cached_property
    def places(self) -> list[Named]:
        """Every mention of a place by its name, in text order; "Russian" names one in "the Russian capital"."""
        return [
            named
            for named in self._mentions(_PLACES)
            if (named.form is MentionForm.NAME or self._of_area(named)) and not named.first < self.body <= named.end
        ]

    def _of_area(self, named: Named) -> bool:
        return self.text.lemma[self.parse.head[named.head]] in self.words["area_nouns"]

    @cached_property
    def people_in(self) -> dict[int, list[Named]]:
        """The mentions of somebody by the number of their sentence."""
        return self._by_sentence(self.people)

    @cached_property
    def places_in(self) -> dict[int, list[Named]]:
        """The mentions of places by the number of their sentence; those of the dateline are left out."""
        return self._by_sentence([named for named in self.places if named.first >= self.body])

    @cached_property
    def body(self) -> int:
        """The first token after a dateline that stands in the text."""
        end = self.filed.prefix.end() if self.filed.prefix else 0
        return next((token for token, start in enumerate(self.parse.start) if start >= end), 0) if end else 0

    @cached_property
    def people_of(self) -> dict[int, list[Entity]]:
        """The people of each sentence that names some, those told by name or nominal first."""
        return {number: _entities_of(mentions) for number, mentions in self.people_in.items()}

    @cached_property
    def places_of(self) -> dict[int, list[Entity]]:
        """The places of each sentence that names some, in text order."""
        return {number: _entities_of(mentions) for number, mentions in self.places_in.items()}

    def _by_sentence(self, mentions: list[Named]) -> dict[int, list[Named]]:
        found: dict[int, list[Named]] = {}
        for named in mentions:
            found.setdefault(self.text.sentence_of[named.head], []).append(named)
        return found

    def _mentions(self, kinds: tuple[EntityKind, ...]) -> list[Named]:
        found = [
            named
            for entity in self.enriched.entities
            if entity.kind in kinds
            for mention in entity.mentions
            if (named := self._named(entity, mention)) is not None
        ]
        return sorted(found, key=lambda named: (named.first, named.end))

    def _named(self, entity: Entity, mention: Mention) -> Named | None:
        tokens = self.parse.within(mention.start, mention.end)
        if not tokens:
            return None
        inside = [token for token in tokens if self.parse.head[token] not in tokens or self.parse.head[token] == token]
        head = inside[-1] if inside else tokens[-1]
        return Named(entity, tokens[0], tokens[-1] + 1, head, mention.form)

    @property
    def today(self) -> date | None:
        """The day the story is written on."""
        return self.filed.today

    @cached_property
    def here(self) -> tuple[str, str | None] | None:
        """The country and the place that the story is filed from."""
        return self.filed.here

    @cached_property
    def headlined(self) -> list[Entity]:
        """The people whom the headline names by a word of their name, at most three."""
        return self._in_headline((EntityKind.PERSON,))[:3]

    @cached_property
    def headlined_places(self) -> list[Entity]:
        """The places that the headline names, at most three."""
        return self._in_headline(_PLACES)[:3]

    def _in_headline(self, kinds: tuple[EntityKind, ...]) -> list[Entity]:
        words = set(re.findall(r"[\w’'-]+", (self.story.headline or "").lower()))
        return [
            entity
            for entity in self.enriched.entities
            if entity.kind in kinds and entity.named and words.issuperset(_last_words(entity))
        ]

    @cached_property
    def mentioned(self) -> frozenset[str | None]:
        """The countries of the places that the body of the story names."""
        return frozenset(entity.country for places in self.places_of.values() for entity in places)

    @cached_property
    def _guests(self) -> dict[tuple[int, str | None], set[str]]:
        found: dict[tuple[int, str | None], set[str]] = {}
        for number, mentions in self.people_in.items():
            for named in mentions:
                found.setdefault((number, named.entity.country), set()).add(named.entity.id)
        return found

    def has_beside(self, number: int, country: str, entity: Entity) -> bool:
        """Whether a sentence names somebody else of a country."""
        found = self._guests.get((number, country))
        return found is not None and (len(found) > 1 or entity.id not in found)

    @cached_property
    def traits(self) -> dict[str, tuple[str, ...]]:
        """Named features of everybody who may travel, by id: persons, and groups without a name of their own."""
        return {
            entity.id: of_entity(entity)
            for entity in self.enriched.entities
            if entity.kind is EntityKind.PERSON or (entity.kind is EntityKind.ORGANIZATION and not entity.named)
        }

    def names_country(self, office: str, country: str) -> bool:
        """Whether an office names the country that it is held at: "ambassador to Chile"."""
        after = re.split(r"\b(?:to|in|at)\b", office, maxsplit=1)[1:]
        return bool(after) and any(
            entity.name in after[0] or after[0].strip().removeprefix("the ") in entity.name
            for entity in self.enriched.entities
            if entity.kind in _PLACES and entity.country == country
        )

    def standing(self, named: Named) -> tuple[str, ...]:
        """Named features of a mention of a place: what it is, what stands before it, what it modifies."""
        return self.once(named, lambda: tuple(self._standing(named)))

    def _standing(self, named: Named) -> Iterator[str]:
        yield f"d.kind={named.entity.kind.value}"
        before = self.text.lower[named.first - 1] if named.first else ""
        yield f"d.before={before if before in _PLACING else 'other'}"
        dep = self.parse.dep[named.head]
        if dep in ("compound", "amod", "nmod", "poss") and named.form is MentionForm.NAME:
            yield f"d.modifier={dep}"

    @cached_property
    def saying_here(self) -> frozenset[int]:
        """The sentences that say "here"."""
        return self._with("here")

    @cached_property
    def remote(self) -> frozenset[int]:
        """The sentences that tell of something done from afar."""
        return self._with("remote")

    def _with(self, name: str) -> frozenset[int]:
        """The sentences with a word of a class."""
        words, lower, of = self.words[name], self.text.lower, self.text.sentence_of
        if words.isdisjoint(lower):
            return frozenset()
        return frozenset([of[at] for at, word in enumerate(lower) if word in words])

    @cached_property
    def spans(self) -> list[Span]:
        """The characters of each sentence."""
        start, end = self.parse.start, self.parse.end
        return [Span(start=start[one.start], end=end[one.stop - 1]) for one in self.text.sentences]

    def expressions_in(self, number: int) -> list[Expression]:
        """The expressions of time in a sentence, those of the dateline left out; none where there is no sentence."""
        if not 0 <= number < len(self.text.sentences):
            return []
        sentence = self.text.sentences[number]
        first, last = max(sentence.start, self.body), sentence.stop - 1
        return find(self.story.text, self.parse.start[first], self.parse.end[last]) if first <= last else []

    def quotes_at(self, token: int) -> Iterator[int]:
        """The indices of the quotes whose content holds the token, narrowest first."""
        at, found = self.parse.start[token], []
        for index, quote in enumerate(self.enriched.quotes):
            for span in quote.content:
                if span.start <= at < span.end:
                    found.append((span.end - span.start, index))
        return iter([index for _, index in sorted(found)])


def _last_words(entity: Entity) -> list[str]:
    """The word that a headline calls a person by, or all words of a place's name."""
    words = entity.name.lower().split()
    return words[-1:] if entity.kind is EntityKind.PERSON else words


def _entities_of(mentions: Sequence[Named]) -> list[Entity]:
    """Each entity once, those told by name or nominal before those of whom there are only pronouns."""
    ordered = sorted(mentions, key=lambda named: (named.form is MentionForm.PRONOUN, named.first))
    return list({named.entity.id: named.entity for named in ordered}.values())
