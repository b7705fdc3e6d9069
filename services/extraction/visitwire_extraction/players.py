"""Sports people as results and squads list them: "Ana Krogh (Norway)", "Defenders: Bo Lind (Chelsea), Per Holm"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from visitwire_language.classes import name_words

from visitwire_extraction.document import Document
from visitwire_extraction.runs import Runs
from visitwire_extraction.step_results import Place

_SEVERAL = 3
"""Countries in brackets that make a list of results; items that make a squad."""
_HEADING = 8
"""Words before the colon or dash of a squad, at most."""
_NUMBER = frozenset({"-", "–", ".", ":"})
"""Between a player's number and name."""
_OPPOSITE = frozenset({"against", "at", "beat", "by", "for", "from", "in", "of", "to", "v", "versus", "with"})
"""Before a country that is not the one whose squad is named."""


@dataclass(frozen=True)
class Player:
    """Tokens `[first, end)` that name somebody, and the country that the list gives."""

    first: int
    end: int
    country: str | None


def players(doc: Document, places: Sequence[Place], runs: Runs) -> list[Player]:
    """Everybody in a story's lists of results and squads, in text order."""
    found = {player.first: player for player in _with_countries(doc, places, runs)}
    if not doc.vocabulary.isdisjoint(name_words("squads")):
        for player in _in_squads(doc, {place.first: place for place in places}, runs):
            found.setdefault(player.first, player)
    return [found[first] for first in sorted(found)]


def _with_countries(doc: Document, places: Sequence[Place], runs: Runs) -> Iterator[Player]:
    """ "Ana Krogh (Norway)": capitals before a country in brackets, which is all that the brackets hold."""
    listed = [player for place in places if _is_bracketed(doc, place) and (player := _before(place, runs))]
    people = sum(doc.label[player.first] == "PERSON" or _is_placed(doc, player.first) for player in listed)
    if len(listed) >= _SEVERAL and 2 * people >= len(listed):  # not the banks of several countries
        yield from listed


def _is_placed(doc: Document, token: int) -> bool:
    """ "3. Ana Krogh": whether a place in a race begins the line, and the name follows it."""
    first = token - 1 - (doc.words[token - 1] in _NUMBER)
    starts = first == 0 or (first > 0 and not doc.same_paragraph(first - 1, first))
    return starts and doc.words[first].rstrip(".").isdigit() and doc.same_paragraph(first, token)


def _before(place: Place, runs: Runs) -> Player | None:
    run = runs.run_before(place.first - 1)
    return Player(*run, place.state.code) if run and run[1] - run[0] > 1 else None


def _is_bracketed(doc: Document, place: Place) -> bool:
    brackets = doc.words[place.first - 1 : place.first] == ("(",) and doc.words[place.end : place.end + 1] == (")",)
    return brackets and place.role in ("country", "people") and doc.same_paragraph(place.first - 1, place.end)


def _in_squads(doc: Document, place_at: Mapping[int, Place], runs: Runs) -> Iterator[Player]:
    """The players of every line that begins as a squad does, and the country whose team it is."""
    country: str | None = None
    lines: dict[int, list[int]] = {}
    for token, number in enumerate(doc.paragraph):
        lines.setdefault(number, []).append(token)
    for tokens in lines.values():
        first, last = tokens[0], tokens[-1] + 1
        country = _of_team(doc, place_at, first, last) or country
        at = _after_heading(doc, place_at, first, last)
        listed = list(_items(doc, at, last, runs)) if at else []
        if len(listed) >= (_SEVERAL if doc.plain[first] not in name_words("parts of squads") else 1):
            own = place_at.get(first)
            yield from (Player(*run, own.state.code if own else country) for run in listed)


def _of_team(doc: Document, place_at: Mapping[int, Place], first: int, last: int) -> str | None:
    """ "Norway's coach named the squad to play Wales": the first country of a sentence that speaks of a squad."""
    for word in range(first, last):
        if doc.plain[word] not in name_words("squads"):
            continue
        for token in range(first, last):
            place = place_at.get(token)
            same = doc.sentence[token] == doc.sentence[word]
            if same and place and place.role in ("country", "people") and doc.plain[token - 1] not in _OPPOSITE:
                return place.state.code
    return None


def _after_heading(doc: Document, place_at: Mapping[int, Place], first: int, last: int) -> int | None:
    """The token after "Goalkeepers:", "England squad -" or "Norway:"; None where a line has no such heading."""
    for mark in range(first + 1, min(first + _HEADING, last)):
        if doc.words[mark] in (":", "-", "–", "--"):
            heads = set(doc.plain[first:mark]) & (name_words("squads") | name_words("parts of squads"))
            alone = first in place_at and place_at[first].end == mark and place_at[first].role == "country"
            return mark + 1 if heads or alone else None
    return None


def _items(doc: Document, at: int, last: int, runs: Runs) -> Iterator[tuple[int, int]]:
    """The names of a list, each between commas, with a number before or brackets behind it."""
    while at < last:
        while at < last and (doc.words[at].isdigit() or doc.words[at] in _NUMBER):
            at += 1
        run = runs.run(at) if at < last else None
        if run is None or run[1] > last:
            return
        after = run[1]
        if doc.words[after : after + 1] == ("(",) and ")" in doc.words[after:last]:
            after = doc.words.index(")", after) + 1
        if run[1] - run[0] > 1:
            yield run
        if after < last and doc.words[after] not in (",", ";", ".") and doc.plain[after] != "and":
            return
        while after < last and (doc.words[after] in (",", ";", ".") or doc.plain[after] == "and"):
            after += 1
        at = after
