"""Finds words in a text that a model says it copied from there: to the letter, with a few characters of slack."""

import re
from collections import Counter

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment
from visitwire_schemas import Span

SLACK = 3
"""Letters that may differ: a misprint mended, a comma dropped, an ellipsis."""
_FEWEST = 30
"""Characters from which words may differ at all: in fewer, three letters make another name of one."""
_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": ""}
)
_TURNING = re.compile(r"\d+|\b(?:no|not|nor|never|none|without|un\w+|[a-z]+n't|cannot)\b")
"""Figures, and words that turn what is said around: not one of them may differ."""


def find_words(text: str, words: str, start: int = 0, end: int | None = None) -> Span | None:
    """Where `words` stand in `text[start:end]`, in the offsets of `text`; None where they do not.

    Case, kinds of quotation marks and dashes, and runs of blanks do not count; beyond that, in words of 30 characters
    and more, three letters may differ, but no figure and no negation.
    """
    plain, at = _plain(text[start:end])
    wanted = _plain(words)[0].strip(" .\"'…")
    if not wanted:
        return None
    first = _whole(plain, wanted)
    found = (first, first + len(wanted)) if first >= 0 else _about(plain, wanted)
    if found is None:
        return None
    return Span(start=start + at[found[0]], end=start + at[found[1] - 1] + 1)


def _whole(plain: str, wanted: str) -> int:
    """Where the words begin, not within a word."""
    edges = (r"(?<!\w)" if wanted[0].isalnum() else "", r"(?!\w)" if wanted[-1].isalnum() else "")
    match = re.search(edges[0] + re.escape(wanted) + edges[1], plain)
    return match.start() if match else -1


def _about(plain: str, wanted: str) -> tuple[int, int] | None:
    if len(wanted) < _FEWEST or len(plain) < len(wanted) - SLACK:
        return None
    near = partial_ratio_alignment(wanted, plain, score_cutoff=100 - 100 * SLACK / len(wanted))
    if near is None:
        return None
    first, last = _to_words(plain, near.dest_start, near.dest_end)
    found = plain[first:last]
    if Levenshtein.distance(found, wanted, score_cutoff=SLACK) > SLACK or _turns(found) != _turns(wanted):
        return None
    return first, last


def _to_words(plain: str, first: int, last: int) -> tuple[int, int]:
    """The stretch without blanks at its ends and without half words."""
    while first > 0 and plain[first].isalnum() and plain[first - 1].isalnum():
        first -= 1
    while last < len(plain) and plain[last].isalnum() and plain[last - 1].isalnum():
        last += 1
    return first + len(plain[first:last]) - len(plain[first:last].lstrip()), first + len(plain[first:last].rstrip())


def _turns(words: str) -> Counter[str]:
    return Counter(_TURNING.findall(words))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as words are compared, and for each of its characters where it stands in `text`."""
    letters: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(text):
        same = " " if letter.isspace() else letter.translate(_SAME)
        if not same or (same == " " and letters and letters[-1] == " "):
            continue
        folded = same.lower()
        letters.append(folded if len(folded) == 1 else same)
        at.append(place)
    return "".join(letters), at
