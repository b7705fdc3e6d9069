"""Lines with their speaker before a colon and no marks: transcripts ("Q: …", "LEE: …"), headlines ("Poll: …")."""

from collections import Counter
from collections.abc import Iterator

from visitwire_attribution.finding import Finding
from visitwire_attribution.reading import FINITE, Reading

_LONGEST = 7
_FEWEST = 3
_TRANSCRIPT = 3
"""Lines with a name before a colon that make a transcript, if half of all lines are such; those without carry on."""
_QUESTION_AND_ANSWER = frozenset({"q", "a"})


def labelled(reading: Reading) -> list[Finding]:
    """The attributions by labels, in text order."""
    if ":" not in reading.words:
        return []
    starts = [t for t in range(len(reading.words)) if t == 0 or reading.line[t] != reading.line[t - 1]]
    found = {start: colon for start in starts if (colon := _label(reading, start)) is not None}
    names = {start: tuple(reading.lower[start:colon]) for start, colon in found.items()}
    turns = Counter(names.values())
    # Who speaks in a transcript speaks again; names that stand once head the items of a list.
    colons = {start: colon for start, colon in found.items() if start == 0 or turns[names[start]] > 1}
    return list(_findings(reading, starts, colons))


def _findings(reading: Reading, starts: list[int], colons: dict[int, int]) -> Iterator[Finding]:
    stops = [*starts[1:], len(reading.words)]
    transcript = len(colons) >= max(_TRANSCRIPT, len(starts) / 2)
    for number, start in enumerate(starts):
        colon = colons.get(start)
        if colon is None:
            continue
        last = number
        while transcript and last + 1 < len(starts) and starts[last + 1] not in colons:
            last += 1
        stop = stops[last]
        content = (reading.parse.start[colon + 1], reading.parse.end[stop - 1])
        yield Finding("label", "speech", (colon,), tuple(range(start, colon)), (content,))


def _label(reading: Reading, start: int) -> int | None:
    """The colon after a label that begins at `start`: a name, "Q", or on the first line a poll, a report, officials."""
    words, line = reading.words, reading.line
    colon = next((t for t in range(start + 1, min(start + _LONGEST, len(words))) if words[t] == ":"), None)
    if colon is None or colon + _FEWEST >= len(words) or line[colon + _FEWEST] != line[start]:
        return None
    if reading.quoted[colon + 1] >= 0 or any(reading.parse.tag[t] in FINITE for t in range(start, colon)):
        return None
    last = reading.lower[colon - 1]
    if colon == start + 1 and last in _QUESTION_AND_ANSWER:
        return colon
    tables = reading.lexicon.tables
    speaks = any(last in tables[name] for name in ("polls", "documents", "anonymous")) and line[start] == 0
    return colon if speaks or colon - 1 in reading.speakers else None
