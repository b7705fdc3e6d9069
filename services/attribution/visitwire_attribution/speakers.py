"""Who a source is: the story's entity, and what kind of source it is."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from visitwire_schemas import Entity, EntityKind, Mention, MentionForm, SpeakerKind

from visitwire_attribution.reading import Reading

_KINDS = {
    EntityKind.PERSON: SpeakerKind.PERSON,
    EntityKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
    EntityKind.COUNTRY: SpeakerKind.COUNTRY,
    EntityKind.PLACE: SpeakerKind.COUNTRY,
}
_SINGULAR = {"he": "male", "she": "female", "him": "male", "her": "female", "his": "male", "hers": "female"}
_SPEAKING = frozenset({EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.COUNTRY})


@dataclass(frozen=True)
class Speaker:
    """Entity id and kind; both None where the story does not tell."""

    entity: str | None = None
    kind: SpeakerKind | None = None


class Speakers:
    """Resolves the sources of one story's findings, in text order."""

    def __init__(self, reading: Reading, entities: tuple[Entity, ...]) -> None:
        self.reading = reading
        self.entities = {entity.id: entity for entity in entities}
        self.lexicon = reading.lexicon
        self.last: str | None = None
        """The person who spoke last."""

    @cached_property
    def _mentions(self) -> list[tuple[int, int, str, Mention]]:
        found = [(m.start, m.end, entity.id, m) for entity in self.entities.values() for m in entity.mentions]
        return sorted(found, key=lambda row: (row[0], -row[1]))

    @cached_property
    def _starts(self) -> list[int]:
        return [row[0] for row in self._mentions]

    def of(self, source: tuple[int, ...]) -> Speaker:
        """The speaker that the tokens of `source` name."""
        if not source:
            return Speaker()
        head = self._head(source)
        found = self._entity(source, head)
        if found is None:
            return Speaker(kind=self._kind(head))
        entity = self.entities[found]
        if entity.kind == EntityKind.PERSON:
            self.last = found
        return Speaker(found, _KINDS.get(entity.kind))

    def _head(self, source: tuple[int, ...]) -> int:
        """The token of `source` that the others hang on."""
        inside = set(source)
        for token in source:
            if self.reading.is_word(token) and self.reading.parse.head[token] not in inside:
                return token
        return next((t for t in source if self.reading.parse.head[t] == t), source[-1])

    def _entity(self, source: tuple[int, ...], head: int) -> str | None:
        word = self.reading.lower[head]
        at = self._at(head)
        if word in _SINGULAR and at is None:
            return self._same_sex(self.last, _SINGULAR[word])
        if at is not None:
            return at
        return self._inside(source)

    def _same_sex(self, entity: str | None, sex: str) -> str | None:
        if entity is None:
            return None
        return entity if self.entities[entity].gender in (None, sex) else None

    def _at(self, token: int) -> str | None:
        """The entity of the narrowest mention that covers `token`."""
        start, end = self.reading.parse.start[token], self.reading.parse.end[token]
        best: tuple[int, str] | None = None
        for index in range(bisect_right(self._starts, start) - 1, -1, -1):
            low, high, entity, _ = self._mentions[index]
            narrower = best is None or high - low < best[0]
            if high >= end and narrower and self.entities[entity].kind in _SPEAKING:
                best = (high - low, entity)
            if start - low > 200:
                break
        return best[1] if best else None

    def _inside(self, source: tuple[int, ...]) -> str | None:
        """The named person, else the first named entity, in apposition or title inside the source."""
        start, end = self.reading.parse.start[source[0]], self.reading.parse.end[source[-1]]
        first = bisect_right(self._starts, start - 1)
        for low, high, entity, mention in self._mentions[first:]:
            if low >= end:
                break
            if high <= end and mention.form == MentionForm.NAME and self.entities[entity].kind == EntityKind.PERSON:
                return entity
        return None

    def _kind(self, head: int) -> SpeakerKind | None:
        word = self.reading.lower[head]
        tables = self.lexicon.tables
        if word in tables["polls"]:
            return SpeakerKind.POLL
        if word in tables["documents"]:
            return SpeakerKind.DOCUMENT
        if word in tables["anonymous"]:
            return SpeakerKind.ANONYMOUS
        return None
