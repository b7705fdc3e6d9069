"""Lines with their speaker before a colon and no marks: transcripts ("Q: …", "LEE: …"), headlines ("Poll: …")."""

from collections import Counter
from collections.abc import Container, Iterator

from visitwire_language.cues import cues
from visitwire_language.text import Text

from visitwire_attribution.finding import Finding
from visitwire_attribution.grammar import FINITE

_LONGEST = 7
_FEWEST = 3
_TRANSCRIPT = 3
"""Lines with a name before a colon that make a transcript, if half of all lines are such; those without carry on."""


def labelled(text: Text, name_ends: Container[int]) -> list[Finding]:
    """The attributions by labels, in text order. `name_ends` are the last tokens of names of who may speak."""
    if ":" not in text.words:
        return []
    starts = [t for t in range(len(text.words)) if t == 0 or text.paragraph_of[t] != text.paragraph_of[t - 1]]
    found = {start: colon for start in starts if (colon := _label(text, start, name_ends)) is not None}
    names = {start: tuple(text.lower[start:colon]) for start, colon in found.items()}
    turns = Counter(names.values())
    # Who speaks in a transcript speaks again; names that stand once head the items of a list.
    colons = {start: colon for start, colon in found.items() if start == 0 or turns[names[start]] > 1}
    return list(_findings(text, starts, colons))


def _findings(text: Text, starts: list[int], colons: dict[int, int]) -> Iterator[Finding]:
    stops = [*starts[1:], len(text.words)]
    transcript = len(colons) >= max(_TRANSCRIPT, len(starts) / 2)
    for number, start in enumerate(starts):
        colon = colons.get(start)
        if colon is None:
            continue
        last = number
        while transcript and last + 1 < len(starts) and starts[last + 1] not in colons:
            last += 1
        stop = stops[last]
        content = (text.parse.start[colon + 1], text.parse.end[stop - 1])
        yield Finding("label", "speech", (colon,), tuple(range(start, colon)), (content,))


def _label(text: Text, start: int, name_ends: Container[int]) -> int | None:
    """The colon after a label that begins at `start`: a name, "Q", or on the first line a poll, a report, officials."""
    words, line = text.words, text.paragraph_of
    colon = next((t for t in range(start + 1, min(start + _LONGEST, len(words))) if words[t] == ":"), None)
    if colon is None or colon + _FEWEST >= len(words) or line[colon + _FEWEST] != line[start]:
        return None
    if text.quoted[colon + 1] >= 0 or any(text.parse.tag[t] in FINITE for t in range(start, colon)):
        return None
    last = text.lower[colon - 1]
    if colon == start + 1 and last in cues().words["question and answer"]:
        return colon
    tables = cues().words
    speaks = any(last in tables[name] for name in ("polls", "documents", "anonymous")) and line[start] == line[0]
    return colon if speaks or colon - 1 in name_ends else None
