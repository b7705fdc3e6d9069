"""Who a source is: the story's entity, and what kind of source it is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import itemgetter

from visitwire_language.cues import cues
from visitwire_language.offices import abbreviated, gender_of_title, is_office
from visitwire_language.pronouns import third_person
from visitwire_language.text import Text
from visitwire_schemas import Entity, EntityKind, Mention, MentionForm, SpeakerKind

from visitwire_attribution.antecedents import Antecedents, Person
from visitwire_attribution.finding import Finding, Piece

_KINDS = {
    EntityKind.PERSON: SpeakerKind.PERSON,
    EntityKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
    EntityKind.COUNTRY: SpeakerKind.COUNTRY,
    EntityKind.PLACE: SpeakerKind.COUNTRY,
}
_DOUBT = {"male": 0.5, "female": 1.5}
"""Places that an unknown sex costs. Fewer women are quoted without a title or a given name."""
_PARAGRAPH = 0.8
"""Places that a paragraph between costs."""
_CONTRARY = 2.0
_PASSIVE = 2.0
"""Places that it costs neither to act nor to speak."""
_CANDIDATES = 8
_NO_OFFICE, _OTHER_OFFICE = 2.5, 9.0
"""Places that it costs not to bear the title, and to bear another."""
_PLAIN = 3.5
"""What the fit may cost for it to be believed before extraction's own answer: one of the two nearest."""
_NOBODY = (99.0, "")
_FARTHEST_MENTION = 200
"""Characters before a token that a mention around it may begin."""


@dataclass(frozen=True)
class Speaker:
    """Entity id and kind; both None where the story does not tell."""

    entity: str | None = None
    kind: SpeakerKind | None = None


