"""Attributions of quotations by the words around them: `"A," he said`, `He said: "A"`. Here the marks win over the tree.

The small parser often loses its way at quotation marks, so a tag is read from left to right, by part of speech; the tree
is asked for the subject only where its answer lies inside the tag.
"""

from dataclasses import dataclass, replace

from visitwire_attribution.lexicon import NOTHING, Lexicon
from visitwire_attribution.marks import Quotation
from visitwire_attribution.phrases import noun_phrase_from, phrase, source_of, speaker_head
from visitwire_attribution.reading import FINITE, VERBAL, Reading

_STOPS = frozenset({".", "?", "!", ";"})
_INVITING = (",", "?", "!", "—", "-", "…", "–", "...")
"""How a quotation ends that a tag may follow."""
_LONGEST_TAG = 45
_SHORT_TAG = 12


@dataclass(frozen=True)
class Tag:
    """A cue beside a quotation, with its source."""

    frame: str
    cue: tuple[int, ...]
    source: tuple[int, ...]
    opens: int | None = None
    """The first token of the content, where words before the quotation belong to it."""


class Tags:
    """Reads the tags of one story's quotations."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.parse = reading.parse
        self.lexicon = lexicon

    def standing(self, number: int) -> Tag | None:
        """The tag of a quotation that opens its sentence, or that a comma or colon parts from a cue."""
        before = self._before(number)
        if before is not None and before.frame in ("colon", "lead"):
            return before
        opens = self._opens(number)
        return self._after(number) if opens else None

    def any(self, number: int) -> Tag | None:
        """The tag of whatever quotation, as a last resort."""
        before = self._before(number)
        if before is not None:
            return before
        after = self._after(number)
        if after is None or self.parse.tag[after.cue[-1]] in ("VBG", "VBN"):
            return None
        gap = self._gap_after(number)
        if after.cue[0] - gap.start > _SHORT_TAG or self._leads_on(gap):
            return None
        return replace(after, frame="tag after clause", opens=self._sentence_start(number))

    def _opens(self, number: int) -> bool:
        """Whether no word of the sentence stands before the quotation."""
        return not any(self.reading.is_word(t) for t in self._words_before(number))

    def _words_before(self, number: int) -> range:
        gap = self._gap_before(number)
        while gap and self.parse.pos[gap[0]] in ("CCONJ", "INTJ", "PUNCT"):
            gap = gap[1:]
        return gap

    def _sentence_start(self, number: int) -> int:
        one = self.reading.quotations[number]
        first = self.reading.tokens(one.start, one.end).start
        while first > 0 and not self.reading.breaks[first]:
            first -= 1
        return first

    # -- after: "A," he said

    def _after(self, number: int) -> Tag | None:
        one = self.reading.quotations[number]
        gap = self._gap_after(number)
        last = one.inside(self.reading.text)[-1:]
        comma = last == "," or (bool(gap) and self.reading.words[gap[0]] == ",")
        if gap and self.reading.words[gap[0]] in (",", "-", "--", "—"):
            gap = gap[1:]
        if not gap or self.reading.words[gap[0]] in _STOPS:
            return None
        inviting = comma or last in _INVITING
        if not inviting and last != "." and not self.clausal(one):
            return None
        if not inviting and self._leads_on(gap):
            return None
        return self._tag_in(gap, sure=comma, short=not inviting)

    def _leads_on(self, gap: range) -> bool:
        """Whether `gap` ends at the next quotation, which it then introduces."""
        return gap.stop < len(self.parse) and self.reading.quoted[gap.stop] >= 0

    def _gap_after(self, number: int) -> range:
        """The tokens from the end of the quotation to the end of its sentence or the next quotation."""
        one = self.reading.quotations[number]
        first = self.reading.tokens(one.start, one.end).stop
        stop = first
        line = self.reading.line[first - 1]
        while (
            stop < len(self.parse)
            and stop - first < _LONGEST_TAG
            and self.reading.line[stop] == line
            and self.reading.quoted[stop] < 0
            and self.reading.words[stop] not in _STOPS
        ):
            stop += 1
        return range(first, stop)

    def _tag_in(self, gap: range, sure: bool, short: bool) -> Tag | None:
        if self.reading.lower[gap[0]] == "according" and len(gap) > 2:
            return Tag("tag", (gap[0], gap[0] + 1), tuple(noun_phrase_from(self.reading, gap[0] + 2, gap.stop)))
        verb = self._cue_in(gap, sure)
        if verb is None:
            return None
        if short and (verb - gap.start > _SHORT_TAG or self._clause_follows(verb, gap)):
            return None
        source = self._source(verb, gap)
        return Tag("tag", (verb,), tuple(source)) if source else None

    def _cue_in(self, gap: range, sure: bool) -> int | None:
        """The first cue of `gap`; any finite verb will do where a comma says that a tag must follow."""
        fallback = None
        for token in gap:
            if self.parse.tag[token] not in ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB") or self.parse.dep[token] in (
                "aux",
                "auxpass",
                "amod",
                "compound",
            ):
                continue
            if self.reading.lower[token - 1] in ("who", "which", "that") and token - 1 in gap:
                continue
            takes = self.lexicon.verbs.get(self.reading.lemmas[token], NOTHING)
            if "quotation" in takes or "clause" in takes:
                return token
            if fallback is None and self.parse.tag[token] in FINITE and self.parse.pos[token] == "VERB":
                fallback = token
        return fallback if sure else None

    def _clause_follows(self, verb: int, gap: range) -> bool:
        return any(self.parse.tag[t] in FINITE for t in range(verb + 1, gap.stop))

    def _source(self, verb: int, gap: range) -> list[int]:
        head = speaker_head(self.reading, verb)
        if head is not None and head in gap:
            return phrase(self.reading, head, verb)
        if verb - gap.start > 0 and any(self.reading.is_word(t) for t in range(gap.start, verb)):
            found = noun_phrase_from(self.reading, gap.start, verb)
            if any(self.parse.pos[t] in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET") for t in found):
                return found
        if verb + 1 < gap.stop and self.parse.pos[verb + 1] not in ("ADP", "SCONJ", "PUNCT", "VERB"):
            return noun_phrase_from(self.reading, verb + 1, gap.stop)
        return []

    # -- before: he said, "A"

    def _before(self, number: int) -> Tag | None:
        gap = self._gap_before(number)
        one = self.reading.quotations[number]
        if not gap:
            return None
        colon = self.reading.words[gap[-1]] == ":"
        punctuated = self.reading.words[gap[-1]] in (",", ":", "—", "--", "-", "–")
        words = gap[:-1] if punctuated else gap
        if words and self.reading.lower[words[-1]] == "that":
            words = words[:-1]
        verb = self._cue_before(words, bool(punctuated), one)
        if verb is not None:
            source = source_of(self.reading, verb) or self._leading(words, verb)
            return Tag("colon" if colon else "lead" if punctuated else "lead on", (verb,), tuple(source))
        if colon and words:
            return self._bare_colon(words, gap[-1])
        return None

    def _gap_before(self, number: int) -> range:
        one = self.reading.quotations[number]
        stop = self.reading.tokens(one.start, one.end).start
        first = stop
        if stop >= len(self.parse):
            return range(0)
        line = self.reading.line[stop]
        while (
            first > 0
            and stop - first < _LONGEST_TAG
            and self.reading.line[first - 1] == line
            and self.reading.quoted[first - 1] < 0
            and self.reading.words[first - 1] not in _STOPS
        ):
            first -= 1
        return range(first, stop)

    def _cue_before(self, words: range, punctuated: bool, one: Quotation) -> int | None:
        """The last cue of `words` that nothing but an addressee, a place or a time parts from the quotation."""
        for token in reversed(words):
            if self.parse.pos[token] in VERBAL and self.parse.dep[token] not in ("aux", "auxpass", "amod", "compound"):
                takes = self.lexicon.verbs.get(self.reading.lemmas[token], NOTHING)
                if "quotation" in takes and (punctuated or self._near(token, words.stop, one)):
                    if self.parse.children(token, "neg"):
                        return None
                    return token
                if self.parse.tag[token] in FINITE and not punctuated:
                    return None
        return None

    def _near(self, verb: int, stop: int, one: Quotation) -> bool:
        """Whether the quotation follows the cue at once, or is a sentence by itself."""
        between = [t for t in range(verb + 1, stop) if self.parse.dep[t] not in ("advmod", "prt")]
        if not between:
            return True
        return self.clausal(one) and self.parse.pos[between[0]] in ("ADP", "PROPN", "PRON")

    def _leading(self, words: range, verb: int) -> list[int]:
        found = noun_phrase_from(self.reading, words.start, verb)
        return found if any(self.parse.pos[t] in ("NOUN", "PROPN", "PRON") for t in found) else []

    def _bare_colon(self, words: range, colon: int) -> Tag | None:
        source = noun_phrase_from(self.reading, words.start, words.stop)
        if not source or not any(self.parse.pos[t] in ("PROPN", "PRON", "NOUN") for t in source):
            return None
        return Tag("colon", (colon,), tuple(source))

    def clausal(self, one: Quotation) -> bool:
        """Whether the quotation reads as a sentence: a capital, a finite verb or a stop at its end."""
        inside = one.inside(self.reading.text)
        if not inside[:1].isupper():
            return False
        tokens = self.reading.tokens(one.start, one.end)
        return inside[-1:] in ".?!," or any(self.parse.tag[t] in FINITE for t in tokens)
