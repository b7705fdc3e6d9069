"""Reads an item of XML, whichever of its formats it is; what can be mended is."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from lxml import etree
from lxml import html as lxml_html
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Revision, Story, WireItem

from visitwire_ingestion.formats import newsml1, newsml_g2, nitf, own_xml, plain_text, rss_atom, unknown_xml, xml
from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.body import plain as words
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.complete import stories
from visitwire_ingestion.formats.dialect import Dialect, recognise
from visitwire_ingestion.formats.dialect_fields import apply
from visitwire_ingestion.formats.draft import Draft, with_warning
from visitwire_ingestion.formats.elements import Element, name

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE\s+html|html|head|form)\b", re.I | re.S
)
_FRAGMENT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:p|div|span|h[1-6]|b|i|em|strong|[uo]l|table|section|article|blockquote|body|br|a)\b[^>]*>",
    re.IGNORECASE,
)
"""A piece of HTML, which need not be XML."""
_NO_STORY = re.compile(
    r"\b(?:log ?in|sign ?in|login)\b|\b(?:40[0134]|50[0234])\b|maintenance|captcha"
    r"|access denied|not found|session (?:has )?expired|enable javascript",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\b[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_ASKS = re.compile(
    r"\W*(?:(?:please )?(?:log|sign) ?in\b|session (?:has )?expired|access denied|unauthori[sz]ed)", re.IGNORECASE
)
_NO_ITEM = (
    "A web page came where a wire item was meant (“{}”): a log-in, an error or a page for readers; check the"
    " address and the credentials."
)
_LONG = 400
"""Characters of running text from which a page may be a story."""
_TAG = re.compile(r"<(?:[a-zA-Z!?/])[^<>]*>")
_KNOWN = re.compile(r"<(?:!|\?|(?:nitf|NewsML|news\w+|rss|feed|rdf:RDF|html|body|div|p|article)\b)", re.IGNORECASE)


def read(item: WireItem) -> list[Story]:
    """The stories of the XML. Raises `InvalidMessage`."""
    if _PAGE.match(item.raw[:2000]):
        return _page(item)
    if _FRAGMENT.match(item.raw[:200]):
        return _fragment(item)
    try:
        roots, broken = xml.mended(item.raw)
    except InvalidMessage as error:
        return _otherwise(item, error)
    return _read(item, roots[0]) if broken is None else _mended(item, roots, broken)


def _mended(item: WireItem, roots: list[Element], broken: str) -> list[Story]:
    """What the mended documents say, with a warning; feeds by feedparser, which mends better than anybody."""
    if found := _as_feed(item):
        return with_warning(found, broken)
    made: list[Story] = []
    for root in roots:
        try:
            made += [story for story in _read(item, root) if story.text or story.revision == Revision.KILL]
        except InvalidMessage:
            continue  # the whole document's own fault says more
    if made:
        return with_warning(made, f"{broken} What could be read was.")
    return _otherwise(item, InvalidMessage(f"{broken} {xml.SEND_AGAIN}"))


def _otherwise(item: WireItem, error: InvalidMessage) -> list[Story]:
    """Broken XML as a feed, or as prose that begins with "<"."""
    if found := _as_feed(item):
        return with_warning(found, str(error))
    text = decode(item.raw)
    prose = not _KNOWN.match(text.lstrip()) and "</" not in text and "/>" not in text
    if prose and len(_TAG.sub(" ", text).split()) > 3:
        return stories([plain_text.read(text)], item)
    raise error


def _as_feed(item: WireItem) -> list[Story]:
    if not _FEED.search(item.raw[:2000]):
        return []
    try:
        return stories(rss_atom.read(item), item)
    except InvalidMessage:
        return []


def _read(item: WireItem, root: Element) -> list[Story]:
    text = decode(item.raw[:32000])
    own = own_xml.dialect_of(root, text)
    kind = name(root)
    if kind == "NITF":
        kind = _in_small_letters(root)
    if own is not None:
        return stories(own_xml.read(root, own), item, own)
    if kind == "nitf":
        return _nitf(item, root, text)
    if kind == "NewsML":
        return _some(_newsml1(item, root, text))
    if kind == "newsMessage" or kind in newsml_g2.ITEMS:
        return _newsml_g2(item, root, text)
    if rss_atom.is_wordpress(root):
        return stories(rss_atom.read_wordpress(root), item)
    if kind in ("rss", "feed", "RDF", "entry") or kind.lower() == "rss":
        return stories(rss_atom.read(item), item)
    return _other(item, root, text)


def _in_small_letters(root: Element) -> str:
    """Writes the elements as NITF's DTD does, where a sender writes them in capitals; the root's name."""
    for each in root.iter(etree.Element):
        if isinstance(each.tag, str):
            space, _, local = each.tag.rpartition("}")
            each.tag = f"{space}}}{local.lower()}" if space else local.lower()
    return name(root)


def _other(item: WireItem, root: Element, text: str) -> list[Story]:
    """A known format inside an envelope of somebody's own, a piece of HTML, or an agency's own XML."""
    for kind, reads in _INSIDE.items():
        if found := [story for each in root.iter() if name(each) == kind for story in reads(item, each, text)]:
            return found
    for each in root.iter():
        if xml.PACKED.match(packed := each.text or ""):
            return _read(item, xml.mended(packed.encode("utf-8", "replace"))[0][0])
    kind = name(root)
    if drafts := unknown_xml.read(root):
        return stories(drafts, item)
    raise InvalidMessage(
        f"The XML's first element is <{kind}>, which is none of nitf, NewsML, newsMessage, newsItem, rss and feed:"
        " describe it in a dialect file, or send one of these."
    )


def _nitf(item: WireItem, root: Element, text: str) -> list[Story]:
    dialect = recognise("nitf", text)
    return _applied(item, nitf.read(root, dialect), dialect)


def _newsml1(item: WireItem, root: Element, text: str) -> list[Story]:
    dialect = recognise("newsml1", text)
    return _applied(item, newsml1.read(root, dialect), dialect)


def _newsml_g2(item: WireItem, root: Element, text: str) -> list[Story]:
    dialect = recognise("newsml-g2", text)
    return _applied(item, newsml_g2.read(root, dialect), dialect) or [newsml_g2.empty(root).story(item)]


_INSIDE: Mapping[str, Callable[[WireItem, Element, str], list[Story]]] = {
    "nitf": _nitf,
    "NewsML": _newsml1,
    "newsMessage": _newsml_g2,
    "newsItem": _newsml_g2,
}
"""The formats that envelopes of somebody's own hold, in the order in which they are looked for."""