class Speakers:
    """Resolves the sources of one story's findings, in text order."""

    def __init__(self, text: Text, entities: Iterable[Entity], findings: Sequence[Finding]) -> None:
        self.text = text
        self.entities = {entity.id: entity for entity in entities}
        self._anonymous: dict[int, SpeakerKind] = {}
        """Tokens by which somebody without a name speaks."""
        self._people = Antecedents(text, self.entities, findings)

    @cached_property
    def _mentions(self) -> list[tuple[int, int, str, Mention]]:
        found = [(m.start, m.end, entity.id, m) for entity in self.entities.values() for m in entity.mentions]
        return sorted(found, key=itemgetter(0))

    @cached_property
    def _starts(self) -> list[int]:
        return [row[0] for row in self._mentions]

    def of(self, finding: Finding) -> Speaker:
        """The speaker of an attribution."""
        source = finding.source
        if not source:
            return Speaker()
        head = self._head(source)
        entity = self._entity(source, head, finding.content)
        if entity is None:
            return self._nobody(head)
        self._people.spoke(head, entity)
        return Speaker(entity, _KINDS.get(self.entities[entity].kind))

    def _nobody(self, head: int) -> Speaker:
        """A speaker who is no entity: no less the one that "he" means in the next sentence."""
        kind = self._anonymous.get(head) or self._kind(head)
        one_person = kind == SpeakerKind.ANONYMOUS and self.text.parse.tag[head] == "NN"
        if one_person or self.text.parse.pos[head] == "PROPN":
            self._people.spoke(head, None)
        if one_person:
            self._anonymous[head] = SpeakerKind.ANONYMOUS
        return Speaker(kind=kind)

    def _head(self, source: tuple[int, ...]) -> int:
        """The token of `source` that the others hang on."""
        inside = set(source)
        for token in source:
            if self.text.wordy[token] and self.text.parse.head[token] not in inside:
                return token
        return next((t for t in source if self.text.parse.head[t] == t), source[-1])

    def _entity(self, source: tuple[int, ...], head: int, content: tuple[Piece, ...]) -> str | None:
        word = self.text.lower[head]
        if word in third_person():
            return self._meant_by_pronoun(head, third_person()[word], content)
        named = self._at(head, MentionForm.NAME) or self._inside(source) or self._by_family_name(head)
        if named is not None:
            return named
        if self._is_title(source, head):
            return self._meant_by_title(source, head, content)
        return self._at(head)

    # -- pronouns and titles

    def _others(self, token: int, content: tuple[Piece, ...]) -> Iterator[tuple[float, Person]]:
        """Who stands before `token`, by how far off; nobody whom the words themselves name, as few name themselves."""
        named = {entity for piece in content for entity in self._named_in(piece)}
        paragraph = self.text.paragraph_of[token]
        for rank, person in enumerate(islice(self._people.before(token), _CANDIDATES)):
            if person.entity is None or person.entity not in named:
                between = paragraph - self.text.paragraph_of[person.token]
                yield rank + _PARAGRAPH * between + (0 if person.acts else _PASSIVE), person

    def _named_in(self, piece: Piece) -> Iterator[str]:
        for low, high, entity, mention in islice(self._mentions, bisect_left(self._starts, piece[0]), None):
            if low >= piece[1]:
                return
            if high <= piece[1] and mention.form == MentionForm.NAME:
                yield entity

    def _meant_by_pronoun(self, token: int, sex: str, content: tuple[Piece, ...]) -> str | None:
        """The nearest of those whose sex fits; one whose sex is not known must be nearer by its `_DOUBT`."""
        best: tuple[float, Person] | None = None
        for distance, person in self._others(token, content):
            known = self._people.sex(person.entity)
            if known not in (None, sex):
                continue
            cost = distance + (0 if known else self._doubt(person.entity, sex))
            if best is None or cost < best[0]:
                best = (cost, person)
        if best is None:
            return self._at(token)
        if best[1].token in self._anonymous:
            self._anonymous[token] = SpeakerKind.ANONYMOUS
        return best[1].entity

    def _doubt(self, entity: str | None, sex: str) -> float:
        """What it costs not to know the sex; extraction's guess, by other pronouns, counts half."""
        guess = self.entities[entity].gender if entity else None
        return _DOUBT[sex] + (0 if guess is None else -_DOUBT[sex] if guess == sex else _CONTRARY)

    def _is_title(self, source: tuple[int, ...], head: int) -> bool:
        """Whether `source` is "the minister", and no more than that: no name, no "of France"."""
        definite = self.text.lower[source[0]] in ("the", "this")
        ends = head == source[-1] or self.text.lower[head + 1 : source[-1] + 1] == ["of", "state"]
        return definite and self.text.lower[head] in cues().words["titles"] and ends

    def _meant_by_title(self, source: tuple[int, ...], head: int, content: tuple[Piece, ...]) -> str | None:
        """Whom a title fits best: one who bears it, else the nearest who bears no other."""
        word, sex = self.text.lower[head], gender_of_title(self.text.lower[head])
        sentence, best = self.text.written_sentence(head), _NOBODY
        for distance, person in self._others(head, content):
            known = self._people.sex(person.entity)
            if person.entity is None or (known != sex and None not in (known, sex)):
                continue
            if person.acts and person.token in sentence:
                continue
            best = min(best, (distance + self._misfit(person.entity, word), person.entity))
        return best[1] if best[0] <= _PLAIN else self._role(head, best[1] or None)

    def _misfit(self, entity: str, title: str) -> float:
        office = (self.entities[entity].office or "").lower()
        if title in office or abbreviated(title) in office:
            return 0
        return _OTHER_OFFICE if office and is_office(title) else _NO_OFFICE

    def _role(self, head: int, fitting: str | None) -> str | None:
        """The person that extraction gives for a title; if only the role itself, then whom it fits, of that country."""
        given = self._at(head)
        if given is None or fitting is None or self.entities[given].named:
            return given or fitting
        countries = {self.entities[given].country, self.entities[fitting].country} - {None}
        return fitting if len(countries) < 2 else given

    # -- mentions

    def _at(self, token: int, form: MentionForm | None = None) -> str | None:
        """The entity of the narrowest mention, of that form where one is given, that covers `token`."""
        start, end = self.text.parse.start[token], self.text.parse.end[token]
        best: tuple[int, str] | None = None
        for index in range(bisect_right(self._starts, start) - 1, -1, -1):
            low, high, entity, mention = self._mentions[index]
            if start - low > _FARTHEST_MENTION:
                break
            narrower = best is None or high - low < best[0]
            if high >= end and narrower and self.entities[entity].kind in _KINDS and form in (None, mention.form):
                best = (high - low, entity)
        return best[1] if best else None

    def _inside(self, source: tuple[int, ...]) -> str | None:
        """The person whose name stands in the source, as a title's apposition: "the minister, Ann Lee"."""
        start, end = self.text.parse.start[source[0]], self.text.parse.end[source[-1]]
        for low, high, entity, mention in islice(self._mentions, bisect_right(self._starts, start - 1), None):
            if low >= end:
                break
            person = mention.form == MentionForm.NAME and self.entities[entity].kind == EntityKind.PERSON
            if high <= end and person and not self._owns(low, high):
                return entity
        return None

    def _owns(self, start: int, end: int) -> bool:
        """Whether a name only tells whose the source is: "Lee's spokesman", "a friend of Lee"."""
        last = self.text.parse.within(start, end).stop - 1
        return self.text.parse.dep[last] in ("poss", "pobj", "case")

    def _by_family_name(self, head: int) -> str | None:
        """The one person whose name ends with the word at `head`, where no mention is given there."""
        if self.text.parse.pos[head] != "PROPN":
            return None
        found = self._families.get(self.text.lower[head], ())
        return found[0] if len(found) == 1 else None

    @cached_property
    def _families(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entity in self.entities.values():
            if entity.kind == EntityKind.PERSON and entity.named:
                found.setdefault(entity.name.lower().rsplit(" ", 1)[-1], []).append(entity.id)
        return found

    def _kind(self, head: int) -> SpeakerKind | None:
        word, tables = self.text.lower[head], cues().words
        if word in tables["polls"]:
            return SpeakerKind.POLL
        if word in tables["documents"]:
            return SpeakerKind.DOCUMENT
        return SpeakerKind.ANONYMOUS if word in tables["anonymous"] else None
