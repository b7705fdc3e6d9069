"""The attributions of a story: quotations with their tags, those that carry on, and what the tree says of the rest."""

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from visitwire_language.text import Text
from visitwire_schemas import Entity, EntityKind, MentionForm

from visitwire_attribution import confidence
from visitwire_attribution.finding import Finding, Piece
from visitwire_attribution.frames import frames
from visitwire_attribution.labels import labelled
from visitwire_attribution.leading import leading, line_before, naming
from visitwire_attribution.stretch import over_quotation, to_the_end
from visitwire_attribution.tag import Tag, clausal, opens_sentence, title
from visitwire_attribution.trailing import short, trailing

_STRETCHING = frozenset({"clause", "naming", "other", "infinitive", "object", "preposition", "noun clause"})
_PARAGRAPH = 7
"""Tokens that a quotation needs to be a paragraph of a speech, and no heading."""
_FARTHEST = 1
"""Paragraphs over which a quote may carry on."""


class Attributions:
    """Gathers the attributions of one story. What stands in a content already is not attributed again."""

    def __init__(self, text: Text, name_ends: Container[int]) -> None:
        self.text = text
        self._name_ends = name_ends
        self.found: list[Finding] = []
        self.by_cue: dict[tuple[int, ...], int] = {}
        """The finding of each cue."""
        self.owner: dict[int, int] = {}
        """The finding that holds each quotation, by number."""

    def findings(self) -> list[Finding]:
        """Every attribution of the story, in text order."""
        self._labels()
        self._tags(_standing)
        self._tree()
        self._tags(_naming)
        self._tags(_leaning)
        self._carry()
        sure = (f for f in map(self._judged, self.found) if f.confidence >= confidence.LEAST)
        return sorted(sure, key=lambda f: f.content[0])

    def _judged(self, finding: Finding) -> Finding:
        content = _merged(finding.content) if len(finding.content) > 1 else finding.content
        fields = (finding.frame, finding.kind, finding.cue, finding.source, content)
        return Finding(*fields, confidence.confidence(self.text, Finding(*fields)))

    def _labels(self) -> None:
        for finding in labelled(self.text, self._name_ends):
            self._own(finding.content)
            self._keep(finding)

    def _own(self, content: tuple[Piece, ...]) -> None:
        """Notes that the next finding holds the quotations within `content`."""
        for start, end in content:
            for number in {self.text.quoted[t] for t in self.text.parse.within(start, end)} - {-1}:
                self.owner.setdefault(number, len(self.found))

    def _tags(self, read: Callable[[Text, int], Tag | None]) -> None:
        for number in range(len(self.text.quotations)):
            if number not in self.owner:
                tag = read(self.text, number)
                if tag is not None:
                    self._give(number, tag)

    def _give(self, number: int, tag: Tag) -> None:
        one = self.text.quotations[number]
        start = one.start if tag.opens is None else self.text.parse.start[tag.opens]
        piece = (min(start, one.start), one.end)
        if tag.frame in ("lead", "lead on", "naming"):
            piece = to_the_end(self.text, piece, phrases=tag.frame != "naming")
        if tag.cue in self.by_cue:
            self._add(number, self.by_cue[tag.cue], piece)
        else:
            self.owner[number] = len(self.found)
            self._keep(Finding(tag.frame, "speech", tag.cue, tag.source, (piece,)))

    def _keep(self, finding: Finding) -> None:
        self.by_cue.setdefault(finding.cue, len(self.found))
        self.found.append(finding)

    def _add(self, number: int, index: int, piece: Piece) -> None:
        self.owner[number] = index
        self.found[index] = replace(self.found[index], content=(*self.found[index].content, piece))

    def _tree(self) -> None:
        taken = {t for f in self.found for s, e in f.content for t in self.text.parse.within(s, e)}
        taken |= {t for f in self.found for t in f.cue}
        direct = _merged(tuple(piece for f in self.found for piece in f.content))
        for finding in frames(self.text, taken):
            content = _without(self.text.text, finding.content, direct)
            if not content:
                continue
            if finding.frame in _STRETCHING:
                content = (*content[:-1], over_quotation(self.text, content[-1], finding.cue, self.owner))
            self._own(content)
            self._keep(finding if content == finding.content else replace(finding, content=content))

    def _carry(self) -> None:
        """Gives a quotation without a tag, that is a sentence, to the speaker of the sentence before."""
        cues = {token: index for cue, index in self.by_cue.items() for token in cue}
        for number, one in enumerate(self.text.quotations):
            if number in self.owner or not clausal(self.text, one) or not opens_sentence(self.text, number):
                continue
            if (
                one.line != self.text.quotations[number - 1].line
                and len(self.text.quotation_tokens(number)) < _PARAGRAPH
            ):
                continue
            index = self._speaking_before(number, cues)
            if index is not None:
                self._add(number, index, (one.start, one.end))

    def _speaking_before(self, number: int, cues: Mapping[int, int]) -> int | None:
        """The attribution in the sentence before a quotation; the one with the quotation before that first."""
        text = self.text
        first = text.quotation_tokens(number).start
        if first == 0 or text.paragraph_of[first] - text.paragraph_of[first - 1] > _FARTHEST:
            return None
        last = first - 1
        if text.quoted[last] >= 0 and text.quoted[last] in self.owner:
            return self.owner[text.quoted[last]]
        near = [cues[token] for token in range(text.written_sentence(last).start, first) if token in cues]
        tags = [n for n in near if self.found[n].frame in ("tag", "lead", "colon")]
        spoken = [n for n in near if self.found[n].kind == "speech" and self.found[n].source]
        return next(iter(tags or spoken), None)


