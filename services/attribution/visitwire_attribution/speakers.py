"""Who a source is: the entity that extraction says its words mean, and what kind of source it is."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import itemgetter

from visitwire_language.cues import cues
from visitwire_language.pronouns import third_person
from visitwire_language.text import Text
from visitwire_schemas import Entity, EntityKind, Mention, MentionForm, SpeakerKind

from visitwire_attribution.finding import Finding

_KINDS = {
    EntityKind.PERSON: SpeakerKind.PERSON,
    EntityKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
    EntityKind.COUNTRY: SpeakerKind.COUNTRY,
    EntityKind.PLACE: SpeakerKind.COUNTRY,
}
_FARTHEST_MENTION = 200
"""Characters before a token that a mention around it may begin."""


@dataclass(frozen=True)
class Speaker:
    """Entity id and kind; both None where the story does not tell."""

    entity: str | None = None
    kind: SpeakerKind | None = None


class Speakers:
    """Resolves the sources of one story's findings, in text order."""

    def __init__(self, text: Text, entities: Iterable[Entity]) -> None:
        self.text = text
        self.entities = {entity.id: entity for entity in entities}
        self._last = Speaker()
        """Whose words the finding before gives."""

    @cached_property
    def _mentions(self) -> list[tuple[int, int, str, Mention]]:
        found = [(m.start, m.end, entity.id, m) for entity in self.entities.values() for m in entity.mentions]
        return sorted(found, key=itemgetter(0))

    @cached_property
    def _starts(self) -> list[int]:
        return [row[0] for row in self._mentions]

    def of(self, finding: Finding) -> Speaker:
        """The speaker of an attribution."""
        if not finding.source:
            return Speaker()
        head = self._head(finding.source)
        entity = self._entity(finding.source, head)
        self._last = Speaker(entity, _KINDS.get(self.entities[entity].kind)) if entity else self._nobody(head)
        return self._last

    def _nobody(self, head: int) -> Speaker:
        """A speaker who is no entity; "he" is of the kind of the unnamed one who spoke just before."""
        if self.text.lower[head] in third_person():
            return self._last if self._last.entity is None else Speaker()
        return Speaker(kind=self._kind(head))

    def _head(self, source: tuple[int, ...]) -> int:
        """The token of `source` that the others hang on."""
        inside = set(source)
        for token in source:
            if self.text.wordy[token] and self.text.parse.head[token] not in inside:
                return token
        return next((t for t in source if self.text.parse.head[t] == t), source[-1])

    def _entity(self, source: tuple[int, ...], head: int) -> str | None:
        named = self._at(head, MentionForm.NAME) or self._inside(source) or self._by_family_name(head)
        return named or self._at(head)

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
