"""Tags before a quotation: he said, "A"; Lee: "A"; he called it "a farce"; a line that ends with a colon."""

from visitwire_attribution.phrases import noun_phrase_from, phrase, source_of, speaker_head
from visitwire_attribution.reading import FINITE, VERBAL, Reading
from visitwire_attribution.tag import LONGEST, STOPS, Tag, clausal, gap_before, title

_PARTING = frozenset({",", ":", "—", "--", "-", "–"})
_NO_PREDICATE = frozenset({"aux", "auxpass", "amod", "compound"})
_NAMES = frozenset({"NOUN", "PROPN", "PRON"})
_BEGINNING = frozenset({"that", "if", "while", "when", "because", "although"})
"""Words that begin a clause, and so a content."""
_APPOSITION = 2
"""Commas that may stand between a name and what it is called: "called Lee, his rival, "a friend""."""


def leading(reading: Reading, number: int) -> Tag | None:
    """The tag before the quotation in its line; its frame tells how closely the two are tied.

    "colon" and "lead": a colon or comma parts them. "lead on": nothing does, or "that".
    """
    gap = gap_before(reading, number)
    if not gap:
        return None
    colon = reading.words[gap[-1]] == ":"
    parted = reading.words[gap[-1]] in _PARTING
    words = gap[:-1] if parted else gap
    if words and reading.lower[words[-1]] == "that":
        words, parted = words[:-1], False
    verb = _cue(reading, words, parted, number)
    if verb is not None and _small(reading, number) and _reported(reading, verb):
        return None
    if verb is not None:
        source = source_of(reading, verb) or _leading_name(reading, words, verb)
        frame = "colon" if colon else "lead" if parted else "lead on"
        loose = reading.words[gap[-1]] in ("—", "--", "-", "–")
        return Tag(frame, (verb,), tuple(source), _opening(reading, verb, words, number), loose=loose)
    return bare_colon(reading, words, gap[-1]) if colon and words else None


def line_before(reading: Reading, number: int) -> Tag | None:
    """The tag in the line before, where that line ends with a colon and the quotation opens its own."""
    first = reading.span(number).start
    colon = first - 1
    if colon < 1 or reading.words[colon] != ":" or reading.quoted[colon] >= 0:
        return None
    start = colon
    while start > 0 and reading.line[start - 1] == reading.line[colon] and reading.words[start - 1] not in STOPS:
        start -= 1
    for token in range(colon - 1, max(start, colon - LONGEST) - 1, -1):
        if _predicate(reading, token) and reading.quotes(token):
            return Tag("colon", (token,), tuple(source_of(reading, token)))
    return bare_colon(reading, range(start, colon), colon)


def _cue(reading: Reading, words: range, parted: bool, number: int) -> int | None:
    """The last cue of `words` that nothing but an addressee, a place or a time parts from the quotation."""
    if parted and words and title(reading, number) and reading.parse.pos[words[-1]] in ("NOUN", "PROPN"):
        return None
    for token in reversed(words):
        if not parted and reading.quoted[token] >= 0:
            return None
        if not _predicate(reading, token):
            continue
        if token - words.start > 2 and any(reading.lower[c] == "as" for c in reading.children(token, "mark")):
            return None
        if "quotation" in reading.takes(token) and (parted or _adjoins(reading, token, words.stop, number)):
            return None if reading.children(token, "neg") else token
        if reading.parse.tag[token] in FINITE and not parted:
            return None
    return None


def _predicate(reading: Reading, token: int) -> bool:
    return (
        reading.parse.pos[token] in VERBAL
        and reading.parse.dep[token] not in _NO_PREDICATE
        and reading.quoted[token] < 0
    )


def _small(reading: Reading, number: int) -> bool:
    """Whether the quotation begins in the middle of a sentence."""
    return reading.quotations[number].inside(reading.text)[:1].islower()


def _reported(reading: Reading, verb: int) -> bool:
    """Whether another cue reports the clause of `verb`, and with it the quotation: `said he asks them, "always"`."""
    below = verb
    for above in reading.ancestors(verb):
        if reading.parse.dep[below] == "ccomp" and above < verb and "clause" in reading.takes(above):
            return True
        below = above
    return False


def _adjoins(reading: Reading, verb: int, stop: int, number: int) -> bool:
    """Whether the quotation follows the cue at once, or is a sentence by itself."""
    between = [t for t in range(verb + 1, stop) if reading.parse.dep[t] not in ("advmod", "prt")]
    if not between:
        return True
    return clausal(reading, reading.quotations[number]) and reading.parse.pos[between[0]] in ("ADP", "PROPN", "PRON")


def _opening(reading: Reading, verb: int, words: range, number: int) -> int | None:
    """The first token of the content, where it begins before the quotation: `he said it was over: "We lost."`."""
    for child in reading.children(verb, "ccomp"):
        first = min(reading.below([child]))
        if verb < first and child in words:
            return first
    if reading.lower[words.stop] == "that":
        return words.stop
    after = [t for t in range(verb + 1, words.stop) if reading.parse.dep[t] not in ("prt", "advmod", "npadvmod")]
    if not after:
        return None
    small = reading.quotations[number].inside(reading.text)[:1].islower()
    return (
        after[0] if reading.lower[after[0]] in _BEGINNING or (small and reading.parse.pos[after[0]] != "PRON") else None
    )


def _leading_name(reading: Reading, words: range, verb: int) -> list[int]:
    found = noun_phrase_from(reading, words.start, verb)
    return found if any(reading.parse.pos[t] in _NAMES for t in found) else []


def bare_colon(reading: Reading, words: range, colon: int) -> Tag | None:
    """A name and a colon: the subject where there is a verb, else the name that opens the sentence."""
    source: list[int] = []
    verb = next((t for t in words if reading.parse.tag[t] in FINITE), None)
    if verb is not None:
        head = speaker_head(reading, verb if reading.parse.dep[verb] != "aux" else reading.parse.head[verb])
        if head is not None and head in words:
            source = phrase(reading, head, words.stop)
    source = source or noun_phrase_from(reading, words.start, words.stop)
    if not any(reading.parse.pos[t] in _NAMES for t in source):
        return None
    return Tag("colon", (colon,), tuple(source), loose=True)


def naming(reading: Reading, number: int) -> Tag | None:
    """`called the plan "a farce"`, `referred to him as "a friend"`: the content begins after the cue."""
    gap = gap_before(reading, number)
    commas = 0
    for token in reversed(gap):
        if reading.quoted[token] >= 0:
            continue
        if _predicate(reading, token) and "naming" in reading.takes(token):
            if reading.children(token, "neg"):
                return None
            first = token + 1
            while first < gap.stop and reading.parse.dep[first] in ("prt", "advmod"):
                first += 1
            if reading.lower[first] == "to":
                first += 1
            source = [t for t in source_of(reading, token) if t < token]
            return Tag("naming", (token,), tuple(source), first)
        commas += reading.words[token] == ","
        if reading.parse.tag[token] in FINITE or reading.words[token] in (":", "—", "--") or commas > _APPOSITION:
            return None
    return None
