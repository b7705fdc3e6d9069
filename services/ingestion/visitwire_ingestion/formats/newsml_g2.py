"""NewsML-G2, IPTC's XML for news: a newsMessage, or one bare item."""

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterator
from itertools import islice

from visitwire_schemas import Author, Link, Place, Subject

from visitwire_ingestion.formats import newsml_g2_meta as meta
from visitwire_ingestion.formats.body import from_html, lines, marked_up, plain, safe_html
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.elements import (
    Element,
    attribute,
    attribute_at,
    every,
    first,
    name,
    text_at,
    without,
    words,
)
from visitwire_ingestion.formats.embargo import stated
from visitwire_ingestion.formats.events import Event, g2_events, tell
from visitwire_ingestion.formats.g2_schema import problems

ITEMS = {
    "newsItem": "text",
    "packageItem": "composite",
    "planningItem": "planning",
    "conceptItem": "concept",
    "knowledgeItem": "concept",
    "catalogItem": "catalog",
}
"""The items, with the type of those that do not say one."""
MOST_BREACHES = 5
"""Warnings about one item's schema; `visitwire parse --strict` says them all."""


def read(root: Element, dialect: Dialect) -> list[tuple[Element, Draft]]:
    """Each item of the message with its draft; a bare item is one. None where the message's set is empty.

    What breaks the schema is a warning, unless the agency is known to (`lenient`).
    """
    found = [root] if name(root) in ITEMS else [each for each in every(root, "itemSet/*") if name(each) in ITEMS]
    header = first(root, "header")
    return [(each, _draft(each, header, dialect)) for each in found]


def empty(root: Element) -> Draft:
    """A message whose set holds no item: the schema allows it, and says with it that the line is alive."""
    header = first(root, "header")
    return Draft(type="message", provider=text_at(header, "sender"), transmitted=when(text_at(header, "sent")))


def _draft(element: Element, header: Element | None, dialect: Dialect) -> Draft:
    made = Draft(
        type=ITEMS[name(element)], uri=attribute(element, "guid"), version=number(attribute(element, "version"))
    )
    made.transmitted = when(text_at(header, "sent"), dialect.zone)
    made.priority = text_at(header, "priority")
    made.language = attribute_at(element, "contentMeta/language", "tag") or meta.language(element)
    _item_meta(made, first(element, "itemMeta"), dialect)
    _content_meta(made, first(element, "contentMeta"), dialect)
    _rights(made, first(element, "rightsInfo"))
    _content(made, element, dialect)
    meta.concepts(made, element)
    if events := g2_events(element):
        made.type = "planning" if name(element) == "planningItem" else "event"
        made.text = "" if name(element) == "newsItem" else made.text  # their words run together there
        tell(made, Event(made.headline, [made.abstract]) if made.abstract and not made.text else Event())
        for event in events:
            tell(made, event)
    if not dialect.lenient:
        made.warnings += islice(problems(element), MOST_BREACHES)
    return made


def _item_meta(made: Draft, item: Element | None, dialect: Dialect) -> None:
    nature = attribute_at(item, "itemClass", "qcode") or attribute_at(item, "itemClass", "uri")
    made.type = meta.tail(nature) if nature else made.type
    made.provider = (meta.party(first(item, "provider")) or "").lower() or None
    made.versioncreated = when(text_at(item, "versionCreated"), dialect.zone)
    made.firstcreated = when(text_at(item, "firstCreated"), dialect.zone) or made.versioncreated
    made.expires = when(text_at(item, "expires"), dialect.zone)
    made.pubstatus = pubstatus(attribute_at(item, "pubStatus", "qcode") or attribute_at(item, "pubStatus", "uri"))
    made.profile = text_at(item, "profile")
    made.service = meta.code(first(item, "service")) or text_at(item, "service/name")
    made.headline = text_at(item, "title")
    made.ednote = "\n".join(note for each in every(item, "edNote") if (note := words(each))) or None
    if (under := first(item, "embargoed")) is not None:  # left empty it says: until further notice
        stated(made, words(under) or "until further notice", dialect.zone)
    made.signal = [code for each in every(item, "signal") for code in _codes(each)]
    made.signal += [code for each in every(item, "instruction") for code in _codes(each)]
    for each in every(item, "link"):
        target = attribute(each, "residref") or attribute(each, "href") or attribute(each, "guidref")
        if target:
            made.links.append(Link(rel=attribute(each, "rel"), href=target, title=text_at(each, "title")))
            if (
                "previousversion" in (attribute(each, "rel") or "").lower()
                or "evolvedfrom" in (attribute(each, "rel") or "").lower()
            ):
                made.evolvedfrom = target


