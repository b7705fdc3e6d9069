"""XML as it may safely be read: no entity is expanded or fetched, nothing nests without end, no label is trusted."""

import html
import re

from lxml import etree
from visitwire_runtime import InvalidMessage

from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.elements import Element, name

_START = re.compile(r"^[\s\ufeff]+")
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,300}?\?>", re.DOTALL)
_ENCODING = re.compile(rb"^[\s\xef\xbb\xbf]*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BARE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_VOID = re.compile(r"<((?i:br|hr|img|col|wbr))\b((?:[^<>/]|/(?!>))*)>")
_TAGS = re.compile(r"<[a-zA-Z][^<>]{0,5000}>")
_UNQUOTED = re.compile(r"(\s[\w:.-]+)=([^\s\"'<>=]+)(?=[\s/>])")
_DOCUMENT = re.compile(r"<\?xml\b[^>]{0,300}?\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]{0,1000}>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DEEPEST = 200
PACKED = re.compile(r"\s*(?:<\?xml\b[^>]*>\s*)?<(?:\w+:)?(?:nitf|NewsML|newsMessage|newsItem|rss|feed)\b")
"""A document inside the text of another."""
SEND_AGAIN = "Ask the wire to send the item again."


def parse(raw: bytes) -> Element:
    """The root of the document, which must be well formed.

    Raises `InvalidMessage` with the line and column of what is wrong.
    """
    return _parsed(_text(raw))


def mended(raw: bytes) -> tuple[list[Element], str | None]:
    """The roots of the documents in `raw`, and in a sentence what had to be mended in them.

    A bare "&", a tag that is not closed, an undeclared prefix, and documents that somebody appended to one another do
    not cost the story. Raises `InvalidMessage` where nothing can be mended, or where it would not be safe.
    """
    text = _text(raw)
    try:
        return [_parsed(text)], None
    except InvalidMessage as error:
        if "<!ENTITY" in text or "nested" in str(error):
            raise
        pieces = [piece for piece in _DOCUMENT.split(text) if piece.strip()]
        roots = [root for piece in pieces for root in _roots(piece)]
        if not roots:
            raise
        return roots, str(error).removesuffix(f" {SEND_AGAIN}")


def _text(raw: bytes) -> str:
    """The document as text without its declaration, characters that XML forbids, and entities that only HTML knows."""
    declared = _ENCODING.match(raw[:400])
    decoded = decode(raw, declared[1].decode("ascii") if declared else None)
    text = _DECLARATION.sub(_lines, decoded.lstrip("\ufeff"), count=1)
    return _START.sub(_lines, _NAMED.sub(_character, _FORBIDDEN.sub("", text)).rstrip(), count=1)


def _lines(found: re.Match[str]) -> str:
    """The ends of lines alone, so that a breach is told with the line on which the file has it."""
    return "\n" * found[0].count("\n")


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parsed(text: str) -> Element:
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except etree.XMLSyntaxError as error:
        raise InvalidMessage(_reason(error)) from None
    _check(root)
    return root


def _roots(text: str) -> list[Element]:
    """The root of a document, or those of documents that stand behind one another without a declaration."""
    root = _recovered(text)
    try:
        several = [each for each in _parsed(f"<all>{_DOCTYPE.sub('', text)}</all>") if name(each)]
    except InvalidMessage:
        several = []
    if len(several) > 1:
        return several
    return [] if root is None else [root]


def _recovered(text: str) -> Element | None:
    text = _TAGS.sub(_quoted, _BARE.sub("&amp;", text))
    text = text if "</br>" in text else _VOID.sub(r"<\1\2/>", text)
    try:
        return _parsed(text)
    except InvalidMessage:
        pass
    root: Element | None = etree.fromstring(text.strip().encode("utf-8", "replace"), _parser(recover=True))
    if root is not None:
        _check(root)
    return root


def _quoted(tag: re.Match[str]) -> str:
    """The tag with its attributes in quotation marks."""
    return _UNQUOTED.sub(r'\1="\2"', tag[0])


def _character(match: re.Match[str]) -> str:
    """Named characters of HTML ("&eacute;"), which wires use without the DTD that declares them."""
    name = match[1]
    return match[0] if name in _XML_OWN else html.entities.html5.get(f"{name};", match[0])


def _reason(error: etree.XMLSyntaxError) -> str:
    line, column = error.position if error.position else (error.lineno or 0, 0)
    words = str(error.msg or error).partition(", line ")[0]
    if "depth" in words.lower():
        return f"The XML is nested deeper than any wire's format at line {line}: it was not read."
    return f"The XML is broken at line {line}, column {column}: {words}. {SEND_AGAIN}"


def _check(root: Element) -> None:
    """Refuses what could only be read by trusting the document: entities of its own, and nesting without end."""
    for entity in root.iter(etree.Entity):
        raise InvalidMessage(
            f"Line {entity.sourceline or 0} uses the entity {entity.text}, which is never looked up: send its words."
        )
    depth, deepest = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise InvalidMessage(
            f"The XML is nested {deepest} deep, deeper than any wire's format ({_DEEPEST}): it was not read."
        )
