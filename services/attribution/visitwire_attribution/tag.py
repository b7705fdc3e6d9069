"""A cue beside a quotation, and what a quotation looks like by itself."""

from dataclasses import dataclass

from visitwire_language.cues import cues
from visitwire_language.quotations import Quotation
from visitwire_language.text import Text

from visitwire_attribution.grammar import FINITE, after_dateline

STOPS = frozenset({".", "?", "!", ";"})
LONGEST = 45
"""Tokens that a tag may be long; a sentence longer than that is no tag."""
_TITLE_WORDS = 9


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


def gap_before(text: Text, number: int) -> range:
    """The tokens of the sentence before the quotation."""
    stop = text.quotation_tokens(number).start
    first = stop
    while (
        first > 0
        and stop - first < LONGEST
        and not text.breaks[first]
        and (text.words[first - 1] != ";" or text.quoted[first - 1] >= 0)
    ):
        first -= 1
    return range(first, stop)


def gap_after(text: Text, number: int) -> range:
    """The tokens from the end of the quotation to the end of its sentence or the next quotation."""
    first = stop = text.quotation_tokens(number).stop
    line = text.paragraph_of[first - 1]
    while (
        stop < len(text.parse)
        and stop - first < LONGEST
        and text.paragraph_of[stop] == line
        and text.quoted[stop] < 0
        and text.words[stop] not in STOPS
    ):
        stop += 1
    return range(first, stop)


def leads_on(text: Text, gap: range) -> bool:
    """Whether `gap` ends at the next quotation, which it may introduce."""
    return gap.stop < len(text.parse) and text.quoted[gap.stop] >= 0


def opens_sentence(text: Text, number: int) -> bool:
    """Whether no word of the sentence but "And" or "Yes" stands before the quotation."""
    gap = gap_before(text, number)
    gap = range(min(max(gap.start, after_dateline(text, gap.start)), gap.stop), gap.stop) if gap else gap
    return not any(text.wordy[t] for t in gap if text.parse.pos[t] not in ("CCONJ", "INTJ") or t != gap.start)


def clausal(text: Text, one: Quotation) -> bool:
    """Whether the quotation reads as a sentence: a capital, and a finite verb or a stop at its end."""
    inside = one.inside(text.text)
    if not (inside[:1].isupper() or inside[:1] in "[@#0123456789…."):
        return False
    return inside[-1:] in ".?!,…—" or any(text.parse.tag[t] in FINITE for t in text.parse.within(one.start, one.end))


def title(text: Text, number: int) -> bool:
    """Whether the quotation is the name of a book, a show, a speech: a few words, the long ones with capitals."""
    tokens = [t for t in text.quotation_tokens(number) if text.wordy[t]]
    if not 1 < len(tokens) <= _TITLE_WORDS:
        return False
    words = [text.words[t] for t in tokens]
    return all(
        word[0].isupper() or word.lower() in cues().words["small in titles"] or not word[0].isalpha() for word in words
    )
