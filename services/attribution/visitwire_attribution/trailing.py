"""Tags after a quotation: "A," he said; "A," said Lee; "A," according to Lee.

The small parser often loses its way at quotation marks, so a tag is read from left to right, by part of speech; the
tree is asked for the subject only where its answer lies inside the tag.
"""

from visitwire_attribution.phrases import noun_phrase_from, phrase, speaker_head
from visitwire_attribution.reading import FINITE, Reading
from visitwire_attribution.tag import Tag, clausal, gap_after, leads_on

_COMMAS = frozenset({",", "-", "--", "—"})
_INVITING = frozenset(",?!—-…–")
"""How a quotation ends that a tag may follow."""
_VERBS = frozenset({"VBD", "VBZ", "VBP", "VBN", "VBG", "VB"})
_NO_PREDICATE = frozenset({"amod", "compound"})
_NAMES = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"})
_SHORT = 12
_CLOSE = frozenset({"who", "which", "that"})


def trailing(reading: Reading, number: int) -> Tag | None:
    """The tag after the quotation; None where what follows is none."""
    one = reading.quotations[number]
    gap = gap_after(reading, number)
    last = one.inside(reading.text)[-1:]
    comma = last == "," or (bool(gap) and reading.words[gap[0]] == ",")
    if gap and reading.words[gap[0]] in _COMMAS:
        gap = gap[1:]
    if not gap or reading.words[gap[0]] in (".", "?", "!", ";", ":"):
        return None
    inviting = comma or last in _INVITING
    if not inviting and (leads_on(reading, gap) or not (last == "." or clausal(reading, one))):
        return None
    return _tag(reading, gap, sure=comma, short=not inviting)


def short(reading: Reading, number: int, tag: Tag) -> bool:
    """Whether the tag follows at once and ends the sentence, as it must where the quotation is only the end of one."""
    gap = gap_after(reading, number)
    return tag.cue[0] - gap.start <= _SHORT and not leads_on(reading, gap)


def _tag(reading: Reading, gap: range, sure: bool, short: bool) -> Tag | None:
    if reading.lower[gap[0]] == "according" and len(gap) > 2:
        return Tag("tag", (gap[0], gap[0] + 1), tuple(noun_phrase_from(reading, gap[0] + 2, gap.stop)))
    verb = _cue(reading, gap, sure)
    if verb is None or (short and (verb - gap.start > _SHORT or _goes_on(reading, verb, gap))):
        return None
    source = _source(reading, verb, gap)
    return Tag("tag", (verb,), tuple(source), sure=reading.quotes(verb)) if source else None


def _cue(reading: Reading, gap: range, sure: bool) -> int | None:
    """The first cue of `gap`; any finite verb will do where a comma says that a tag must follow."""
    fallback = None
    for token in gap:
        if sure and token == gap[-1] and fallback is None and _mistaken(reading, token):
            return token
        if reading.parse.tag[token] not in _VERBS or reading.parse.dep[token] in ("aux", "auxpass"):
            continue
        if reading.parse.dep[token] in _NO_PREDICATE and reading.parse.tag[token] not in FINITE:
            continue
        if token > gap.start and reading.lower[token - 1] in _CLOSE:
            continue
        if reading.quotes(token):
            return token
        if fallback is None and reading.parse.tag[token] in FINITE and reading.parse.pos[token] == "VERB":
            fallback = token
    return fallback if sure else None


def _mistaken(reading: Reading, token: int) -> bool:
    """Whether a last word that the tagger took for a plural is the cue: `"A," a voice in the ad states`."""
    return reading.parse.tag[token] == "NNS" and "quotation" in reading.lexicon.verbs.get(reading.lower[token][:-1], {})


def _goes_on(reading: Reading, verb: int, gap: range) -> bool:
    return any(reading.parse.tag[t] in FINITE for t in range(verb + 1, gap.stop))


def _source(reading: Reading, verb: int, gap: range) -> list[int]:
    head = speaker_head(reading, verb)
    if head is not None and head in gap:
        return phrase(reading, head, verb)
    if any(reading.is_word(t) for t in range(gap.start, verb)):
        found = noun_phrase_from(reading, gap.start, verb)
        if any(reading.parse.pos[t] in _NAMES for t in found):
            return found
        if reading.words[gap.start].istitle():
            return list(range(gap.start, verb))
    if verb + 1 < gap.stop and reading.parse.pos[verb + 1] not in ("ADP", "SCONJ", "PUNCT", "VERB"):
        return noun_phrase_from(reading, verb + 1, gap.stop)
    return []
