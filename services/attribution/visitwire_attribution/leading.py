"""Tags before a quotation: he said, "A"; Lee: "A"; he called it "a farce"; a line that ends with a colon."""

from visitwire_language.cues import cues
from visitwire_language.text import Text

from visitwire_attribution.grammar import FINITE, VERBAL, cue_takes, may_tag
from visitwire_attribution.phrases import noun_phrase_from, phrase, source_of, speaker_head
from visitwire_attribution.tag import LONGEST, STOPS, Tag, clausal, gap_before, title

_PARTING = frozenset({",", ":", "—", "--", "-", "–"})
_NO_PREDICATE = frozenset({"aux", "auxpass", "amod", "compound"})
_NAMES = frozenset({"NOUN", "PROPN", "PRON"})
_APPOSITION = 2
"""Commas that may stand between a name and what it is called: "called Lee, his rival, "a friend""."""


def leading(text: Text, number: int) -> Tag | None:
    """The tag before the quotation in its line; its frame tells how closely the two are tied.

    "colon" and "lead": a colon or comma parts them. "lead on": nothing does, or "that".
    """
    gap = gap_before(text, number)
    if not gap:
        return None
    colon = text.words[gap[-1]] == ":"
    parted = text.words[gap[-1]] in _PARTING
    words = gap[:-1] if parted else gap
    if words and text.lower[words[-1]] == "that":
        words, parted = words[:-1], False
    verb = _cue(text, words, parted, number)
    if verb is not None and _small(text, number) and _reported(text, verb):
        return None
    if verb is not None:
        source = source_of(text, verb) or _leading_name(text, words, verb)
        frame = "colon" if colon else "lead" if parted else "lead on"
        loose = text.words[gap[-1]] in ("—", "--", "-", "–")
        return Tag(frame, (verb,), tuple(source), _opening(text, verb, words, number), loose=loose)
    return bare_colon(text, words, gap[-1]) if colon and words else None


def line_before(text: Text, number: int) -> Tag | None:
    """The tag in the line before, where that line ends with a colon and the quotation opens its own."""
    first = text.quotation_tokens(number).start
    colon = first - 1
    if colon < 1 or text.words[colon] != ":" or text.quoted[colon] >= 0:
        return None
    start = colon
    while start > 0 and text.paragraph_of[start - 1] == text.paragraph_of[colon] and text.words[start - 1] not in STOPS:
        start -= 1
    for token in range(colon - 1, max(start, colon - LONGEST) - 1, -1):
        if _predicate(text, token) and may_tag(text, token):
            return Tag("colon", (token,), tuple(source_of(text, token)))
    return bare_colon(text, range(start, colon), colon)


def _cue(text: Text, words: range, parted: bool, number: int) -> int | None:
    """The last cue of `words` that nothing but an addressee, a place or a time parts from the quotation."""
    if parted and words and title(text, number) and text.parse.pos[words[-1]] in ("NOUN", "PROPN"):
        return None
    for token in reversed(words):
        if not parted and text.quoted[token] >= 0:
            return None
        if not _predicate(text, token):
            continue
        if token - words.start > 2 and any(text.lower[c] == "as" for c in text.parse.children(token, "mark")):
            return None
        if "quotation" in cue_takes(text, token) and (parted or _adjoins(text, token, words.stop, number)):
            return None if text.parse.children(token, "neg") else token
        if text.parse.tag[token] in FINITE and not parted:
            return None
    return None


def _predicate(text: Text, token: int) -> bool:
    return text.parse.pos[token] in VERBAL and text.parse.dep[token] not in _NO_PREDICATE and text.quoted[token] < 0


def _small(text: Text, number: int) -> bool:
    """Whether the quotation begins in the middle of a sentence."""
    return text.quotations[number].inside(text.text)[:1].islower()


def _reported(text: Text, verb: int) -> bool:
    """Whether another cue reports the clause of `verb`, and with it the quotation: `said he asks them, "always"`."""
    below = verb
    for above in text.parse.ancestors(verb):
        if text.parse.dep[below] == "ccomp" and above < verb and "clause" in cue_takes(text, above):
            return True
        below = above
    return False


def _adjoins(text: Text, verb: int, stop: int, number: int) -> bool:
    """Whether the quotation follows the cue at once, or is a sentence by itself."""
    between = [t for t in range(verb + 1, stop) if text.parse.dep[t] not in ("advmod", "prt")]
    if not between:
        return True
    return clausal(text, text.quotations[number]) and text.parse.pos[between[0]] in ("ADP", "PROPN", "PRON")


def _opening(text: Text, verb: int, words: range, number: int) -> int | None:
    """The first token of the content, where it begins before the quotation: `he said it was over: "We lost."`."""
    for child in text.parse.children(verb, "ccomp"):
        first = min(text.below(child))
        if verb < first and child in words:
            return first
    if text.lower[words.stop] == "that":
        return words.stop
    after = [t for t in range(verb + 1, words.stop) if text.parse.dep[t] not in ("prt", "advmod", "npadvmod")]
    if not after:
        return None
    small = text.quotations[number].inside(text.text)[:1].islower()
    return (
        after[0]
        if text.lower[after[0]] in cues().words["opening a clause"] or (small and text.parse.pos[after[0]] != "PRON")
        else None
    )


def _leading_name(text: Text, words: range, verb: int) -> list[int]:
    found = noun_phrase_from(text, words.start, verb)
    return found if any(text.parse.pos[t] in _NAMES for t in found) else []


def bare_colon(text: Text, words: range, colon: int) -> Tag | None:
    """A name and a colon: the subject where there is a verb, else the name that opens the sentence."""
    source: list[int] = []
    verb = next((t for t in words if text.parse.tag[t] in FINITE), None)
    if verb is not None:
        head = speaker_head(text, verb if text.parse.dep[verb] != "aux" else text.parse.head[verb])
        if head is not None and head in words:
            source = phrase(text, head, words.stop)
    source = source or noun_phrase_from(text, words.start, words.stop)
    if not any(text.parse.pos[t] in _NAMES for t in source):
        return None
    return Tag("colon", (colon,), tuple(source), loose=True)


def naming(text: Text, number: int) -> Tag | None:
    """`called the plan "a farce"`, `referred to him as "a friend"`: the content begins after the cue."""
    gap = gap_before(text, number)
    commas = 0
    for token in reversed(gap):
        if text.quoted[token] >= 0:
            continue
        if _predicate(text, token) and "naming" in cue_takes(text, token):
            if text.parse.children(token, "neg"):
                return None
            first = token + 1
            while first < gap.stop and text.parse.dep[first] in ("prt", "advmod"):
                first += 1
            if text.lower[first] == "to":
                first += 1
            source = [t for t in source_of(text, token) if t < token]
            return Tag("naming", (token,), tuple(source), first)
        commas += text.words[token] == ","
        if text.parse.tag[token] in FINITE or text.words[token] in (":", "—", "--") or commas > _APPOSITION:
            return None
    return None
