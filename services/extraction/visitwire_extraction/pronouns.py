"""Whom "he", "she" and, inside quotation marks, "I" and "we" mean."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from visitwire_language.phrases import words

from visitwire_extraction.document import Document
from visitwire_extraction.people import Person

_THIRD = {"he": "male", "him": "male", "his": "male", "himself": "male", "she": "female", "her": "female",
          "hers": "female", "herself": "female"}  # fmt: skip
_FIRST = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_SPEAKING = words(
    "say tell add announce declare state note ask reply warn stress argue explain insist claim confirm deny write "
    "tweet urge comment observe continue conclude acknowledge admit suggest recall report quote call describe"
)
_FAR = 4
"""Sentences back that a pronoun looks, paragraphs or not."""
_REMEMBERED = 40


def resolve_pronouns(doc: Document, people: Sequence[Person], given: Mapping[str, str]) -> None:
    """Adds every pronoun to the person it means, where one is near enough."""
    _Reader(doc, people, given).read()
    for person in people:
        person.mentions.sort()
        said = Counter(
            gender
            for first, _, form in person.mentions
            if form == "pronoun" and (gender := _THIRD.get(doc.plain[first]))
        )
        if len(said) == 1:
            person.learn_gender(next(iter(said)))


class _Reader:
    """Goes through the story once, remembering who was mentioned last."""

    def __init__(self, doc: Document, people: Sequence[Person], given: Mapping[str, str]) -> None:
        self._doc = doc
        self._mention_at = {first: (end, person) for person in people for first, end, _ in person.mentions}
        self._recent: deque[tuple[int, Person]] = deque(maxlen=_REMEMBERED)
        self._at: dict[int, Person] = {
            token: person for person in people for first, end, _ in person.mentions for token in range(first, end)
        }
        self._called: dict[int, str] = {
            id(person): given[person.words[0]] for person in people if person.words and person.words[0] in given
        }
        self._speaker: Person | None = None

    def read(self) -> None:
        doc = self._doc
        for _, tokens in groupby(range(len(doc)), key=lambda token: doc.paragraph[token]):
            paragraph = list(tokens)
            before = deque(self._recent, maxlen=_REMEMBERED)
            self._third(paragraph, quoted=False)
            speaker = self._speaker_of(paragraph)
            if speaker or not doc.quoted[paragraph[0]]:
                self._speaker = speaker
            after, self._recent = self._recent, before
            self._third(paragraph, quoted=True)
            self._recent = after
            self._first(paragraph)

    def _third(self, paragraph: Sequence[int], quoted: bool) -> None:
        doc = self._doc
        for token in paragraph:
            if token in self._mention_at:
                self._recent.append((token, self._mention_at[token][1]))
            gender = _THIRD.get(doc.plain[token])
            if gender is None or doc.quoted[token] != quoted or token in self._at:
                continue
            person = self._antecedent(token, gender, self._speaker if quoted else None)
            if person is not None:
                self._add(token, person)
                self._called.setdefault(id(person), gender)
                self._recent.append((token, person))

    def _antecedent(self, token: int, gender: str, speaker: Person | None) -> Person | None:
        doc, best, best_score = self._doc, None, 0.0
        for number, (at, person) in enumerate(reversed(self._recent)):
            distance = doc.sentence[token] - doc.sentence[at]
            if distance > _FAR:
                break
            known = person.gender or self._called.get(id(person))
            if person is speaker or (known and known != gender):
                continue
            score = 10 - 2.2 * distance - 0.2 * number + self._weight(at, token, distance)
            score += 0.5 if known else 0
            if score > best_score:
                best, best_score = person, score
        return best

    def _weight(self, at: int, token: int, distance: int) -> float:
        """How prominent the mention is by its place in the sentence."""
        parse = self._doc.parse
        head = at
        end = self._mention_at[at][0] if at in self._mention_at else at + 1
        while parse.head[head] != head and at <= parse.head[head] < end:
            head = parse.head[head]
        dep = parse.dep[head]
        if dep in ("nsubj", "nsubjpass"):
            root = parse.dep[parse.head[head]] == "ROOT"
            return 2.0 if root or distance == 0 else 1.2
        if dep in ("poss", "compound", "amod"):
            return -0.8
        if distance == 0 and parse.head[token] == parse.head[head]:
            return -1.5  # "Smith met him": not the same
        return 0.0

    def _speaker_of(self, paragraph: Sequence[int]) -> Person | None:
        """Who says what stands between a paragraph's quotation marks: the subject of the verb of saying."""
        doc = self._doc
        if not any(doc.quoted[token] for token in paragraph):
            return None
        for token in self._verbs(paragraph):
            for child in doc.parse.children(token, "nsubj"):
                person = self._at.get(child)
                if person is not None:
                    return person
        return self._speaker if doc.quoted[paragraph[0]] else None

    def _verbs(self, paragraph: Sequence[int]) -> Iterator[int]:
        doc = self._doc
        for token in paragraph:
            if not doc.quoted[token] and doc.parse.pos[token] == "VERB" and doc.parse.lemma[token] in _SPEAKING:
                yield token

    def _first(self, paragraph: Sequence[int]) -> None:
        doc = self._doc
        if self._speaker is None:
            return
        for token in paragraph:
            if doc.quoted[token] and doc.plain[token] in _FIRST and doc.words[token] != "US" and token not in self._at:
                self._add(token, self._speaker)

    def _add(self, token: int, person: Person) -> None:
        person.mentions.append((token, token + 1, "pronoun"))
        self._at[token] = person
        self._mention_at[token] = (token + 1, person)
