"""Tags after a quotation: "A," he said; "A," said Lee; "A," according to Lee.

The small parser often loses its way at quotation marks, so a tag is read from left to right, by part of speech; the
tree is asked for the subject only where its answer lies inside the tag.
"""

from visitwire_language.cues import cues
from visitwire_language.pronouns import relative
from visitwire_language.text import Text

from visitwire_attribution.grammar import FINITE, may_tag
from visitwire_attribution.phrases import noun_phrase_from, phrase, speaker_head
from visitwire_attribution.tag import Tag, clausal, gap_after, leads_on

_COMMAS = frozenset({",", "-", "--", "—"})
_INVITING = frozenset(",?!—-…–")
"""How a quotation ends that a tag may follow."""
_VERBS = frozenset({"VBD", "VBZ", "VBP", "VBN", "VBG", "VB"})
_NO_PREDICATE = frozenset({"amod", "compound"})
_NAMES = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"})
_SHORT = 12


def trailing(text: Text, number: int) -> Tag | None:
    """The tag after the quotation; None where what follows is none."""
    one = text.quotations[number]
    gap = gap_after(text, number)
    last = one.inside(text.text)[-1:]
    comma = last == "," or (bool(gap) and text.words[gap[0]] == ",")
    if gap and text.words[gap[0]] in _COMMAS:
        gap = gap[1:]
    if not gap or text.words[gap[0]] in (".", "?", "!", ";", ":"):
        return None
    inviting = comma or last in _INVITING
    if not inviting and (leads_on(text, gap) or not (last == "." or clausal(text, one))):
        return None
    return _tag(text, gap, sure=comma, short=not inviting)


def short(text: Text, number: int, tag: Tag) -> bool:
    """Whether the tag follows at once and ends the sentence, as it must where the quotation is only the end of one."""
    gap = gap_after(text, number)
    return tag.cue[0] - gap.start <= _SHORT and not leads_on(text, gap)


def _tag(text: Text, gap: range, sure: bool, short: bool) -> Tag | None:
    if text.lower[gap[0]] in cues().phrases and len(gap) > 2:
        return Tag("tag", (gap[0], gap[0] + 1), tuple(noun_phrase_from(text, gap[0] + 2, gap.stop)))
    verb = _cue(text, gap, sure)
    if verb is None or (short and (verb - gap.start > _SHORT or _goes_on(text, verb, gap))):
        return None
    source = _source(text, verb, gap)
    return Tag("tag", (verb,), tuple(source), sure=may_tag(text, verb)) if source else None


def _cue(text: Text, gap: range, sure: bool) -> int | None:
    """The first cue of `gap`; any finite verb will do where a comma says that a tag must follow."""
    fallback = None
    for token in gap:
        if sure and token == gap[-1] and fallback is None and _mistaken(text, token):
            return token
        if text.parse.tag[token] not in _VERBS or text.parse.dep[token] in ("aux", "auxpass"):
            continue
        if text.parse.dep[token] in _NO_PREDICATE and text.parse.tag[token] not in FINITE:
            continue
        if token > gap.start and text.lower[token - 1] in relative():
            continue
        if may_tag(text, token):
            return token
        if fallback is None and text.parse.tag[token] in FINITE and text.parse.pos[token] == "VERB":
            fallback = token
    return fallback if sure else None


def _mistaken(text: Text, token: int) -> bool:
    """Whether a last word that the tagger took for a plural is the cue: `"A," a voice in the ad states`."""
    return text.parse.tag[token] == "NNS" and "quotation" in cues().verbs.get(text.lower[token][:-1], {})


def _goes_on(text: Text, verb: int, gap: range) -> bool:
    return any(text.parse.tag[t] in FINITE for t in range(verb + 1, gap.stop))


def _source(text: Text, verb: int, gap: range) -> list[int]:
    head = speaker_head(text, verb)
    if head is not None and head in gap:
        return phrase(text, head, verb)
    if any(text.wordy[t] for t in range(gap.start, verb)):
        found = noun_phrase_from(text, gap.start, verb)
        if any(text.parse.pos[t] in _NAMES for t in found):
            return found
        if text.words[gap.start].istitle():
            return list(range(gap.start, verb))
    if verb + 1 < gap.stop and text.parse.pos[verb + 1] not in ("ADP", "SCONJ", "PUNCT", "VERB"):
        return noun_phrase_from(text, verb + 1, gap.stop)
    return []
