"""The attributions of a story: quotations with their tags, those that carry on, and what the tree says of the rest."""

from dataclasses import replace

from visitwire_attribution.finding import Finding, Piece
from visitwire_attribution.frames import Frames
from visitwire_attribution.lexicon import Lexicon
from visitwire_attribution.reading import Reading
from visitwire_attribution.tags import Tag, Tags


class Weave:
    """Gathers the attributions of one story. What stands in a content already is not attributed again."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.tags = Tags(reading, lexicon)
        self.found: list[Finding] = []
        self.owner: dict[int, int] = {}
        """The finding that holds each quotation, by number."""

    def findings(self) -> list[Finding]:
        """Every attribution of the story, in text order."""
        for number in range(len(self.reading.quotations)):
            self._give(number, self.tags.standing(number))
        self._tree()
        for number in range(len(self.reading.quotations)):
            if number not in self.owner:
                self._give(number, self.tags.any(number))
        self._carry()
        return sorted((f for f in self.found if f.content), key=lambda f: f.content[0])

    def _give(self, number: int, tag: Tag | None) -> None:
        if tag is None:
            return
        one = self.reading.quotations[number]
        start = one.start if tag.opens is None else self.reading.parse.start[tag.opens]
        piece = (start, one.end)
        for index, finding in enumerate(self.found):
            if finding.cue == tag.cue:
                self.owner[number] = index
                self.found[index] = replace(finding, content=(*finding.content, piece))
                return
        self.owner[number] = len(self.found)
        self.found.append(Finding(tag.frame, "speech", tag.cue, tag.source, (piece,)))

    def _tree(self) -> None:
        taken = {t for f in self.found for s, e in f.content for t in self.reading.tokens(s, e)}
        taken |= {t for f in self.found for t in f.cue}
        direct = [piece for f in self.found for piece in f.content]
        for finding in Frames(self.reading, self.lexicon, taken).findings():
            content = _without(self.reading.text, finding.content, direct)
            if not content:
                continue
            for start, end in content:
                for number in {self.reading.quoted[t] for t in self.reading.tokens(start, end)} - {-1}:
                    self.owner.setdefault(number, len(self.found))
            self.found.append(replace(finding, content=content))

    def _carry(self) -> None:
        """Gives a quotation without a tag, that is a sentence, to the speaker of the one before."""
        quotations = self.reading.quotations
        for number in range(1, len(quotations)):
            if number not in self.owner and number - 1 in self.owner and self._carries(number):
                index = self.owner[number] = self.owner[number - 1]
                one = quotations[number]
                self.found[index] = replace(
                    self.found[index], content=(*self.found[index].content, (one.start, one.end))
                )

    def _carries(self, number: int) -> bool:
        before, one = self.reading.quotations[number - 1 : number + 1]
        if not self.tags.clausal(one):
            return False
        gap = range(self.reading.tokens(before.start, before.end).stop, self.reading.tokens(one.start, one.end).start)
        if before.line != one.line:
            own = [t for t in gap if self.reading.line[t] == self.reading.line[gap.stop] and self.reading.is_word(t)]
            return not own and one.line - before.line <= 2
        words = [t for t in gap if self.reading.is_word(t)]
        cue = self.found[self.owner[number - 1]].cue
        return not words or (any(t in cue for t in words) and self.reading.words[gap[-1]] in (".", "?", "!", ",", ";"))


def findings(reading: Reading, lexicon: Lexicon) -> list[Finding]:
    """Every attribution of the story, in text order."""
    return Weave(reading, lexicon).findings()


def _without(text: str, content: tuple[Piece, ...], direct: list[Piece]) -> tuple[Piece, ...]:
    """`content` without the words that a direct quote already holds."""
    kept: list[Piece] = []
    for piece in content:
        parts = [piece]
        for other in direct:
            parts = [part for p in parts for part in _minus(p, other)]
        kept += parts
    return tuple(p for p in kept if any(c.isalnum() for c in text[p[0] : p[1]]))


def _minus(piece: Piece, other: Piece) -> list[Piece]:
    if other[1] <= piece[0] or piece[1] <= other[0]:
        return [piece]
    return [p for p in ((piece[0], other[0]), (other[1], piece[1])) if p[0] < p[1]]
