"""The country that a phrase around a name gives it, where no office does: "Belgian", "Canada's", "a Chilean nurse"."""

from collections.abc import Sequence

from visitwire_extraction.document import Document
from visitwire_extraction.lists import after_name
from visitwire_extraction.players import Player
from visitwire_extraction.step_results import Name, Place
from visitwire_extraction.tags import MODIFIER_TAGS

_DESCRIBING = 4
"""Words between a country and a name that they describe, at most."""
_DESCRIPTIVE = MODIFIER_TAGS | {"RB"}
"""Tags of what may stand between; the model takes "forward" for an adverb."""
_WHERE = frozenset({"in", "at", "from", "to", "for", "of"})


def nations(
    doc: Document, found: Sequence[Name], places: Sequence[Place], players: Sequence[Player] = ()
) -> dict[Name, str]:
    """ "Canada's Justin Trudeau", "Iran's Zarif": a country that owns a name, where no office stands between."""
    listed = {player.end: player.country for player in players}
    ends = {place.end: place for place in places if place.role in ("country", "people")}
    starts = {place.first: place for place in places if place.role == "country"}
    peoples = {place.first: place for place in places if place.role == "people"}
    owned = {}
    for name in found:
        mark = name.first - 1
        if (
            mark > 0
            and doc.words[mark] in ("'s", "’s", "'", "’")
            and mark in ends
            and doc.same_paragraph(mark, name.first)
        ):
            owned[name] = ends[mark].state.code
        elif player := listed.get(name.end):
            owned[name] = player
        elif len(name.words) > 1 and (country := after_name(doc, name, starts)):
            owned[name] = country
        elif name.office is not None or not (len(name.words) > 1 or doc.label[name.first] == "PERSON"):
            continue
        elif name.first in ends and ends[name.first].role == "people" and doc.same_paragraph(mark, name.first):
            owned[name] = ends[name.first].state.code  # "Belgian Paul de Keersmaeker"
        elif country := _described(doc, name, ends) or _of_people(doc, name, ends, peoples):
            owned[name] = country
    return owned


def _of_people(doc: Document, name: Name, ends: dict[int, Place], peoples: dict[int, Place]) -> str | None:
    """ "The Estonian, Kai Lund, lost", "Mia Lund, 23, a Bulgarian national, was held": by the people somebody is of."""
    comma, after = name.first - 1, name.end
    if doc.words[after : after + 1] != (",",) or not doc.same_paragraph(name.first, after):
        return None
    place = ends.get(comma)
    if place and place.role == "people" and doc.words[comma] == "," and doc.plain[place.first - 1] == "the":
        return place.state.code
    aged = doc.words[after + 2 : after + 3] == (",",) and doc.words[after + 1].isdigit()
    after += 2 * aged
    article = doc.plain[after + 1 : after + 2] in (("a",), ("an",)) and doc.same_paragraph(after, after + 1)
    place = peoples.get(after + 2) if article else None
    if place is None or doc.parse.tag[place.end : place.end + 1] != ("NN",) or not doc.words[place.end].islower():
        return None
    return place.state.code if doc.words[place.end + 1 : place.end + 2] not in (("'s",), ("’s",), ("-",)) else None


def _described(doc: Document, name: Name, ends: dict[int, Place]) -> str | None:
    """ "Spanish tennis ace Rafael Ortega", "Norwegian juggler and acrobat, Lars Berg,", "Canadian number three Ana
    Lind": the country at the head of small nouns that stand right before a name."""
    last = name.first - 1 - _is_apposition(doc, name)
    at = last + 1
    while (
        at > 0
        and last + 1 - at < _DESCRIBING
        and doc.plain[at - 1].isalpha()
        and doc.words[at - 1].islower()
        and at not in ends
    ):
        if not doc.same_paragraph(at - 1, at) or not _describes(doc, at - 1):
            return None
        at -= 1
    if at <= last and doc.words[at - 1 : at] in (("'s",), ("’s",)):
        at -= 1  # "Kenya's young sprinter Peter Odera"
    place = ends.get(at)
    if place is None or at > last or not (doc.parse.tag[last] in ("NN", "RB") or _is_rank_in_a_list(doc, last)):
        return None
    return place.state.code if place.role == "people" or doc.plain[place.first - 1] not in _WHERE else None


def _is_apposition(doc: Document, name: Name) -> bool:
    """Whether commas stand around a name that is another word for the noun before it."""
    comma, last = name.first - 1, name.end - 1
    closed = doc.words[comma] == "," and doc.words[name.end : name.end + 1] in ((",",), (".",), (")",))
    return closed and doc.parse.dep[last] == "appos" and doc.parse.head[last] < comma


def _describes(doc: Document, token: int) -> bool:
    """Whether a word may stand between a country and whom it describes; "and" between two nouns in the singular."""
    tag = doc.parse.tag
    if doc.plain[token] == "and":
        return token > 0 and tag[token - 1] == "NN" == tag[token + 1]
    return tag[token] in _DESCRIPTIVE or _is_rank_in_a_list(doc, token)


def _is_rank_in_a_list(doc: Document, token: int) -> bool:
    return doc.parse.tag[token] == "CD" and token > 0 and doc.plain[token - 1] == "number"
