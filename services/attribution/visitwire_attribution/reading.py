"""A parsed story laid out for reading: its tokens, its lines, its quotation marks."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from visitwire_schemas import Parse

from visitwire_attribution.marks import Quotation, read

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
VERBAL = frozenset({"VERB", "AUX"})
_LEMMAS = {"hop": "hope", "’re": "be", "’s": "be", "tweete": "tweet", "retweete": "retweet"}
"""What the small model's lemmatiser gets wrong often."""


@dataclass(frozen=True)
class Reading:
    """`text`, its parse and its quotations, with the look-ups that every rule needs. Tokens are indices."""

    text: str
    parse: Parse

    @cached_property
    def quotations(self) -> list[Quotation]:
        return [one for one in read(self.text) if any(c.isalnum() for c in self.text[one.start : one.end])]

    @cached_property
    def words(self) -> list[str]:
        text = self.text
        return [text[start:end] for start, end in zip(self.parse.start, self.parse.end, strict=True)]

    @cached_property
    def lower(self) -> list[str]:
        return [word.lower() for word in self.words]

    @cached_property
    def lemmas(self) -> list[str]:
        return [_LEMMAS.get(lemma, lemma) for lemma in map(str.lower, self.parse.lemma)]

    @cached_property
    def line(self) -> list[int]:
        """The number of each token's line."""
        numbers, number, at = [], 0, 0
        for start in self.parse.start:
            number += self.text.count("\n", at, start)
            at = start
            numbers.append(number)
        return numbers

    @cached_property
    def quoted(self) -> list[int]:
        """For each token the number of the quotation it stands in, its marks included; -1 outside."""
        found = [-1] * len(self.parse)
        for number, one in enumerate(self.quotations):
            for token in self.tokens(one.start, one.end):
                found[token] = number
        return found

    def tokens(self, start: int, end: int) -> range:
        """The tokens that the characters [start, end) touch."""
        return range(bisect_left(self.parse.end, start + 1), bisect_left(self.parse.start, end))

    def is_word(self, token: int) -> bool:
        """Whether the token holds a letter or a digit."""
        return any(c.isalnum() for c in self.words[token])

    @cached_property
    def breaks(self) -> list[bool]:
        """For each token whether a sentence begins there, marks considered and the tree's opinion only at full stops."""
        starts = set(self.parse.sent_start)
        found = [True] * len(self.parse)
        for token in range(1, len(self.parse)):
            found[token] = self.line[token] != self.line[token - 1] or self._break_at(token, starts)
        return found

    def _break_at(self, token: int, starts: set[int]) -> bool:
        before, here = self.quoted[token - 1], self.quoted[token]
        if before >= 0:
            return before != here and self._stops(before) and not self.words[token][0].islower()
        word = self.words[token - 1]
        return word in (".", "?", "!") or (word.endswith(".") and token in starts)

    def _stops(self, number: int) -> bool:
        return self.quotations[number].inside(self.text)[-1:] in ".?!"
