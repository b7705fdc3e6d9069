"""From tokens of the tree to the spans of a content."""

from collections.abc import Iterable, Sequence

from visitwire_language.text import Text

from visitwire_attribution.finding import Finding, Piece
from visitwire_attribution.grammar import after_dateline
from visitwire_attribution.phrases import phrase, source_of

_OPENING = frozenset("([{“‘\"'«`")
_CLOSING = frozenset(")]}”’\"'»%")


def finding(text: Text, frame: str, kind: str, verb: int, content: list[int], more: tuple[int, ...] = ()) -> Finding:
    """The attribution by `verb` of the tokens `content`, its source looked for in the tree."""
    inside = set(content)
    helpers = text.parse.children(verb, "aux", "neg", "prt", "auxpass")
    cue = (verb, *more, *(c for c in helpers if c not in inside))
    source = tuple(t for t in source_of(text, verb) if t not in inside)
    if not source and frame == "clause":
        source = _swallowed(text, verb, inside)
        inside -= set(source)
        content = [t for t in content if t in inside]
    return Finding(frame, kind, tuple(sorted(cue)), source, pieces(text, content, frozenset((*cue, *source))))


def _swallowed(text: Text, verb: int, inside: set[int]) -> tuple[int, ...]:
    """The subject that the parser took into the clause: all of it before the verb, if that is a noun phrase."""
    parse = text.parse
    left = sorted(t for t in inside if t < verb)
    if not left or left[-1] < verb - 2 or not any(t > verb for t in inside):
        return ()
    heads = [t for t in left if parse.head[t] not in left and text.wordy[t]]
    if len(heads) != 1 or parse.pos[heads[0]] not in ("PROPN", "NOUN", "PRON"):
        return ()
    return tuple(phrase(text, heads[0], verb))


def pieces(text: Text, tokens: Iterable[int], cue: frozenset[int] = frozenset()) -> tuple[Piece, ...]:
    """The runs of `tokens` as spans, without loose punctuation at their ends, whole quotations kept whole.

    Only the cue and its source part one run from another; other holes are the parser's and are filled.
    """
    kept = [_trimmed(text, run) for run in _runs(sorted(tokens), cue)]
    return _joined(text.text, [_whole(text, run) for run in kept if run])


def _runs(tokens: Sequence[int], cue: frozenset[int]) -> list[range]:
    if not tokens:
        return []
    runs, first, last = [], tokens[0], tokens[0]
    for token in tokens:
        if token > last + 1 and any(last < between < token for between in cue):
            runs.append(range(first, last + 1))
            first = token
        last = token
    return [*runs, range(first, last + 1)]


def _trimmed(text: Text, run: range) -> range:
    """`run` without a dateline and loose punctuation at its ends; empty where no word is left."""
    first, stop = max(run.start, after_dateline(text, run.start)), run.stop
    while first < stop and not _holds(text, first, _OPENING):
        first += 1
    while stop > first and (not _holds(text, stop - 1, _CLOSING) or text.parse.pos[stop - 1] == "CCONJ"):
        stop -= 1
    return range(first, stop) if any(text.wordy[first:stop]) else range(0)


def _holds(text: Text, token: int, marks: frozenset[str]) -> bool:
    """Whether `token` may stand at the end of a content: a word, or a bracket or mark that faces it."""
    return text.wordy[token] or (text.words[token][0] in marks)


def _whole(text: Text, run: range) -> Piece:
    """The span of `run`, stretched over the quotations that it only partly holds."""
    start, end = text.parse.start[run[0]], text.parse.end[run[-1]]
    for number in {text.quoted[run[0]], text.quoted[run[-1]]} - {-1}:
        one = text.quotations[number]
        start, end = min(start, one.start), max(end, one.end)
    return start, end


def _joined(text: str, spans: Sequence[Piece]) -> tuple[Piece, ...]:
    """`spans` in order, those that overlap or have no word between them as one."""
    found: list[Piece] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or not any(c.isalnum() for c in text[found[-1][1] : start])):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
