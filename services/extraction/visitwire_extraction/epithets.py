"""Whom "the businessman" or "the presidential candidate" means: subjects that are a role, and no office by itself."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from visitwire_language.cues import cues
from visitwire_language.offices import abbreviated, gender_of_title, is_office

from visitwire_extraction.document import Document
from visitwire_extraction.office_agreement import agrees
from visitwire_extraction.step_results import Person

_SENTENCES, _PARAGRAPHS = 8, 2
"""How far back a person may stand."""
_PARAGRAPH = 0.8
"""Places that a paragraph between costs."""
_PASSIVE = 2.0
"""Places that it costs not to be the subject there."""
_NO_OFFICE, _OTHER_OFFICE = 2.5, 9.0
"""Places that it costs not to bear the title, and to bear another."""
_FARTHEST = 3.5
"""What the nearest may cost: one of the two before, where nothing tells that they bear the title."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_INSIDE = frozenset({"det", "amod", "compound", "nmod", "nummod", "advmod", "punct", "npadvmod"})
"""How the words of such a phrase hang on its noun. One with "of France" or "who …" tells by itself who is meant."""


@dataclass(frozen=True)
class _Seen:
    """A person mentioned at a token, outside quotation marks."""

    at: int
    person: Person
    acts: bool


def resolve_epithets(doc: Document, people: list[Person], given: Mapping[str, str]) -> None:
    """Adds every such phrase to the person to whom it fits best, of those just before. A person made for it alone
    is taken out of `people` then."""
    seen = sorted(_seen(doc, people), key=lambda one: one.at)
    owner = {token: person for person in people for first, end, _ in person.mentions for token in range(first, end)}
    for head in range(len(doc)):
        first = _phrase(doc, head)
        known = owner.get(head)
        if first is None or (known is not None and known.named):
            continue
        person = _antecedent(doc, head, seen, known, given)
        if person is None or (known is not None and not _same_country(known, person)):
            continue
        _take_over(person, known, head)
        person.mentions.append((first, head + 1, "nominal"))
        person.mentions.sort()
    people[:] = [person for person in people if person.mentions]


def _same_country(one: Person, other: Person) -> bool:
    return None in (one.country, other.country) or one.country == other.country


def _take_over(person: Person, known: Person | None, head: int) -> None:
    """Takes the phrase at `head` from who was known by it; with the last of their phrases go their pronouns."""
    if known is not None:
        known.mentions = [mention for mention in known.mentions if not mention[0] <= head < mention[1]]
        if all(form == "pronoun" for _, _, form in known.mentions):
            person.mentions += known.mentions
            known.mentions = []


def _seen(doc: Document, people: Sequence[Person]) -> Iterator[_Seen]:
    for person in people:
        for first, end, _ in person.mentions:
            if person.named and not doc.quoted[first]:
                head = next((t for t in range(first, end) if not first <= doc.parse.head[t] < end), end - 1)
                yield _Seen(end - 1, person, doc.parse.dep[head] in _SUBJECTS)


def _phrase(doc: Document, head: int) -> int | None:
    """Where the phrase begins that ends with `head`; None where that is no such phrase."""
    parse = doc.parse
    if doc.plain[head] not in cues().words["epithets"] or doc.quoted[head] or parse.dep[head] not in _SUBJECTS:
        return None
    children = parse.children(head)
    if parse.tag[head] != "NN" or any(parse.dep[child] not in _INSIDE or child > head for child in children):
        return None
    return next((child for child in children if doc.plain[child] in ("the", "this")), None)


def _antecedent(
    doc: Document, head: int, seen: Sequence[_Seen], known: Person | None, given: Mapping[str, str]
) -> Person | None:
    """`known` is who bears the office that the phrase names, where it names one."""
    word, gender = doc.plain[head], gender_of_title(doc.plain[head])
    best: tuple[float, Person] | None = None
    for rank, one in enumerate(_before(doc, head, seen)):
        other = one.person.gender or given.get(one.person.words[0] if one.person.words else "")
        if (gender and other and gender != other) or (one.acts and doc.sentence[one.at] == doc.sentence[head]):
            continue
        between = doc.paragraph[head] - doc.paragraph[one.at]
        cost = rank + _PARAGRAPH * between + (0 if one.acts else _PASSIVE) + _misfit(one.person, word, known)
        if cost <= _FARTHEST and (best is None or cost < best[0]):
            best = cost, one.person
    return best[1] if best else None


def _before(doc: Document, head: int, seen: Sequence[_Seen]) -> Iterator[_Seen]:
    """The people before a token, best first: by sentence from the nearest back, those who act first."""
    near = [
        one
        for one in seen[: bisect_left(seen, head, key=lambda one: one.at)]
        if doc.sentence[head] - doc.sentence[one.at] < _SENTENCES
        and doc.paragraph[head] - doc.paragraph[one.at] <= _PARAGRAPHS
    ]
    yield from sorted((one for one in near if one.acts), key=lambda one: (-doc.sentence[one.at], one.at))
    yield from (one for one in reversed(near) if not one.acts)


def _misfit(person: Person, title: str, known: Person | None) -> float:
    told = [claim.office for claim in person.claims]
    if known is not None and known.claims and told:
        fits = any(agrees(known.claims[0].office, office) for office in told)
    else:
        words = " ".join([*(office.words for office in told), person.held or ""]).lower()
        fits = title in words or abbreviated(title) in words
    return 0 if fits else _OTHER_OFFICE if told and is_office(title) else _NO_OFFICE
