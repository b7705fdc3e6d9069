"""A story as claims about it are checked: its words, its sentences, who and what they name, which of them may tell of a
visit."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from visitwire_language.classes import group_words
from visitwire_language.gazetteer.countries import country_words
from visitwire_language.gazetteer.seats import country_of, is_country
from visitwire_language.offices import is_office
from visitwire_language.phrases import plain
from visitwire_language.text import Text
from visitwire_schemas import EnrichedStory, Entity, EntityKind, Mention, Parse, Span
from visitwire_visits.candidate import Candidate
from visitwire_visits.filed import Filed
from visitwire_visits.rules.lexicon import lexicon_of
from visitwire_visits.rules.told import Path

from visitwire_reader_llm.copied_spans import find_words

SOMEBODY = (EntityKind.PERSON, EntityKind.ORGANIZATION)
PLACES = (EntityKind.COUNTRY, EntityKind.PLACE)
_NEAR = 2
"""Sentences around the evidence in which a visitor is named, or meant by "he" or "the minister"."""
_LEADS_AWAY = frozenset({"for", "of", "to", "from", "by", "with", "and", "or", "at", "than"})
"""After one of these the words are about somebody else than whom they end with."""
_FAR = 1
"""Sentences before and after the evidence in which a destination, a date or a source is named."""


class Page:
    """One story with its parse; `triggers` are what the embedded reader fires on, before anything is refused."""

    def __init__(self, story: EnrichedStory, parse: Parse, triggers: Sequence[Candidate]) -> None:
        self.story, self.text = story, story.story.text
        self.filed = Filed(story)
        self._parse, self._triggers = parse, triggers

    @cached_property
    def sentences(self) -> list[Span]:
        """Each sentence of the parse, from its first word to its last."""
        starts = sorted({0, *self._parse.sent_start})
        ends = [*starts[1:], len(self._parse)]
        return [
            Span(start=self._parse.start[first], end=self._parse.end[last - 1])
            for first, last in zip(starts, ends, strict=True)
            if first < last
        ]

    def sentences_of(self, words: Span) -> range:
        """The numbers of the sentences that the words touch; empty where they touch none."""
        touched = [
            number for number, one in enumerate(self.sentences) if one.start < words.end and words.start < one.end
        ]
        return range(touched[0], touched[-1] + 1) if touched else range(0)

    def stretch(self, sentences: range, before: int = 0, after: int = 0) -> Span:
        """From the first of the sentences, or some before it, to the last, or some after it."""
        first, last = max(0, sentences.start - before), min(len(self.sentences), sentences.stop + after) - 1
        return Span(start=self.sentences[first].start, end=self.sentences[last].end)

    def holds(self, sentences: range, words: Span | Mention) -> bool:
        """Whether the words begin in the sentences."""
        inside = self.stretch(sentences)
        return inside.start <= words.start < inside.end

    @cached_property
    def places(self) -> frozenset[str]:
        """The countries of the story's places, and the names of places of no known country."""
        return frozenset(one.country or one.name for one in self.story.entities if one.kind in PLACES)

    def triggers_in(self, sentences: range) -> list[Candidate]:
        """The words of the sentences that may tell of a visit."""
        return [one for one in self._triggers if one.sentence in sentences]

    def odds_of(self, pair: tuple[str, str]) -> float:
        """The log-odds of the likeliest word for a pair in the whole story; minus infinity where none links the two."""
        return max((one.odds_of[pair] for one in self._triggers if pair in one.links), default=float("-inf"))

    def is_verb(self, words: Span) -> bool:
        """Whether the first of the words is a verb."""
        return any(
            self._parse.pos[token] in ("VERB", "AUX") for token in self._parse.within(words.start, words.end)[:1]
        )

    def effects(self, sentences: range) -> frozenset[str]:
        """What the operators in the sentences do to a visit that they govern."""
        inside = self.stretch(sentences)
        return frozenset(self._effects(self._parse.within(inside.start, inside.end)))

    def _effects(self, tokens: range) -> Iterator[str]:
        text, lexicon = self._text, lexicon_of("en")
        for token in tokens:
            lemma, word = text.lemma[token], text.lower[token]
            effect = lexicon.effect(lemma, Path(text, lexicon, token).particle(token)) or lexicon.modifiers.get(word)
            if effect is not None:
                yield effect

    @cached_property
    def _text(self) -> Text:
        return Text(self.text, self._parse)

    def entity(self, words: str, kinds: Sequence[EntityKind]) -> Entity | None:
        """The entity of this id, or else of this name."""
        wanted = words.strip().casefold()
        known = [one for one in self.story.entities if one.kind in kinds]
        by_id = (one for one in known if one.id.casefold() == wanted)
        return next(by_id, None) or next((one for one in known if one.name.casefold() == wanted), None)

    def named_at(self, words: Span, kinds: Sequence[EntityKind]) -> Entity | None:
        """The entity that the words are a mention of: most of them, or what follows a title ("Foreign Minister Duarte",
        but not "a spokesman for Duarte")."""
        found: list[tuple[int, Entity]] = []
        for entity in self.story.entities:
            for mention in entity.mentions if entity.kind in kinds else ():
                shared = min(mention.end, words.end) - max(mention.start, words.start)
                before = self.text[words.start : max(words.start, mention.start)].lower().split()
                whole = mention.end >= words.end and not _LEADS_AWAY.intersection(before)
                if shared > 0 and (whole or 2 * shared >= words.end - words.start):
                    found.append((shared, entity))
        return max(found, key=lambda each: each[0])[1] if found else None

    def is_near(self, visitor: Entity, evidence: range) -> bool:
        """Whether the visitor is named, or meant by a pronoun or a role, in the evidence or right before it."""
        around = self.stretch(evidence, before=_NEAR)
        return any(around.start <= one.start < around.end for one in visitor.mentions)

    def tells_of(self, place: Entity, evidence: range) -> bool:
        """Whether a destination is named about the evidence, in the headline, or is where the story was filed."""
        around = self.stretch(evidence, before=_FAR, after=_FAR)
        headline = plain(self.story.story.headline or "")
        here = self.filed.here
        return (
            any(around.start <= one.start < around.end for one in place.mentions)
            or plain(place.name) in headline
            or (here is not None and here[0] == place.country)
        )

    def find(self, words: str, evidence: range, far: int = _FAR) -> Span | None:
        """Where the words stand about the evidence: in it before anywhere near it."""
        for reach in (0, far):
            around = self.stretch(evidence, before=reach, after=reach)
            if (found := find_words(self.text, words, around.start, around.end)) is not None:
                return found
        return None


def country_in(words: str) -> tuple[str, bool] | None:
    """The country whose name or capital the words are, and whether they are its name; None where neither."""
    code = country_of(words.strip())
    return (code, is_country(words.strip())) if code else None


def people_in(words: str) -> str | None:
    """The country of "a Chilean trade delegation", if the words have the adjective, name or capital of just one."""
    told = f" {plain(words)} "
    found = {phrase: code for code, phrase in _of_countries() if f" {phrase} " in told or f" {phrase}'s " in told}
    longest = {code for phrase, code in found.items() if not any(phrase in one and phrase != one for one in found)}
    return longest.pop() if len(longest) == 1 else None


def is_party(words: str) -> bool:
    """Whether the words name a group or an office, by the last of them before "of", "from" or "led by"."""
    head = re.split(r" (?:of|from|led|headed|to) ", f"{plain(words)} ")[0].split()
    known = group_words("always") | group_words("of states") | group_words("of bodies") | group_words("members")
    return bool(head) and (head[-1] in known or is_office(head[-1]))


def _of_countries() -> Iterator[tuple[str, str]]:
    for code, words in country_words("en").items():
        for phrase in (*words.names, *words.people, *words.capitals):
            yield code, plain(phrase)