def _applied(item: WireItem, found: Iterable[tuple[Element, Draft]], dialect: Dialect) -> list[Story]:
    """The stories of what was read in elements, with what the sender's dialect finds there besides."""
    drafts = []
    for element, draft in found:
        apply(dialect, element, draft)
        drafts.append(draft)
    return stories(drafts, item, dialect)


def _some(found: list[Story]) -> list[Story]:
    if not found:
        raise InvalidMessage("The NewsML holds no NewsItem: ask the wire whether the item was meant to be empty.")
    return found


def _fragment(item: WireItem) -> list[Story]:
    """The words of a piece of HTML, unless it asks for a password; the story of an agency that calls its XML's first
    element as HTML calls one of its own."""
    with suppress(InvalidMessage):
        if drafts := unknown_xml.read(xml.parse(item.raw)):
            return stories(drafts, item)
    markup = decode(item.raw)
    said = from_html(markup)[0]
    asks = _ASKS.match(said) and len(said) < _LONG // 3
    if asks or (_PASSWORD.search(markup) and len(said) < 5 * _LONG):
        raise InvalidMessage(_NO_ITEM.format(said[:60]))
    return stories([plain_text.read(said)], item)


def _page(item: WireItem) -> list[Story]:
    """A whole web page: the words of its article where it is one, and a refusal where a server speaks of itself."""
    markup = decode(item.raw).replace("\x00", "")
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        root = lxml_html.document_fromstring(markup)
    except (etree.ParserError, ValueError) as error:
        raise InvalidMessage(
            "The item is a web page without a word: a wire item was meant; check its address."
        ) from error
    title = " ".join((root.findtext(".//title") or "").split())
    heading = " ".join(words(each) for each in root.iter("h1", "h2"))
    article = root.find(".//article")
    said = words(article if article is not None else root)
    asks = _NO_STORY.search(f"{title} {heading}") or (_PASSWORD.search(markup) and len(said) < 5 * _LONG)
    if asks or (article is None and len(said) < _LONG):
        raise InvalidMessage(_NO_ITEM.format(title[:60] or said[:60]))
    return stories([plain_text.read(said)], item)
