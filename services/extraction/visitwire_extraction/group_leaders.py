"""Whom a group's leader, or somebody in its company, says that it represents."""

from collections.abc import Sequence
from dataclasses import replace

from visitwire_language.classes import group_words

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Group, Person

_FAR = 18
"""Tokens between the group and whoever leads it, at most."""


def with_leaders(doc: Document, found: Sequence[Group], people: Sequence[Person]) -> list[Group]:
    """The groups that represent somebody: also those of which only the leader tells whom."""
    known = []
    for group in found:
        country = group.country or _of_leader(doc, group, people)
        if country is not None:
            known.append(replace(group, country=country))
    return known


def _of_leader(doc: Document, group: Group, people: Sequence[Person]) -> str | None:
    for person in people:
        for first, end, form in person.mentions:
            if form == "name" and person.country and led_by(doc, [replace(group, country="?")], first, end):
                return person.country
    return _of_companion(doc, group, people)


def _of_companion(doc: Document, group: Group, people: Sequence[Person]) -> str | None:
    """ "Al-Rabiah and his delegation", and "our delegation" in somebody's words: the country of who that is, else of
    whoever is named last before it in the sentence."""
    for person in people:
        if any(end == group.first and form == "pronoun" for _, end, form in person.mentions) and person.country:
            return person.country
    if group.first == 0 or doc.plain[group.first - 1] not in ("his", "her"):
        return None
    near = [
        (first, person.country)
        for person in people
        for first, end, form in person.mentions
        if form == "name" and end < group.first and doc.sentence[first] == doc.sentence[group.first]
    ]
    return max(near, default=(0, None), key=lambda one: one[0])[1]


def led_by(doc: Document, found: Sequence[Group], first: int, end: int) -> str | None:
    """The country of the group that the person at `[first, end)` (office and name) leads, in one sentence."""
    for group in found:
        if group.country is None or doc.sentence[group.first] != doc.sentence[first]:
            continue
        between = doc.plain[group.end : first]
        if 0 < first - group.end <= _FAR and not group_words("led").isdisjoint(between) and "by" in between:
            return group.country
        after = doc.plain[end : group.first]
        if 0 <= group.first - end <= _FAR and not group_words("leading").isdisjoint(after):
            return group.country
    return None
