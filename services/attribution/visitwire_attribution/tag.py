"""A cue beside a quotation, and what a quotation looks like by itself."""

from dataclasses import dataclass

from visitwire_attribution.marks import Quotation
from visitwire_attribution.reading import FINITE, Reading

STOPS = frozenset({".", "?", "!", ";"})
LONGEST = 45
"""Tokens that a tag may be long; a sentence longer than that is no tag."""
_TITLE_WORDS = 9
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "vs",
    ]
)


@dataclass(frozen=True)
class Tag:
    """A cue beside a quotation, with its source. All are tokens."""

    frame: str
    cue: tuple[int, ...]
    source: tuple[int, ...]
    opens: int | None = None
    """The first token of the content, where words before the quotation belong to it."""
    loose: bool = False
    """True where only a dash or a bare colon ties the quotation to what goes before."""
    sure: bool = False
    """True where the cue is one of the lexicon."""


def gap_before(reading: Reading, number: int) -> range:
    """The tokens of the sentence before the quotation."""
    stop = reading.span(number).start
    first = stop
    while (
        first > 0
        and stop - first < LONGEST
        and not reading.breaks[first]
        and (reading.words[first - 1] != ";" or reading.quoted[first - 1] >= 0)
    ):
        first -= 1
    return range(first, stop)


def gap_after(reading: Reading, number: int) -> range:
    """The tokens from the end of the quotation to the end of its sentence or the next quotation."""
    first = stop = reading.span(number).stop
    line = reading.line[first - 1]
    while (
        stop < len(reading.parse)
        and stop - first < LONGEST
        and reading.line[stop] == line
        and reading.quoted[stop] < 0
        and reading.words[stop] not in STOPS
    ):
        stop += 1
    return range(first, stop)


def leads_on(reading: Reading, gap: range) -> bool:
    """Whether `gap` ends at the next quotation, which it may introduce."""
    return gap.stop < len(reading.parse) and reading.quoted[gap.stop] >= 0


def opens_sentence(reading: Reading, number: int) -> bool:
    """Whether no word of the sentence but "And" or "Yes" stands before the quotation."""
    gap = gap_before(reading, number)
    gap = range(min(max(gap.start, reading.after_dateline(gap.start)), gap.stop), gap.stop) if gap else gap
    return not any(reading.is_word(t) for t in gap if reading.parse.pos[t] not in ("CCONJ", "INTJ") or t != gap.start)


def clausal(reading: Reading, one: Quotation) -> bool:
    """Whether the quotation reads as a sentence: a capital, and a finite verb or a stop at its end."""
    inside = one.inside(reading.text)
    if not (inside[:1].isupper() or inside[:1] in "[@#0123456789…."):
        return False
    return inside[-1:] in ".?!,…—" or any(reading.parse.tag[t] in FINITE for t in reading.tokens(one.start, one.end))


def title(reading: Reading, number: int) -> bool:
    """Whether the quotation is the name of a book, a show, a speech: a few words, the long ones with capitals."""
    tokens = [t for t in reading.span(number) if reading.is_word(t)]
    if not 1 < len(tokens) <= _TITLE_WORDS:
        return False
    words = [reading.words[t] for t in tokens]
    return all(word[0].isupper() or word.lower() in _SMALL or not word[0].isalpha() for word in words)
