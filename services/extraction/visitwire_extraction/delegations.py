"""Groups that represent a state and have no name: "a Chinese trade delegation", and who leads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from visitwire_language.phrases import words

from visitwire_extraction.document import Document
from visitwire_extraction.geography import Place
from visitwire_extraction.internationals import international_at
from visitwire_extraction.tables import Tables

_ALWAYS = frozenset({"delegation", "delegations", "mission", "negotiators"})
_OF_STATE = frozenset({"team", "teams", "party", "group"})
_STATE_WORDS = words(
    "government official trade military parliamentary ministerial negotiating inspection review goodwill economic "
    "high-level congressional presidential diplomatic"
)
_LED = frozenset({"led", "headed"})
_LEADING = frozenset({"leading", "heading", "leads", "heads", "led", "headed", "lead", "head"})
_FAR = 18
"""Tokens between the group and whoever leads it, at most."""


@dataclass(frozen=True)
class Group:
    """Tokens `[first, end)`, the country or organisation represented, and the words that make it a kind of its own."""

    first: int
    end: int
    country: str
    kind: str


def groups(doc: Document, tables: Tables, places: Sequence[Place]) -> list[Group]:
    """Every such group in text order."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found = []
    for at in range(len(doc)):
        if doc.plain[at] not in _ALWAYS | _OF_STATE or not doc.parse.tag[at].startswith("NN"):
            continue
        first = _phrase_start(doc, at, place_at)
        words = [word for word in doc.plain[first:at] if word in _STATE_WORDS]
        if doc.plain[at] in _OF_STATE and not words:
            continue
        country = _owner(doc, tables, first, at, place_at)
        if country is not None:
            found.append(Group(first, at + 1, country, f"{country} {doc.plain[at].rstrip('s')} {' '.join(words)}"))
    return found


def led_by(doc: Document, found: Sequence[Group], first: int, end: int) -> str | None:
    """The country of the group that the person at `[first, end)` (office and name) leads, in one sentence."""
    for group in found:
        if doc.sentence[group.first] != doc.sentence[first]:
            continue
        between = doc.plain[group.end : first]
        if 0 < first - group.end <= _FAR and not _LED.isdisjoint(between) and "by" in between[-2:]:
            return group.country
        after = doc.plain[end : group.first]
        if 0 <= group.first - end <= _FAR and not _LEADING.isdisjoint(after):
            return group.country
    return None


def _phrase_start(doc: Document, at: int, place_at: dict[int, Place]) -> int:
    first = at
    while first > 0 and at - first < 6 and doc.same_paragraph(first - 1, at):
        before = first - 1
        if before in place_at or doc.parse.tag[before] in ("JJ", "NN", "NNP", "HYPH", "POS", "CD", "VBG"):
            first = before
        else:
            break
    return first


def _owner(doc: Document, tables: Tables, first: int, at: int, place_at: dict[int, Place]) -> str | None:
    for token in range(first, at):
        if token in place_at and place_at[token].role in ("people", "country"):
            return place_at[token].state.code
        entry = international_at(doc, tables, token)
        if entry:
            return entry[1].acronym
    if at + 2 < len(doc) and doc.plain[at + 1] in ("from", "of") and doc.same_paragraph(at, at + 2):
        after = at + 2 + (doc.plain[at + 2] == "the")
        place = place_at.get(after)
        return place.state.code if place and place.role == "country" else None
    return None
