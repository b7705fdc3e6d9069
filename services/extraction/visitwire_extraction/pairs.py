"""Two people spoken of as one: "both presidents", "the two men", "the pair"."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from visitwire_extraction.document import Document
from visitwire_extraction.office_agreement import agreement
from visitwire_extraction.step_results import Office, Person

_MEN = {"men": "male", "women": "female"}
_FAR = 6
"""Sentences back that a pair is looked for."""


def resolve_pairs(doc: Document, offices: Sequence[Office], people: Sequence[Person]) -> None:
    """Adds every mention of a pair to both: who was spoken of last and holds such an office, or is such a man."""
    for first, end, fitting in (*_offices(doc, offices, people), *_men(doc, people)):
        near = sorted(
            ((before, number) for number in fitting if (before := _last(doc, people[number], first)) is not None),
            reverse=True,
        )
        if len(near) > 1:
            for _, number in near[:2]:
                insort(people[number].mentions, (first, end, "nominal"))


def _offices(
    doc: Document, offices: Sequence[Office], people: Sequence[Person]
) -> Iterator[tuple[int, int, list[int]]]:
    """ "The two ministers": those who hold such an office."""
    for office in offices:
        if office.plural and (start := _counted(doc, office.first)) is not None:
            yield start, office.end, [at for at, person in enumerate(people) if agreement(office, person) > 1]


def _men(doc: Document, people: Sequence[Person]) -> Iterator[tuple[int, int, list[int]]]:
    """ "Both men", "the two women": those who hold an office and are not known to be of the other sex."""
    for token in range(1, len(doc)):
        gender = _MEN.get(doc.plain[token])
        if gender and (start := _counted(doc, token)) is not None:
            fitting = [at for at, one in enumerate(people) if one.gender in (None, gender) and (one.claims or one.held)]
            yield start, token + 1, fitting


def _counted(doc: Document, first: int) -> int | None:
    """Where "both" or "the two" begins before a token."""
    before = first - 1
    if before < 0 or not doc.same_paragraph(before, first) or doc.plain[before] not in ("both", "two"):
        return None
    article = before > 0 and doc.plain[before - 1] in ("the", "these") and doc.same_paragraph(before - 1, before)
    if doc.plain[before] == "two" and not article:
        return None  # "two ministers" may be anybody
    return before - 1 if article else before


def _last(doc: Document, person: Person, before: int) -> int | None:
    """The last mention of a person before a token, if it is near."""
    at = bisect_left(person.mentions, (before,))
    last = person.mentions[at - 1][0] if at else None
    return last if last is not None and doc.sentence[before] - doc.sentence[last] <= _FAR else None
