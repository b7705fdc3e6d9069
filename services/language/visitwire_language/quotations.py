"""Read the quotation marks of a text: which characters stand between marks, line by line.

A mark that is never closed runs to the end of its line; the next line carries it on when it opens with a mark again, as
newspapers set quotes of several paragraphs. Time is linear in the length of the text, however broken the marks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from visitwire_language.cues import cues


@dataclass(frozen=True)
class Quotation:
    """What stands between an outermost pair of marks. Offsets are of the text; `start` and `end` take in the marks."""

    start: int
    end: int
    closed: bool
    line: int
    """Number of the line, from 0."""
    carries: bool = False
    """True where the paragraph before left its marks open and this one carries on."""

    def inside(self, text: str) -> str:
        """The words without the outer marks."""
        return text[self.start : self.end].strip(_EVERY_MARK + " ")


class _Mark(NamedTuple):
    start: int
    end: int
    role: str
    """ "open", "close", or "either" for a straight mark whose neighbours do not tell."""


_EVERY_MARK = "\"“”„‟«»〝〞‘’‚‹›'`"
_DOUBLE = re.compile(r"``|''|‘‘|’’|,,(?=\w)|[“”„‟«»〝〞\"]")
_ANY = re.compile(r"[“”„‟«»〝〞\"‘’‚‹›'`]|,,")
_OPENING_SINGLE = re.compile(r"(?<!\w)[‘‚‹'`](?=\w)")
_SINGLE = re.compile(r"[‘’‚‹›'`]")
_ROLES = {"“": "open", "„": "open", "‟": "open", "«": "open", "〝": "open", "``": "open", "‘‘": "open", ",,": "open"}
_ROLES |= {"”": "close", "»": "close", "〞": "close", "’’": "close"}
_BEFORE_OPENING = " \t\u00a0([{—–-/\u2009\u200a\u202f'‘“>"
_AFTER_CLOSING = " \t\u00a0)]}—–-/.,;:!?…\u2009\u200a\u202f'’”<"
_STOPS = ".,!?…;—"


def quotations_of(text: str, language: str = "en") -> list[Quotation]:
    """Every outermost quotation of `text`, in order."""
    tag = _tag_after_forgotten_mark(language)
    found: list[Quotation] = []
    open_before = False
    start = 0
    for number, line in enumerate(text.split("\n")):
        if _ANY.search(line) is None:
            open_before = open_before and not line.strip()
        else:
            here = [_up_to_its_tag(one, text, tag) for one in _line(line, start, number, open_before)]
            found.extend(here)
            open_before = bool(here) and not here[-1].closed
        start += len(line) + 1
    return found


def _up_to_its_tag(one: Quotation, text: str, tag_after: re.Pattern[str]) -> Quotation:
    """A quotation whose closing mark was forgotten before its tag: `"A, he said.`."""
    tag = None if one.closed else tag_after.search(text, one.start, one.end)
    return one if tag is None else replace(one, end=tag.start() + 1, closed=True)


@cache
def _tag_after_forgotten_mark(language: str) -> re.Pattern[str]:
    classes = cues(language).words
    after_name, before_name = ("|".join(sorted(classes[name])) for name in ("said after a name", "said before a name"))
    return re.compile(rf"[,?!] (?:(?:\w+\.? ){{1,4}}(?:{after_name})\b|(?:{before_name}) [A-Z])")


def _line(line: str, offset: int, number: int, open_before: bool) -> Iterator[Quotation]:
    doubles = [_doubled(line, match) for match in _DOUBLE.finditer(line)]
    spans = list(_pair(doubles, len(line.rstrip())))
    if _OPENING_SINGLE.search(line):
        spans += _singles(line, spans)
    for start, end, closed in sorted(spans):
        carries = open_before and not line[:start].strip()
        yield Quotation(offset + start, offset + end, closed, number, carries)


def _doubled(line: str, match: re.Match[str]) -> _Mark:
    said, faces = _ROLES.get(match.group()), _role(line, match.start(), match.end())
    # A typographic mark is believed, unless both its neighbours contradict it: `unusual,“ he said`.
    wrong = said is not None and match.group() in "“”" and faces not in (said, "either")
    return _Mark(match.start(), match.end(), faces if wrong or said is None else said)


def _role(line: str, start: int, end: int) -> str:
    """Which way a straight mark faces, by what stands on either side."""
    before = line[start - 1] if start else " "
    after = line[end] if end < len(line) else " "
    opens = before in _BEFORE_OPENING and after not in " \t\u00a0"
    closes = after in _AFTER_CLOSING and before not in " \t\u00a0"
    if opens == closes:
        return "either"
    return "open" if opens else "close"


def _pair(marks: list[_Mark], end_of_line: int) -> Iterator[tuple[int, int, bool]]:
    """The outermost pairs. A second opening mark nests when the line still closes both, else it starts anew."""
    closings = sum(mark.role == "close" for mark in marks)
    start, depth = None, 0
    for mark in marks:
        closings -= mark.role == "close"
        if start is None:
            if mark.role != "close":
                start, depth = mark.start, 1
        elif mark.role == "open":
            if closings > depth:
                depth += 1
            elif depth == 1:
                yield start, mark.start, True
                start = mark.start
        else:
            depth -= 1
            if depth == 0:
                yield start, mark.end, True
                start = None
    if start is not None:
        yield start, end_of_line, False


def _singles(line: str, doubles: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Pairs of single marks outside `doubles`; an apostrophe is none."""
    taken = iter([*doubles, (len(line), len(line), True)])
    low, high, _ = next(taken)
    found: list[tuple[int, int, bool]] = []
    opened: int | None = None
    weak: int | None = None
    for match in _SINGLE.finditer(line):
        here = match.start()
        while here >= high and low < len(line):
            low, high, _ = next(taken)
            opened = weak = None
        if low <= here < high:
            continue
        role = _role(line, here, here + 1)
        if role == "open" and match.group() not in "’›":
            if opened is not None and weak is not None:
                found.append((opened, weak, True))
            opened, weak = here, None
        elif role == "close" and opened is not None and match.group() not in "‘‚‹":
            if line[here - 1] in _STOPS or (weak is None and line[here + 1 : here + 2] in _STOPS):
                found.append((opened, here + 1, True))
                opened = weak = None
            elif weak is None:
                weak = here + 1
    if opened is not None and weak is not None:
        found.append((opened, weak, True))
    return found