def findings(text: Text, entities: Iterable[Entity]) -> list[Finding]:
    """Every attribution of the story, in text order."""
    return Attributions(text, frozenset(_name_ends(text, entities))).findings()


def _name_ends(text: Text, entities: Iterable[Entity]) -> Iterator[int]:
    """The last token of every name of a person or an organisation."""
    for entity in entities:
        if entity.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION):
            for mention in entity.mentions:
                if mention.form == MentionForm.NAME:
                    yield text.parse.within(mention.start, mention.end).stop - 1


def _standing(text: Text, number: int) -> Tag | None:
    """The tag of a quotation that opens its sentence, or that a comma or colon parts from a cue."""
    before = leading(text, number)
    if before is not None and before.frame in ("colon", "lead"):
        return (_by_comma(text, number) if before.loose else None) or before
    if not opens_sentence(text, number):
        return None
    return trailing(text, number) or line_before(text, number)


def _by_comma(text: Text, number: int) -> Tag | None:
    """The tag after a quotation that ends with a comma, and so surely has one: `on one condition: "A," he said`."""
    after = trailing(text, number)
    ends = text.quotations[number].inside(text.text)[-1:] in (",", "?", "!")
    return after if after and ends and short(text, number, after) and after.sure else None


def _naming(text: Text, number: int) -> Tag | None:
    return naming(text, number)


def _leaning(text: Text, number: int) -> Tag | None:
    """The tag of whatever quotation, as a last resort."""
    before = leading(text, number)
    if before is not None:
        return before
    if title(text, number):
        return None
    after = trailing(text, number)
    if after is None or text.parse.tag[after.cue[-1]] in ("VBG", "VBN") or not short(text, number, after):
        return None
    return replace(after, frame="tag after clause", opens=_sentence_start(text, number))


def _sentence_start(text: Text, number: int) -> int:
    first = text.quotation_tokens(number).start
    while first > 0 and not text.breaks[first]:
        first -= 1
    return first


def _merged(content: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """`content` in text order, pieces that overlap as one."""
    found: list[Piece] = []
    for start, end in sorted(content):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _without(text: str, content: tuple[Piece, ...], direct: Sequence[Piece]) -> tuple[Piece, ...]:
    """`content` without the words that a direct quote already holds; `direct` in order and without overlaps."""
    kept: list[Piece] = []
    for piece in content:
        parts = [piece]
        for other in direct[max(bisect_left(direct, piece) - 1, 0) :]:
            if other[0] >= piece[1]:
                break
            parts = [part for p in parts for part in _minus(p, other)]
        kept += parts
    return tuple(p for p in kept if any(c.isalnum() for c in text[p[0] : p[1]]))


def _minus(piece: Piece, other: Piece) -> list[Piece]:
    if other[1] <= piece[0] or piece[1] <= other[0]:
        return [piece]
    return [p for p in ((piece[0], other[0]), (other[1], piece[1])) if p[0] < p[1]]
