"""Plain text: an optional headline, an optional dateline, paragraphs."""

import re
from itertools import pairwise

from visitwire_schemas import Subject

from visitwire_ingestion.formats.dateline import leading
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo import is_label

_TELEX = re.compile(r"^\s*(?:ZCZC|zczc)[^\n]*\n|\n\s*(?:\d\d-[A-Z]{3}-\d\d [\d:]{4,5}\s+)?(?:NNNN|nnnn)[\s\S]{0,200}$")
"""Start and end of a message on a telex line."""
_ROUTING = re.compile(r"^(?:[A-Z]{2,4}\d{3,6}[_/ ][A-Z0-9_/ ]{2,40}|[A-Z] [A-Z]{3}(?: [A-Z0-9]{3,4}){1,4})$")
"""Lines of a telex that route it: "XEF00417_SXA_QBXB", "U POL S0A QBXB"."""
_MARK = re.compile(r"^(?P<sign>[\^:=$*&+#@~%])(?P<words>\S[^\n]{0,200})$")
_MARKS = {"^": "headline", ":": "slugline", "#": "slugline", "=": "take", "$": "service"}
_COLUMNS = re.compile(r"[ ]*\t\s*|[ ]{4,}")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_RULE = re.compile(r"(?:(?<=\n)|^)[ \t]*([=*_~#-])\1{4,}[ \t]*(?:\n|$)")
"""A line drawn by a sign, such as stands below a title."""
_END = re.compile(r"#{2,5}|(?:# ){2,4}#|[-–—]\s?(?:30|0)\s?[-–—]|[-–—(*]*\s?ends?\s?[-–—)*]*", re.IGNORECASE)
"""How press offices and desks end a text."""
_NARROW, _WIDE = 45, 100
"""Characters of the longest line of a text that was broken for a width."""
_SENTENCE = re.compile(r"[.!?][\"”’'»)]*\s*$")
_HEADLINE = 160
"""A first line longer than this is a paragraph, not a headline."""


def read(text: str) -> Draft:
    """The draft of one story. Blocks parted by empty lines are paragraphs, and so are lines where there is none.

    The first line is the headline when it is short, no sentence, and something follows.
    """
    made = Draft(type="text")
    telex = bool(_TELEX.match(text))
    text = _TELEX.sub("", text)
    paragraphs = blocks(_marked(made, text) if telex else text)
    while telex and len(paragraphs) > 1 and _ROUTING.match(paragraphs[0]):
        del paragraphs[0]
    if len(paragraphs) > 1 and is_label(paragraphs[0]):
        made.ednote = paragraphs.pop(0)
    if made.headline is None and len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        made.headline = paragraphs.pop(0)
    if len(paragraphs) > 1 and _END.fullmatch(paragraphs[-1]):
        del paragraphs[-1]
    made.text = "\n".join(paragraphs)
    return made


def _marked(made: Draft, text: str) -> str:
    """Takes off the lines of a telex whose first sign says what they are: "^Headline", ":slug", "=take", "$category".

    What has no field of its own is a keyword, so that nothing is lost.
    """
    lines = text.strip("\n").split("\n")
    while len(lines) > 1 and (found := _MARK.match(lines[0])):
        field, said = _MARKS.get(found["sign"]), found["words"].strip()
        if field and said and not getattr(made, field):
            setattr(made, field, said)
        elif found["sign"] == "+":
            made.subjects.append(Subject(code=said))
        elif said:
            made.keywords.append(said)
        del lines[0]
    return "\n".join(lines)


def blocks(text: str) -> list[str]:
    """The paragraphs, each one line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    text = _RULE.sub("\n" if re.search(r"\n[ \t]*\n", text) else "", text).strip("\n")
    parts = _unwrapped(text) or re.split(_between(text), text)
    return [line for part in parts for inner in _indented(part) for line in _rows(inner) if line]


def _unwrapped(text: str) -> list[str]:
    """The paragraphs of a text that was broken for a width and has nothing between them; none for any other.

    A line is full where the first word of the next would not have fitted. Lines that end before that, or a sentence,
    end a paragraph.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    width = max(map(len, lines))
    if not (_NARROW <= width <= _WIDE) or not all(lines) or any(line.startswith((" ", "\t")) for line in lines):
        return []
    full = [len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in pairwise(lines)]
    ended = [bool(_SENTENCE.search(line)) for line in lines]
    broken = [one and not other for one, other in zip(full, ended, strict=False)]
    short = sum(not one and not other for one, other in zip(full, ended, strict=False))
    if sum(broken) < 2 or short > 1 or any(_BULLET.match(line) or _COLUMNS.search(line) for line in lines):
        return []
    made = lines[:1]
    for line, goes_on in zip(lines[1:], broken, strict=True):
        made[-1:] = [f"{made[-1]} {line}"] if goes_on or line[:1].islower() else [made[-1], line]
    return made


def _indented(part: str) -> list[str]:
    """The paragraphs of a block that only indents tell apart; a table's or a list's lines, and a block that is indented
    as a whole, stay one."""
    lines = part.split("\n")
    begins = [line.startswith(("  ", "\t")) for line in lines]
    parted = sum(begins) > 1 and begins[0] and (not all(begins) or all(_SENTENCE.search(line) for line in lines))
    if not parted or any(_COLUMNS.search(line.strip()) or _BULLET.match(line) for line in lines):
        return [part]
    return re.split(r"\n(?=  |\t)", part)


def _rows(part: str) -> list[str]:
    """The lines of a table, its cells parted by tabs, or of a list; any other part is one line."""
    found = [line for line in part.split("\n") if line.strip()]
    cells = [[" ".join(cell.split()) for cell in _COLUMNS.split(line.strip())] for line in found]
    if len(found) > 1 and sum(len(row) > 1 for row in cells) > 0.6 * len(found):
        return ["\t".join(row) for row in cells]
    if len(found) > 1 and all(_BULLET.match(line) for line in found):
        return [" ".join(line.split()) for line in found]
    return [" ".join(part.split())]


def _is_headline(line: str) -> bool:
    return len(line) <= _HEADLINE and not line.endswith((".", ":", ";", ",")) and leading(line) is None


def _between(text: str) -> str:
    """What parts the paragraphs: empty lines; else indents, below the heading; else each line's end, but for one that
    went on because it was full, and so begins with a small letter."""
    if re.search(r"\n[ \t]*\n", text):
        return r"\n[ \t]*\n"
    lines = text.split("\n")
    start = next((place for place, line in enumerate(lines) if line.startswith(("  ", "\t"))), None)
    indented = start is not None and any(not line.startswith((" ", "\t")) for line in lines[start:])
    return r"\n(?=[ \t]{2,}|\t)" if indented and start is not None and start < 2 else r"\n(?![a-zà-öø-ÿ])"