def _codes(element: Element) -> list[str]:
    """What a signal says, by code, or in words where the code is the sender's own."""
    said = (*(attribute(element, each) for each in ("qcode", "uri", "literal")), text_at(element, "name"))
    return [each for each in said if each]


def _content_meta(made: Draft, content: Element | None, dialect: Dialect) -> None:
    made.urgency = urgency(text_at(content, "urgency"))
    created = when(text_at(content, "contentCreated"), dialect.zone)
    made.firstcreated = made.firstcreated or created
    made.versioncreated = made.versioncreated or created
    made.headline = meta.headline(content) or made.headline
    made.slugline = meta.slugline(content)
    made.byline = text_at(content, "by")
    made.abstract = meta.abstract(content)
    made.creditline = text_at(content, "creditline")
    made.source = next((said for each in every(content, "infoSource") if (said := meta.party(each))), None)
    made.keywords = [word for each in every(content, "keyword") if (word := words(each))]
    made.genre = [said for each in every(content, "genre") if (said := meta.named(each))]
    made.subjects = [
        Subject(scheme=meta.scheme(each), code=meta.code(each), name=meta.name_of(each))
        for each in every(content, "subject")
    ]
    made.subjects += meta.equivalents(content)
    made.dateline = meta.dateline_of(content, made.versioncreated)
    made.authors = [
        Author(name=said, role=attribute(each, "role"), jobtitle=attribute(each, "jobtitle"))
        for kind in ("creator", "contributor")
        for each in every(content, kind)
        if (said := meta.party(each))
    ]
    for each in every(content, "altId"):
        if words(each):
            made.identifiers[meta.tail(attribute(each, "type") or "altId")] = words(each) or ""
    _places(made, content)


def _places(made: Draft, content: Element | None) -> None:
    located = list(every(content, "located"))
    tagged = [each for each in every(content, "subject") if "geo" in (attribute(each, "type") or "").lower()]
    for each in located + tagged:
        place = Place(scheme=meta.scheme(each), code=meta.code(each), name=meta.name_of(each))
        if place.name or place.code:
            made.places.append(place)


def _rights(made: Draft, rights: Element | None) -> None:
    made.copyrightholder = meta.party(first(rights, "copyrightHolder"))
    made.copyrightnotice = text_at(rights, "copyrightNotice")
    made.usageterms = text_at(rights, "usageTerms")


def _content(made: Draft, element: Element, dialect: Dialect) -> None:
    """The body: the first rendition that has words; what lies elsewhere becomes links."""
    for each in every(element, "contentSet/*"):
        kind = name(each)
        if kind == "remoteContent":
            href = attribute(each, "href") or attribute(each, "residref")
            if href:
                made.links.append(Link(rel=attribute(each, "rendition") or "remoteContent", href=href))
        elif not made.text:
            made.wordcount = number(attribute(each, "wordcount")) if made.wordcount is None else made.wordcount
            _inline(made, each, dialect)
    for target, title in _members(element):
        made.links.append(Link(rel="member", href=target, title=title))


def _inline(made: Draft, element: Element, dialect: Dialect) -> None:
    if name(element) == "inlineXML" and (len(element) or "<" not in (element.text or "")):
        root = first(element, "nitf/body/body.content")
        root = element if root is None else root
        without(root, dialect.skip)
        made.text = plain(root, indented=dialect.indented)
        made.html = safe_html(root)
        made.preformatted = any(name(each) in ("table", "pre") for each in element.iter())
        return
    text = "".join(str(each) for each in element.itertext())
    if (attribute(element, "encoding") or "").endswith("base64"):
        try:
            text = b64decode(text, validate=False).decode("utf-8", "replace")
        except (BadBase64, ValueError):
            return
    if "html" in (attribute(element, "contenttype") or "") or marked_up(text):
        made.text, made.html = from_html(text)
    else:
        made.text = lines(text)


def _members(element: Element) -> Iterator[tuple[str, str | None]]:
    """What a package points to."""
    for each in element.iter():
        if name(each) == "itemRef":
            target = attribute(each, "residref") or attribute(each, "href")
            if target:
                yield target, text_at(each, "title") or text_at(each, "headline")
