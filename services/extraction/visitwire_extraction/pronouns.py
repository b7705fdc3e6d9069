"""Whom "he", "she" and, inside quotation marks, "I" and "we" mean."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from visitwire_language.cues import cues, speaks
from visitwire_language.pronouns import first_person, third_person

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Person

_FAR = 4
"""Sentences back that a pronoun looks, paragraphs or not."""
_REMEMBERED = 40
_SPEAKS_ON = 1.5
"""By how much likelier the last speaker is who "he said" means."""
_SOME = frozenset({"a", "an", "one", "another"})
_NOBODY = Person("", (), named=False)
"""Stands for whoever has no name and is no entity."""


def resolve_pronouns(doc: Document, people: Sequence[Person], given: Mapping[str, str]) -> None:
    """Adds every pronoun to the person it means, where one is near enough."""
    _Reader(doc, people, given).read()
    for person in people:
        person.mentions.sort()
        said = Counter(
            gender
            for first, _, form in person.mentions
            if form == "pronoun" and (gender := third_person().get(doc.plain[first]))
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
        self._told = _told(doc)

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
            # Who is only named in somebody's words is no antecedent outside them.
            if token in self._mention_at and (quoted or not doc.quoted[token]):
                self._recent.append((token, self._mention_at[token][1]))
            elif self._is_anonymous(token):
                self._recent.append((token, _NOBODY))
            gender = third_person().get(doc.plain[token])
            if gender is None or doc.quoted[token] != quoted or token in self._at:
                continue
            person = self._antecedent(token, gender, self._speaker if quoted else None)
            if person is not None and person is not _NOBODY:
                self._add(token, person)
                self._called.setdefault(id(person), gender)
                self._recent.append((token, person))

    def _is_anonymous(self, token: int) -> bool:
        """Whether the token is somebody without a name whom "he" may mean: "an official said", "one diplomat"."""
        doc = self._doc
        if doc.plain[token] not in cues().words["anonymous"] or doc.parse.tag[token] != "NN" or doc.quoted[token]:
            return False
        determiners = {doc.plain[child] for child in doc.parse.children(token, "det", "nummod")}
        verb = doc.parse.lemma[doc.parse.head[token]]
        acts = doc.parse.dep[token] == "nsubj" and verb not in cues().words["asking"]
        return acts and token not in self._at and not determiners.isdisjoint(_SOME)

    def _antecedent(self, token: int, gender: str, speaker: Person | None) -> Person | None:
        doc, best, best_score = self._doc, None, 0.0
        speaks_on = self._says(token) and not doc.quoted[token]
        named = self._named_in(self._content(token)) if speaks_on else []
        for number, (at, person) in enumerate(reversed(self._recent)):
            distance = self._told[token] - self._told[at]
            if distance > _FAR:
                break
            known = person.gender or self._called.get(id(person))
            if person is speaker or (known and known != gender) or any(person is one for one in named):
                continue
            score = 10 - 2.2 * distance - 0.2 * number + self._weight(at, token)
            score += 0.5 if known else 0
            if speaks_on and person is self._speaker:
                score += _SPEAKS_ON
            if score > best_score:
                best, best_score = person, score
        return best

    def _says(self, token: int) -> bool:
        """Whether the token is the subject of a verb of saying."""
        parse = self._doc.parse
        return parse.dep[token] == "nsubj" and speaks(parse.lemma[parse.head[token]])

    def _content(self, subject: int) -> set[int]:
        """The clause that the verb of saying reports: "The plan will be read when Lee comes, he added"."""
        parse, verb = self._doc.parse, self._doc.parse.head[subject]
        found = {token for clause in parse.children(verb, "ccomp") for token in parse.subtree(clause)}
        if parse.dep[verb] == "parataxis":
            found |= set(parse.subtree(parse.head[verb])) - set(parse.subtree(verb))
        return found

    def _named_in(self, tokens: set[int]) -> list[Person]:
        """Few name themselves: who is named there is not who says it."""
        return [self._at[token] for token in tokens if token in self._at and self._doc.is_capital(token)]

    def _weight(self, at: int, token: int) -> float:
        """How prominent the mention is by its place in the sentence."""
        parse, same = self._doc.parse, self._doc.sentence[at] == self._doc.sentence[token]
        head = at
        end = self._mention_at[at][0] if at in self._mention_at else at + 1
        while parse.head[head] != head and at <= parse.head[head] < end:
            head = parse.head[head]
        dep = parse.dep[head]
        if dep in ("nsubj", "nsubjpass"):
            root = parse.dep[parse.head[head]] == "ROOT"
            return 2.0 if root or same else 1.2
        if dep in ("poss", "compound", "amod"):
            return -0.8
        if same and parse.head[token] == parse.head[head]:
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
            if not doc.quoted[token] and doc.parse.pos[token] == "VERB" and speaks(doc.parse.lemma[token]):
                yield token

    def _first(self, paragraph: Sequence[int]) -> None:
        doc = self._doc
        if self._speaker is None:
            return
        for token in paragraph:
            if (
                doc.quoted[token]
                and doc.plain[token] in first_person()
                and doc.words[token] != "US"
                and token not in self._at
            ):
                self._add(token, self._speaker)

    def _add(self, token: int, person: Person) -> None:
        person.mentions.append((token, token + 1, "pronoun"))
        self._at[token] = person
        self._mention_at[token] = (token + 1, person)


def _told(doc: Document) -> list[int]:
    """The number of each token's sentence, where what is said between quotation marks counts to the one before: a
    quotation, however long, does not part "she replied" from whoever was asked."""
    numbers, number = [], 0
    for token in range(len(doc)):
        number += not doc.quoted[token] and (token == 0 or doc.sentence[token] != doc.sentence[token - 1])
        numbers.append(number)
    return numbers
