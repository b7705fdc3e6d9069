"""The words of a body, a paragraph a line, and its HTML made safe."""

import html
import re
from dataclasses import dataclass, field

import nh3
from lxml import etree
from lxml import html as lxml_html

from visitwire_ingestion.formats.elements import Element, name

_BLOCKS = re.compile(
    r"p|div|block|blockquote|bq|h[1-6]|hl[12]|li|dt|dd|tr|table|ul|ol|dl|pre|section|article|header|footer|figure"
    r"|figcaption|hr|note|fn|nitf-table|credit|tagline|bibliography|body|body\.(?:content|head|end)|aside|main|center"
    r"|address|caption"
)
"""Elements that begin and end a line."""
_SKIPPED = re.compile(
    r"head|script|style|title|media|media-(?:caption|reference|producer|metadata)|noscript|template|iframe|object|svg|del|s|strike|rt|rp"
)
"""Elements whose words are no part of the story: struck-out ones are what it no longer says."""
_UNSEEN = re.compile(r"line-through|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)
"""Styles of words that a reader does not see, or sees struck out."""
_HIDDEN = re.compile(r"\shidden(?:\s*=\s*[\"']?(?:hidden|true)?[\"']?)?(?=[\s/>])", re.IGNORECASE)
_UNSEEN_MARKUP = re.compile(
    rf"<(?P<tag>[a-z][a-z0-9]*)\b(?:[^<>]{{0,500}}?\bstyle\s*=\s*(?P<sign>[\"'])[^\"'<>]{{0,300}}?(?:{_UNSEEN.pattern})"
    rf"|(?:\s+[\w:.-]{{1,60}}(?:=(?:\"[^\"<>]{{0,500}}\"|'[^'<>]{{0,500}}'|[^\s\"'<>=]{{1,500}}))?){{0,20}}?{_HIDDEN.pattern})[^<>]{{0,300}}>"
    r"(?:(?!<(?P=tag)\b).){0,5000}?</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_CLOSED = re.compile(
    r"<(?P<tag>(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-z][a-z0-9]*)"
    r"(?P<attributes>(?:\s+[\w:.-]{1,60}(?:\s?=\s?(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'))?){0,40}\s*)/>",
    re.IGNORECASE,
)
"""An element that XML closes at once. HTML takes the story behind `<script/>` or `<iframe/>` for what is inside."""
_EMBEDDED = re.compile(
    r"<(?P<tag>iframe|noscript|template|object|svg|video|audio)\b[^<>]{0,2000}>(?:(?!</?(?P=tag)\b).){0,5000}?</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)
"""What shows something else, with the words for readers who cannot see it."""
_EMBEDS = re.compile(r"<(?:iframe|noscript|template|object|svg|video|audio)\b", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[/?(?:caption|wp_caption|gallery|embed|audio|video|playlist|youtube|tweet|twitter|instagram|vc_\w{1,30}|et_pb_\w{1,30})"
    r"(?:\s[^\[\]<>]{0,500})?/?\]"
)
"""What WordPress puts a picture or a film in the place of; the words of a caption stay."""
_UNSEEN_MANY = 200
_CELL = "\x02"
_CELL_WORDS = 40
"""Words beyond which a cell holds running text."""
_ENDS = re.compile(r"[.!?:;…\"”»’)\]]$")
_ESCAPED = re.compile(r"<(?:/p|p|br|/?(?:b|i|em|strong|div|h[1-6]|li|ul|ol))\b[^<>]{0,80}>", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|br|hr|b|i|u|em|strong|div|span|a|h[1-6]|li|[uod]l|d[td]|table|t[rdh]|pre|img|font|blockquote|section|article"
    r"|html|body|sup|sub|small)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<(?P<end>/?)(?:(?P<void>br|hr|img|input|meta|link|col|wbr|p|li)\b|[a-zA-Z])[^<>]{0,2000}>", re.IGNORECASE
)
_MANY = 2000
_DEEPEST = 1000
"""Tags, and levels of them, beyond which HTML is not an agency's: its words are kept, its structure is not."""
_INDENT = re.compile(r"\n(?:[ \u00a0]{2,}|\t)")
_LONG = 45
"""A line shorter than this was hardly broken for its width."""


@dataclass
class _Lines:
    """The paragraphs so far, and the words of the one being read."""

    done: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)

    def end(self) -> None:
        line = re.sub(rf"\s*{_CELL}\s*", "\t", " ".join("".join(self.current).split())).strip("\t")
        if line:
            self.done.append(line)
        self.current = []


def plain(root: Element, *, indented: bool = False) -> str:
    """The text of everything inside `root`, one paragraph a line, white space collapsed; tabs part a table's cells.

    `indented`: an indented line inside a paragraph begins a new one, as in bodies made from typewriter text.
    """
    found, hidden = _Lines(), 0  # how many of the elements around are skipped
    cell: Element | None = None  # the cell of a table whose lines are one
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = name(element).lower()
        skipped = _skipped(element, tag)
        if event == "start":
            hidden += skipped and element is not root
            if skipped:
                continue
            if cell is None and tag in ("td", "th") and _is_one_line(element):
                cell = element
            if _BLOCKS.fullmatch(tag):
                found.end() if cell is None else found.current.append(" ")
            if tag == "br":
                found.current.append("\x00" if cell is None else " ")
            if not hidden:
                found.current.append(_text(element.text, tag, indented))
        else:
            hidden -= skipped and element is not root
            cell = None if element is cell else cell
            if _BLOCKS.fullmatch(tag):
                found.end() if cell is None else found.current.append(" ")
            elif tag in ("td", "th"):
                found.current.append(_CELL)
            if element is not root and not hidden:
                found.current.append(_text(element.tail, "", indented))
    found.end()
    return "\n".join(_unbroken(found.done))


def _is_one_line(cell: Element) -> bool:
    """Whether the cell is part of a row of data, as paragraphs of word processors are: short, and beside others. Tables
    that lay out a page have whole stories in theirs."""
    beside = [each for each in (cell.getprevious(), cell.getnext()) if each is not None]
    if not any(name(each).lower() in ("td", "th") for each in beside):
        return False
    inner = any(name(each).lower() in ("table", "pre", "li", "h1", "h2", "h3") for each in cell.iter())
    return not inner and len("".join(map(str, cell.itertext())).split()) <= _CELL_WORDS


def _skipped(element: Element, tag: str) -> bool:
    """Whether its words are no body text: a caption, a script, what is struck out or hidden."""
    return bool(
        _SKIPPED.fullmatch(tag) or _UNSEEN.search(element.get("style") or "") or element.get("hidden") is not None
    )


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
            pieces = [re.sub(r"[^\S\t]+", " ", piece).strip(" ") for piece in paragraph.split("\x00")]
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


def marked_up(text: str) -> bool:
    """Whether there are tags of HTML in the words; "<17:00 QUOTE MAYOR>" is none."""
    return bool(_MARKUP.search(text))


def lines(text: str) -> str:
    """Plain words, each line with its white space collapsed, without empty ones."""
    return "\n".join(line for each in text.splitlines() if (line := " ".join(each.split())))


def from_html(markup: str) -> tuple[str, str | None]:
    """The plain text and the safe HTML of a piece of HTML."""
    if markup.count("<") > _MANY and _depth(markup) > _DEEPEST:  # what would take the square of it in time
        markup = _TAG.sub("\n", markup)
    if "<" not in markup:
        words = html.unescape(markup)
        return from_html(words) if marked_up(words) else (lines(words), nh3.clean(markup))
    safe = nh3.clean(_seen(markup))
    try:
        root = lxml_html.fragment_fromstring(safe, create_parent="div")
    except (etree.ParserError, ValueError):
        return "", None
    return plain(root), safe.strip() or None


def _seen(markup: str) -> str:
    """Without what is embedded, and elements that are hidden or struck out; where there are very many they are left."""
    markup = _SHORTCODE.sub(" ", markup) if "]" in markup else markup
    markup = _CLOSED.sub(r"<\g<tag>\g<attributes>></\g<tag>>", markup) if "/>" in markup else markup
    markup = _EMBEDDED.sub("", markup) if 0 < len(_EMBEDS.findall(markup)) < _UNSEEN_MANY else markup
    unseen = len(_UNSEEN.findall(markup)) + len(_HIDDEN.findall(markup))
    return _UNSEEN_MARKUP.sub("", markup) if 0 < unseen < _UNSEEN_MANY else markup


def _depth(markup: str) -> int:
    """How deep the tags nest that are opened, void ones left out."""
    depth, deepest = 0, 0
    for found in _TAG.finditer(markup):
        if not found["void"]:
            depth = max(0, depth - 1) if found["end"] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def safe_html(root: Element) -> str | None:
    """What is inside `root`, as HTML that carries no script, style or event handler."""
    markup = "".join(etree.tostring(child, encoding="unicode", method="xml") for child in root)
    return nh3.clean((root.text or "") + markup).strip() or None
