"""The people that a story names: their office, their country, and whether the office is a public one."""

from collections.abc import Iterator

from visitwire_schemas import Entity, EntityKind, MentionForm, OfficeStanding

from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Lexicon
from visitwire_visits.offices import Offices
from visitwire_visits.places import Atlas
from visitwire_visits.reading import Reading


class NamedPeople:
    """The person entities of one story as figures."""

    def __init__(self, reading: Reading, lexicon: Lexicon, atlas: Atlas) -> None:
        self.reading = reading
        self.words = lexicon.people
        self.atlas = atlas
        self.offices = Offices(self.words, atlas.gazetteer)
        self._figures: dict[str, Figure] = {}
        self.persons = {entity.id: entity for entity in reading.enriched.entities if entity.kind is EntityKind.PERSON}

    def person(self, entity: Entity) -> Figure:
        """The figure of a person entity, with its office and country read from all its mentions."""
        if entity.id not in self._figures:
            self._figures[entity.id] = self._make(entity)
        return self._figures[entity.id]

    def _make(self, entity: Entity) -> Figure:
        heads = [
            self._head(mention.start, mention.end)
            for mention in entity.mentions
            if mention.form is not MentionForm.PRONOUN
        ]
        titles = [title for head in heads for title in self._titles(head)]
        label = entity.office or next(iter(titles), None)
        told = " ".join([entity.office or "", *titles])
        official = self.offices.holds(entity.office_kind, entity.office or "", titles)
        private = not official and self.offices.is_private(told)
        stated = self._country_near(heads)
        country = stated or entity.country
        here = self.reading.here.country if self.reading.here else None
        former = entity.office_standing is OfficeStanding.FORMER
        if country is None and official and not former and here and self.offices.exists(told, here):
            country = here
        assumed = stated is None and country is not None
        if assumed and not self.offices.exists(told, country or ""):
            country, assumed = None, False
        token = heads[0] if heads else -1
        return Figure(
            token,
            entity.name if entity.named else None,
            label,
            country,
            entity.id,
            official,
            private,
            not entity.named and self.is_group_name(entity.name),
            assumed,
            told=told,
        )

    def is_group_name(self, name: str) -> bool:
        return any(word in self.words.delegations for word in name.lower().split())

    def _head(self, start: int, end: int) -> int:
        tokens = self.reading.parse.within(start, end)
        inside = set(tokens)
        for token in reversed(tokens):
            if self.reading.parse.head[token] not in inside or self.reading.parse.head[token] == token:
                return token
        return tokens[-1] if tokens else 0

    def _titles(self, head: int) -> Iterator[str]:
        """What is said of the person around one mention: before the name, in apposition, after "is"."""
        reading, parse = self.reading, self.reading.parse
        edge = reading.left_edge(head)
        before = [t for t in range(edge, head) if reading.entity_at.get(t) is not reading.entity_at.get(head)]
        if before and any(self.is_office(t) for t in before):
            yield reading.phrase(before[0], before[-1])
        for child in parse.children(head, "appos"):
            if self.is_office(child):
                below = [t for t in parse.subtree(child) if t - child < 9]
                yield reading.phrase(min(below), max(below))
        if parse.dep[head] == "appos" and self.is_office(parse.head[head]):
            office = parse.head[head]
            below = [t for t in parse.subtree(office) if t < head and t - office < 8]
            yield reading.phrase(reading.left_edge(office), max([office, *below]))

    def is_office(self, token: int) -> bool:
        return self.offices.is_office(self.reading.lower[token], self.reading.lemma[token])

    def _country_near(self, heads: list[int]) -> str | None:
        """The country of a name's titles: an adjective or possessor before it, "of Kenya" after it."""
        for head in heads:
            country = self._posted(head) or self.country_of(head)
            if country:
                return country
        return None

    def _posted(self, head: int) -> str | None:
        """ "US envoy in Sudan Andrew Natsios", whose name the parse hung on Sudan: the country before the office."""
        reading, parse = self.reading, self.reading.parse
        preposition = parse.head[head]
        office = parse.head[preposition]
        if (
            parse.dep[head] != "pobj"
            or reading.lower[preposition] not in ("in", "to", "for")
            or not self.is_office(office)
        ):
            return None
        before = range(reading.left_edge(office), office)
        return next((country for t in before if (country := self.atlas.country_word(t) or self.body_at(t))), None)

    def country_of(self, head: int) -> str | None:
        reading, parse = self.reading, self.reading.parse
        for token in range(reading.left_edge(head), head + 1):
            country = self.atlas.country_word(token) or self.body_at(token)
            if country and not (token in self.atlas.named and token and reading.lower[token - 1] in ("in", "at", "to")):
                return country
        for child in parse.children(head, "appos", "prep"):
            if parse.dep[child] == "prep" and reading.lower[child] not in ("of", "from"):
                continue
            for token in parse.subtree(child)[:8]:
                country = self.atlas.country_word(token) or self.body_at(token)
                if country:
                    return country
        if parse.dep[head] == "appos" and self.is_office(parse.head[head]):
            return self.country_of(parse.head[head])
        return self.body_at(head)

    def body_at(self, token: int) -> str | None:
        """The acronym of the international body that a word, or it and the next, names."""
        lower = self.reading.lower
        if lower[token] not in self.words.first_of_bodies:
            return None
        for size in (4, 3, 2, 1):
            words = " ".join(lower[token : token + size])
            if words in self.words.bodies and not self.reading.words[token].islower():  # "who" is no WHO
                return self.words.bodies[words]
        return None
