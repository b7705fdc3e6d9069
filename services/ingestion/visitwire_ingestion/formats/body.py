"""The words of a body, a paragraph a line, and its HTML made safe."""

import html
import re
from dataclasses import dataclass, field

import nh3
from lxml import etree
from lxml import html as lxml_html

from visitwire_ingestion.formats.xml import Element, name

_BLOCKS = re.compile(
    r"p|div|block|blockquote|bq|h[1-6]|hl[12]|li|dt|dd|tr|table|ul|ol|dl|pre|section|article|header|footer|figure"
    r"|figcaption|hr|note|fn|nitf-table|credit|tagline|bibliography|body|body\.(?:content|head|end)|aside|main|center"
    r"|address|caption"
)
"""Elements that begin and end a line."""
_SKIPPED = re.compile(
    r"head|script|style|title|media|media-(?:caption|reference|producer|metadata)|noscript|template|iframe|object|svg"
)
"""Elements whose words are no part of the story."""
_ENDS = re.compile(r"[.!?:;…\"”»’)\]]$")
_ESCAPED = re.compile(r"<(?:/p|p|br|/?(?:b|i|em|strong|div|h[1-6]|li|ul|ol))\b[^<>]{0,80}>", re.IGNORECASE)
_INDENT = re.compile(r"\n(?:[ \u00a0]{2,}|\t)")
_LONG = 45
"""A line shorter than this was hardly broken for its width."""


@dataclass
class _Lines:
    """The paragraphs so far, and the words of the one being read."""

    done: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)

    def end(self) -> None:
        line = " ".join("".join(self.current).split())
        if line:
            self.done.append(line)
        self.current = []


def plain(root: Element, *, indented: bool = False) -> str:
    """The text of everything inside `root`, one paragraph a line, white space collapsed.

    `indented`: an indented line inside a paragraph begins a new one, as in bodies made from typewriter text.
    """
    lines = _Lines()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = name(element).lower()
        if event == "start":
            if _SKIPPED.fullmatch(tag):
                continue
            if _BLOCKS.fullmatch(tag):
                lines.end()
            if tag == "br":
                lines.current.append("\x00")
            if not _hidden(element, root):
                lines.current.append(_text(element.text, tag, indented))
        else:
            if _BLOCKS.fullmatch(tag):
                lines.end()
            elif tag in ("td", "th"):
                lines.current.append("\t")
            if element is not root and not _hidden(element.getparent(), root):
                lines.current.append(_text(element.tail, "", indented))
    lines.end()
    return "\n".join(_unbroken(lines.done))


def _hidden(element: Element | None, root: Element) -> bool:
    """Whether `element` lies in something that is not body text (a caption, a script)."""
    while element is not None:
        if element is not root and _SKIPPED.fullmatch(name(element).lower()):
            return True
        if element is root:
            return False
        element = element.getparent()
    return False


def _text(words: str | None, tag: str, indented: bool) -> str:
    if not words:
        return ""
    if tag == "pre":
        return words.replace("\n", "\x00")
    return _INDENT.sub("\x01", words) if indented else words


def _unbroken(lines: list[str]) -> list[str]:
    """Breaks inside a paragraph (\\x00) are lines of their own, unless the line was only broken for its width."""
    made: list[str] = []
    for line in lines:
        for paragraph in line.split("\x01"):
            pieces = [" ".join(piece.split()) for piece in paragraph.split("\x00")]
            joined: list[str] = []
            for place, piece in enumerate(pieces):
                if joined and piece and pieces[place - 1] and _continues(pieces[place - 1], piece):
                    joined[-1] = f"{joined[-1]} {piece}"
                elif piece:
                    joined.append(piece)
            made += joined
    return made


def _continues(before: str, after: str) -> bool:
    return not _ENDS.search(before) and (len(before) >= _LONG or after[:1].islower())


def escaped(text: str) -> bool:
    """Whether the words of an element are markup themselves: HTML in a CDATA section, inside elements of the format."""
    return bool(_ESCAPED.search(text))


def from_html(markup: str) -> tuple[str, str | None]:
    """The plain text and the safe HTML of a piece of HTML."""
    safe = nh3.clean(markup)
    if "<" not in markup:
        return "\n".join(line for each in html.unescape(markup).splitlines() if (line := " ".join(each.split()))), safe
    try:
        root = lxml_html.fragment_fromstring(safe, create_parent="div")
    except (etree.ParserError, ValueError):
        return "", None
    return plain(root), safe.strip() or None


def safe_html(root: Element) -> str | None:
    """What is inside `root`, as HTML that carries no script, style or event handler."""
    markup = "".join(etree.tostring(child, encoding="unicode", method="xml") for child in root)
    return nh3.clean((root.text or "") + markup).strip() or None
