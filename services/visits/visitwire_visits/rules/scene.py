"""One story as the frames read it: its text, who and what the tokens name, where and when it was filed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from visitwire_language.text import Text
from visitwire_language.time.mentions import Expression, find
from visitwire_schemas import Announcer, EnrichedStory, Entity, EntityKind, Mention, MentionForm, OfficeStanding, Parse

from visitwire_visits.filed import Filed

_PLACES = (EntityKind.PLACE, EntityKind.COUNTRY)
_SOMEBODY = (EntityKind.PERSON, EntityKind.ORGANIZATION)


type Sayer = tuple[Announcer, str]
"""Who says something, and by which kind of word."""


@dataclass(frozen=True)
class Named:
    """A mention of an entity: the tokens `[first, end)`, and the one among them that the rest hangs on."""

    entity: Entity
    first: int
    end: int
    head: int
    form: MentionForm


class Scene:
    """A story with its parse, ready for the frames. Tokens are indices into the parse."""

    def __init__(self, enriched: EnrichedStory, parse: Parse, area_nouns: frozenset[str] = frozenset()) -> None:
        self.enriched = enriched
        self._area_nouns = area_nouns
        self.story = enriched.story
        self.filed = Filed(enriched)
        self.text = Text(enriched.story.text, parse)
        self.parse = parse
        self._expressions: dict[int, list[Expression]] = {}
        self.sayers: dict[int, Sequence[Sayer]] = {}
        """Who says something, by sentence, as far as `sources` was asked."""

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
        return self.text.lemma[self.parse.head[named.head]] in self._area_nouns

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
        end = self.prefix.end() if self.prefix else 0
        return next((token for token, start in enumerate(self.parse.start) if start >= end), 0) if end else 0

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

    @cached_property
    def prefix(self) -> re.Match[str] | None:
        """The dateline at the head of the text, where it stands there."""
        return self.filed.prefix

    @property
    def today(self) -> date | None:
        """The day the story is written on."""
        return self.filed.today

    @property
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
    def top(self) -> str | None:
        """The id of the person whom the story speaks of most."""
        people = [entity for entity in self.enriched.entities if entity.kind is EntityKind.PERSON]
        return max(people, key=lambda entity: len(entity.mentions)).id if people else None

    def is_mentioned(self, country: str | None) -> bool:
        """Whether the body of the story names a place of the country."""
        return any(named.entity.country == country for named in self.places if named.first >= self.body)

    def names_country(self, words: str, country: str) -> bool:
        """Whether an office names the country that it is held at: "ambassador to Chile"."""
        after = re.split(r"\b(?:to|in|at)\b", words, maxsplit=1)[1:]
        return bool(after) and any(
            entity.name in after[0] or after[0].strip().removeprefix("the ") in entity.name
            for entity in self.enriched.entities
            if entity.kind in _PLACES and entity.country == country
        )

    def resides(self, entity: Entity, country: str, offices: frozenset[str]) -> bool:
        """Whether somebody's office is to reside in the country: "ambassador to Chile", or to nowhere that is told."""
        words = (entity.office or "").lower()
        if entity.office_standing is OfficeStanding.FORMER or not offices.intersection(words.replace("-", " ").split()):
            return False
        return not re.search(r"\b(?:to|in|at)\b", words) or self.names_country(entity.office or "", country)

    def here_words(self, number: int) -> list[str]:
        """The words of a sentence in lower case."""
        sentence = self.text.sentences[number]
        return self.text.lower[sentence.start : sentence.stop]

    def expressions_in(self, number: int) -> list[Expression]:
        """The expressions of time in a sentence; those of the dateline are left out."""
        if number not in self._expressions:
            sentence = self.text.sentences[number]
            first, last = max(sentence.start, self.body), sentence.stop - 1
            self._expressions[number] = (
                find(self.story.text, self.parse.start[first], self.parse.end[last]) if first <= last else []
            )
        return self._expressions[number]

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
