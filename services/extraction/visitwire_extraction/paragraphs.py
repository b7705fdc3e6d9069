"""A story's text in paragraphs, and each paragraph in pieces short enough to parse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 3_000
"""Characters a piece holds at most. A wire's paragraphs are shorter; what is longer is a table, or garbage, and is cut
so that the parser's memory stays bounded."""

_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_END = re.compile(r"[.!?][”\"']?\s")


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a part of a very long one: its number and its first character in the story's text."""

    paragraph: int
    start: int
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """Every paragraph (line) that holds more than white space; long ones cut after a sentence, a word, or anywhere."""
    for number, line in enumerate(_LINE.finditer(text)):
        start, rest = line.start(), line.group()
        while len(rest) > LONGEST:
            cut = _cut(rest)
            if rest[:cut].strip():
                yield Piece(number, start, rest[:cut])
            start, rest = start + cut, rest[cut:]
        if rest.strip():
            yield Piece(number, start, rest)


def _cut(line: str) -> int:
    """Where to cut a line that is too long: always between LONGEST / 2 and LONGEST."""
    ends = [end.end() for end in _SENTENCE_END.finditer(line, LONGEST // 2, LONGEST)]
    if ends:
        return ends[-1]
    space = line.rfind(" ", LONGEST // 2, LONGEST)
    return space + 1 if space >= 0 else LONGEST
