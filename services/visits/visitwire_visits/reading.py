"""A story as the frames read it: its tokens, the day and place it is filed from, and who and what the tokens name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from visitwire_language.time.period import make_date
from visitwire_schemas import Dateline, EnrichedStory, Entity, EntityKind, Parse, Story

from visitwire_visits.geography import gazetteer

_DATELINE_DAY = re.compile(r"(?P<month>[A-Z][A-Za-z]{2,8})\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?")

_PREFIX = re.compile(
    r"\s*(?P<line>(?P<place>[A-Z][A-Z .'-]{2,30}(?:, [A-Z][A-Za-z .]+?)??)"
    r"(?:,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?)?)"
    r"\s*(?:\([^)]{2,30}\)\s*)?(?P<mark>-{1,2}|–|—|:)\s"
)


@dataclass(frozen=True)
class Spot:
    """Where a visit goes: a country (None for a region, or where the story does not tell) and the place's words."""

    country: str | None
    place: str | None
    token: int
    kind: str = "place"
    """place, country, seat, event, region or here."""


class Reading:
    """One story, ready for the frames. Tokens are indices into its parse."""

    def __init__(self, enriched: EnrichedStory, parse: Parse) -> None:
        self.enriched = enriched
        self.story: Story = enriched.story
        self.text = enriched.story.text
        self.parse = parse

    @cached_property
    def words(self) -> list[str]:
        """Every token as written."""
        return [self.text[start:end] for start, end in zip(self.parse.start, self.parse.end, strict=True)]

    @cached_property
    def lower(self) -> list[str]:
        return list(map(str.lower, self.words))

    @cached_property
    def lemma(self) -> list[str]:
        return list(map(str.lower, self.parse.lemma))

    @cached_property
    def prefix(self) -> re.Match[str] | None:
        """The dateline at the head of the text ("PARIS, March 10 (Nordwire) - "), where it stands there."""
        match = _PREFIX.match(self.text)
        if match is not None and match["mark"] == ":" and not gazetteer().country_of(match["place"].strip(" ,"), None):
            return None
        return match

    @cached_property
    def _line(self) -> Dateline | None:
        if self.story.dateline is not None or self.prefix is None:
            return self.story.dateline
        return Dateline(text=self.prefix["line"], place=self.prefix["place"].strip(" ,"))

    @cached_property
    def today(self) -> date | None:
        """The day the story is written on: the dateline's, else the wire's; None when neither tells.

        A story with a dateline that gives no day is news of the day it came in; a text without one may be of any day.
        """
        line = self._line
        sent = self.story.versioncreated or self.story.firstcreated or (self.story.received if line else None)
        if line and line.date and re.fullmatch(r"\d{4}-\d\d-\d\d", line.date):
            return date.fromisoformat(line.date)
        match = _DATELINE_DAY.search(line.text or "") if line else None
        year = int(match["year"]) if match and match["year"] else sent.year if sent else None
        if match and year:
            day = _dateline_day(match, year)
            if day and (sent is None or abs((day - sent.date()).days) <= 3):
                return day
        return sent.date() if sent else None

    @cached_property
    def here(self) -> Spot | None:
        """The place the story is filed from."""
        line = self._line
        words = (line.place or line.text) if line else None
        if not words:
            return None
        place = re.split(r",|\(|--| - ", words)[0].strip()
        country = gazetteer().country_of(place, self.today)
        country = country or self._named_country(place)
        if country is None and "," in words:
            country = gazetteer().country_of(words.split(",")[1].strip(" ()"), self.today)
        shown = place.title() if place.isupper() and len(place) > 3 else place
        if country and gazetteer().is_country(place):
            return Spot(country, None, -1, "here")
        return Spot(country, shown, -1, "here") if country else None

    def _named_country(self, place: str) -> str | None:
        for entity in self.enriched.entities:
            if entity.kind in (EntityKind.PLACE, EntityKind.COUNTRY) and entity.name.lower() == place.lower():
                return entity.country
        return None

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """By id."""
        return {entity.id: entity for entity in self.enriched.entities}

    @cached_property
    def entity_at(self) -> dict[int, Entity]:
        """The entity whose mention covers a token; the shortest mention where several do."""
        found: dict[int, Entity] = {}
        lengths: dict[int, int] = {}
        for entity in self.enriched.entities:
            for mention in entity.mentions:
                length = mention.end - mention.start
                for token in self.parse.within(mention.start, mention.end):
                    if token not in found or self._closer(entity, length, found[token], lengths[token]):
                        found[token], lengths[token] = entity, length
        return {**self._by_surname(found), **found}

    def _by_surname(self, taken: Mapping[int, Entity]) -> dict[int, Entity]:
        """Later mentions by one name ("Hu", "Lavrov") that extraction left open, where only one person bears it."""
        bearers: dict[str, list[Entity]] = {}
        for entity in self.enriched.entities:
            if entity.kind is EntityKind.PERSON and entity.named and " " in entity.name:
                for name in {entity.name.split()[0], entity.name.split()[-1]}:
                    bearers.setdefault(name, []).append(entity)
        known = {name: entities[0] for name, entities in bearers.items() if len(entities) == 1}
        return {
            token: known[word]
            for token, word in enumerate(self.words if known else ())
            if word in known and token not in taken and self.parse.pos[token] == "PROPN"
        }

    @staticmethod
    def _closer(entity: Entity, length: int, other: Entity, other_length: int) -> bool:
        mine, its = entity.kind is EntityKind.PERSON, other.kind is EntityKind.PERSON
        return mine > its or (mine == its and length < other_length)

    def span(self, tokens: Sequence[int]) -> tuple[int, int]:
        """Character offsets from the first to the last of the tokens."""
        return self.parse.start[min(tokens)], self.parse.end[max(tokens)]

    def phrase(self, first: int, last: int) -> str:
        """The text from one token to another, both included."""
        return " ".join(self.text[self.parse.start[first] : self.parse.end[last]].split())

    def particle(self, verb: int) -> str | None:
        """The particle of a verb ("off" in "put off"), also where the parse made it an adverb."""
        for child in self.parse.children(verb, "prt", "advmod", "acomp", "prep"):
            if child > verb and self.lower[child] in ("off", "down", "out", "back", "up", "short", "over", "in", "on"):
                if self.parse.dep[child] == "prep" and self.parse.children(child, "pobj"):
                    continue
                return self.lower[child]
        return None

    def conjuncts(self, token: int) -> list[int]:
        """The token and everything coordinated with it, in text order."""
        found = [token]
        for member in found:
            found.extend(self.parse.children(member, "conj"))
        return sorted(found)

    def left_edge(self, token: int) -> int:
        """The first token of the noun phrase that `token` heads, without clauses or prepositions before it."""
        edge = token
        for child in self.parse.children(token, "det", "compound", "amod", "nmod", "poss", "nummod", "advmod"):
            if child < token:
                edge = min(edge, self.left_edge(child))
        return edge

    @cached_property
    def sentences(self) -> list[range]:
        """The tokens of each sentence, by its number."""
        return list(self.parse.sentences())

    @cached_property
    def sentence_number(self) -> list[int]:
        numbers = [0] * next(iter(self.parse.sent_start), len(self.parse))
        for number, sentence in enumerate(self.sentences):
            numbers.extend([number] * len(sentence))
        return numbers

    def tokens(self) -> Iterator[int]:
        return iter(range(len(self.parse)))


def _dateline_day(match: re.Match[str], year: int) -> date | None:
    from visitwire_language.time.patterns import month_number

    try:
        return make_date(year, month_number(match["month"]), int(match["day"]))
    except StopIteration:
        return None
