"""A story's text in paragraphs, and each paragraph in pieces short enough to parse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 3_000
"""Characters a piece holds at most. A wire's paragraphs are shorter; what is longer is a table, or garbage, and is cut
so that the parser's memory stays bounded."""

_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_END = re.compile(r"[.!?][”\"']?\s")


INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, characters of no width, marks of direction: they may stand inside a word and say nothing of it."""


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a part of a very long one: its number and its first character in the story's text.

    `text` is without invisible characters; `places` says where its characters stood, counted from `start`, if there
    were any.
    """

    paragraph: int
    start: int
    text: str
    places: tuple[int, ...] | None = None
    length: int = 0
    """How many characters of the story it takes."""

    def span(self, first: int, length: int) -> tuple[int, int]:
        """Where `length` characters of the piece from `first` stand in the story."""
        if self.places is None:
            return self.start + first, self.start + first + length
        return self.start + self.places[first], self.start + self.places[first + length - 1] + 1

    @property
    def end(self) -> int:
        return self.start + self.length


def piece(paragraph: int, start: int, text: str) -> Piece:
    """A piece of a story, without its invisible characters."""
    if not INVISIBLE.search(text):
        return Piece(paragraph, start, text, None, len(text))
    places = tuple(at for at, character in enumerate(text) if not INVISIBLE.match(character))
    return Piece(paragraph, start, "".join(text[at] for at in places), places, len(text))


def pieces(text: str) -> Iterator[Piece]:
    """Every paragraph (line) that holds more than white space; long ones cut after a sentence, a word, or anywhere."""
    for number, line in enumerate(_LINE.finditer(text)):
        start, rest = line.start(), line.group()
        while len(rest) > LONGEST:
            cut = _cut(rest)
            if INVISIBLE.sub("", rest[:cut]).strip():
                yield piece(number, start, rest[:cut])
            start, rest = start + cut, rest[cut:]
        if INVISIBLE.sub("", rest).strip():
            yield piece(number, start, rest)


def _cut(line: str) -> int:
    """Where to cut a line that is too long: always between LONGEST / 2 and LONGEST."""
    ends = [end.end() for end in _SENTENCE_END.finditer(line, LONGEST // 2, LONGEST)]
    if ends:
        return ends[-1]
    space = line.rfind(" ", LONGEST // 2, LONGEST)
    return space + 1 if space >= 0 else LONGEST
