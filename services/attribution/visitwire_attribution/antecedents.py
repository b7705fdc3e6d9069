"""Who "he", "she" or "the minister" is, told by the quotes around it: who spoke or acted just before."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from visitwire_language.cues import cues
from visitwire_language.names import given_names, honorifics
from visitwire_language.offices import gender_of_title
from visitwire_language.text import Text
from visitwire_schemas import Entity, EntityKind, MentionForm

from visitwire_attribution.finding import Finding

_SENTENCES = 8
"""How many sentences back a person may stand."""
_PARAGRAPHS = 2
"""How many paragraphs back."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(frozen=True)
class Person:
    """Somebody named at a token of the story."""

    token: int
    entity: str | None
    """None for a source that is named, but is no entity of the story."""
    acts: bool
    """Whether the name is a subject there, or speaks."""


class Antecedents:
    """The people of one story in text order, for looking back from a pronoun or a title."""

    def __init__(self, text: Text, entities: Mapping[str, Entity], findings: Sequence[Finding]) -> None:
        self.text = text
        self.entities = entities
        self._sources = {token for finding in findings for token in finding.source}
        self._asking = {token for finding in findings if _asks(text, finding) for token in finding.source}
        """Who asks is not who answers in the next sentence."""
        self._spoke: list[Person] = []

    def spoke(self, token: int, entity: str | None) -> None:
        """Notes that `entity` speaks at `token`, whatever words name it."""
        if token in self._asking:
            return
        if entity is None or self.entities[entity].kind == EntityKind.PERSON:
            insort(self._spoke, Person(token, entity, acts=True), key=_token)

    @cached_property
    def _named(self) -> list[Person]:
        parse, found = self.text.parse, []
        for entity in self.entities.values():
            if entity.kind != EntityKind.PERSON:
                continue
            for mention in entity.mentions:
                tokens = self.text.parse.within(mention.start, mention.end)
                if mention.form != MentionForm.NAME or not tokens or self.text.quoted[tokens[0]] >= 0:
                    continue
                head = next((t for t in tokens if parse.head[t] not in tokens), tokens[-1])
                acts = (parse.dep[head] in _SUBJECTS or tokens[-1] in self._sources) and head not in self._asking
                found.append(Person(tokens[-1], entity.id, acts))
        return sorted(found, key=_token)

    def before(self, token: int) -> Iterator[Person]:
        """The people before `token`, best first: by sentence from the nearest back, those who act or speak first."""
        paragraph, stop, others = self.text.paragraph_of[token], token, list[Person]()
        for _ in range(_SENTENCES):
            if stop <= 0 or paragraph - self.text.paragraph_of[stop - 1] > _PARAGRAPHS:
                break
            first = self.text.written_sentence(stop - 1).start
            here = self._in(range(first, stop))
            yield from (person for person in here if person.acts)
            others += [person for person in reversed(here) if not person.acts]
            stop = first
        yield from others

    def _in(self, tokens: range) -> list[Person]:
        """Those who spoke there, by whatever words, then those named there."""
        return [*_between(self._spoke, tokens), *_between(self._named, tokens)]

    def sex(self, entity: str | None) -> str | None:
        """ "male" or "female", by honorifics or the given name; None where neither tells."""
        return self._sexes.get(entity) if entity else None

    @cached_property
    def _sexes(self) -> dict[str, str | None]:
        return {
            entity.id: self._beside(entity, honorifics().get) or _given(entity) or self._beside(entity, gender_of_title)
            for entity in self.entities.values()
        }

    def _beside(self, entity: Entity, tells: Callable[[str], str | None]) -> str | None:
        """What the word before one of the names, or its first, tells: "Mr.", "king"."""
        for mention in entity.mentions:
            if mention.form == MentionForm.NAME:
                first = self.text.parse.within(mention.start, mention.end).start
                for word in self.text.lower[max(first - 1, 0) : first + 1]:
                    if gender := tells(word):
                        return gender
        return None


def _asks(text: Text, finding: Finding) -> bool:
    return any(text.lemma[token] in cues().words["asking"] for token in finding.cue)


def _token(person: Person) -> int:
    return person.token


def _between(people: Sequence[Person], tokens: range) -> Sequence[Person]:
    low, high = (bisect_left(people, at, key=_token) for at in (tokens.start, tokens.stop))
    return people[low:high]


def _given(entity: Entity) -> str | None:
    words = entity.name.lower().split()
    return given_names().get(words[0]) if len(words) > 1 else None
