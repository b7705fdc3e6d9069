"""The events a story names: the model's, and the summits and conferences of a place."""

from collections.abc import Sequence

from visitwire_language.classes import word_classes

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Event, Place

_MODIFIERS = frozenset({"JJ", "NN", "NNP", "CD", "HYPH", "NNPS"})


def events(doc: Document, places: Sequence[Place]) -> list[Event]:
    """Every event in the order of first mention."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found: dict[str, Event] = {}
    taken: set[int] = set()
    for at in range(len(doc)):
        if doc.plain[at] in word_classes("event")["meetings"] and doc.parse.tag[at].startswith("NN"):
            first = _start(doc, at)
            place = next((place_at[token] for token in range(first, at) if token in place_at), None)
            after = place_at.get(at + 2) if doc.plain[at + 1 : at + 2] in (("in",), ("at",)) else None
            where = after or (place if place and place.role != "people" else None)
            if where is None and not any(doc.words[token][0].isupper() for token in range(first, at)):
                continue
            name = (
                doc.text(first, at + 1)
                if first < at
                else f"{doc.plain[at]} in {where.name}"
                if where
                else doc.words[at]
            )
            _add(found, name, where.state.code if where else None, first, at + 1)
            taken.update(range(first, at + 1))
    for ent in doc.ents:
        if ent.label == "EVENT" and doc.is_capital(ent.first) and taken.isdisjoint(range(ent.first, ent.end)):
            _add(found, doc.text(ent.first, ent.end), None, ent.first, ent.end)
    return list(found.values())


def _add(found: dict[str, Event], name: str, country: str | None, first: int, end: int) -> None:
    event = found.setdefault(name.lower(), Event(name))
    event.country = event.country or country
    event.mentions.append((first, end))


def _start(doc: Document, at: int) -> int:
    first = at
    while first > 0 and at - first < 5 and doc.same_paragraph(first - 1, at) and doc.parse.tag[first - 1] in _MODIFIERS:
        first -= 1
    return first
