"""NewsML 1.0 to 1.2, IPTC's first XML for news."""

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterator

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Link, PubStatus

from visitwire_ingestion.formats import newsml1_meta as meta
from visitwire_ingestion.formats import nitf
from visitwire_ingestion.formats.body import escaped, from_html, lines, marked_up, plain, safe_html
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, has_id, number, pubstatus, urgency
from visitwire_ingestion.formats.elements import (
    XML_LANG,
    Element,
    attribute,
    attribute_at,
    every,
    first,
    name,
    text_at,
    words,
)
from visitwire_ingestion.formats.revision import takes_back

_REVISION = re.compile(r":\d+[A-Z]?$")
_BODY_ROLES = frozenset({"", "main", "text", "maintext", "lead", "body", "story", "article", "content", "news"})
_NOT_WORDS = ("photo", "image", "picture", "graphic", "video", "audio", "animation", "icon")


def read(root: Element, dialect: Dialect) -> list[tuple[Element, Draft]]:
    """Each NewsItem of the envelope with its draft, or with one for each of its languages where it carries several."""
    found = [each for each in root.iter() if name(each) == "NewsItem" and first(each, "Identification") is not None]
    envelope = first(root, "NewsEnvelope")
    found = found or [each for each in root.iter() if name(each) == "NewsItem"]
    return [(each, _draft(each, part, envelope, dialect)) for each in found for part in _languages(each)]


def _languages(element: Element) -> list[Element | None]:
    """The components that tell the same news each in a language of its own, as Belga's do; [None] without such."""
    top = list(every(element, "NewsComponent"))
    inner = [
        each for one in top for each in every(one, "NewsComponent") if first(each, "NewsLines/HeadLine") is not None
    ]
    tongues = {tongue for each in inner if (tongue := attribute(each, XML_LANG))}
    return list(inner) if len(top) == 1 and len(inner) == len(tongues) > 1 else [None]


def _draft(element: Element, part: Element | None, envelope: Element | None, dialect: Dialect) -> Draft:
    made = Draft(type="text")
    made.transmitted = when(text_at(envelope, "DateAndTime"), dialect.zone)
    made.sequence = text_at(envelope, "TransmissionId")
    made.priority = attribute_at(envelope, "Priority", "FormalName")
    made.service = attribute_at(envelope, "NewsService", "FormalName") or attribute_at(
        envelope, "NewsProduct", "FormalName"
    )
    _identify(made, first(element, "Identification"))
    if any(first(element, f"Update/{kind}") is not None for kind in ("Delete", "Remove")):
        made.signal = ["delete"] if first(element, "NewsComponent") is None else []
    _manage(made, first(element, "NewsManagement"), dialect)
    made.urgency = made.urgency or urgency(made.priority)
    top = list(every(element, "NewsComponent")) if part is None else [part]
    components = [each for component in top for each in component.iter() if name(each) == "NewsComponent"]
    if part is not None:
        components += list(every(element, "NewsComponent"))
        made.language = attribute(part, XML_LANG)
        made.uri = f"{made.uri}:{made.language}"
    meta.lines(made, components)
    meta.describe(made, components)
    meta.rights(made, components)
    _content(made, top, dialect)
    _told(made, components)
    made.language = made.language or attribute(element, XML_LANG)
    return made


def _identify(made: Draft, element: Element | None) -> None:
    identifier = first(element, "NewsIdentifier")
    made.provider = text_at(identifier, "ProviderId")
    made.version = number(text_at(identifier, "RevisionId"))
    parts = {"date_id": text_at(identifier, "DateId"), "item_id": text_at(identifier, "NewsItemId")}
    made.identifiers = {key: value for key, value in parts.items() if value}
    public = text_at(identifier, "PublicIdentifier")
    if public:
        made.identifiers["public"] = public
    if public and has_id(public):
        made.uri = _REVISION.sub("", public) if _revised(public, made.version) else public
    if has_id(parts["item_id"]) and not has_id(public):
        # A day is part of the identifier; a time is not, because agencies that give one give the revision's.
        day = [parts["date_id"]] if re.fullmatch(r"\d{8}", parts["date_id"] or "") else []
        made.uri = ":".join(
            ["urn:newsml", made.provider or "", *(each for each in day if each), parts["item_id"] or ""]
        )
    made.firstcreated = made.versioncreated = when(parts["date_id"])
    made.slugline = text_at(element, "NameLabel")


def _revised(public: str, version: int | None) -> bool:
    """Whether the last part of a public identifier is the revision, as the standard has it."""
    last = re.fullmatch(r"(\d+)[A-Z]?", public.rpartition(":")[2])
    return bool(last) and (version is None or int(last[1]) == version) if last else False


def _manage(made: Draft, element: Element | None, dialect: Dialect) -> None:
    status = attribute_at(element, "Status", "FormalName")
    made.pubstatus = pubstatus(status)
    made.firstcreated = when(text_at(element, "FirstCreated"), dialect.zone) or made.firstcreated
    made.versioncreated = when(text_at(element, "ThisRevisionCreated"), dialect.zone) or made.firstcreated
    made.urgency = urgency(attribute_at(element, "Urgency", "FormalName"))
    made.ednote = (
        "\n".join(
            said for each in every(element, "Instruction") if (said := attribute(each, "FormalName") or words(each))
        )
        or None
    )
    instructed = [attribute(each, "FormalName") for each in every(element, "Instruction")]
    if any(takes_back(each) for each in [*instructed, status]):
        made.pubstatus = PubStatus.CANCELED
    change = first(element, "StatusWillChange")
    if (status or "").lower() == "embargoed":
        made.embargoed = when(text_at(change, "DateAndTime"), dialect.zone)
        made.pubstatus = PubStatus.USABLE if made.embargoed else PubStatus.WITHHELD
    for each in every(element, "AssociatedWith"):
        if target := attribute(each, "NewsItem"):
            made.links.append(Link(rel="associated", href=target))
    made.evolvedfrom = attribute_at(element, "DerivedFrom", "NewsItem")


def _content(made: Draft, top: list[Element], dialect: Dialect) -> None:
    """The words of every text content item whose component is the story's body, in document order."""
    texts, markups = [], []
    for item in _bodies(top):
        text, markup = _words(made, item, dialect)
        if text:
            texts.append(text)
            markups.append(markup or "")
        count = [
            each
            for each in every(item, "Characteristics/Property")
            if attribute(each, "FormalName") in ("Words", "WordCount")
        ]
        made.wordcount = number(attribute(count[0], "Value")) if count and made.wordcount is None else made.wordcount
    made.text = "\n".join(texts)
    made.html = "\n".join(markups).strip() or None


def _told(made: Draft, components: list[Element]) -> None:
    """Components whose role says that they are the title or the lead, for wires that part a story so."""
    for each in components:
        role = (attribute_at(each, "Role", "FormalName") or "").lower()
        if role in ("title", "headline") and made.headline is None:
            made.headline = text_at(each, "ContentItem/DataContent")
        elif role in ("lead", "abstract", "summary") and made.abstract is None:
            made.abstract = text_at(each, "ContentItem/DataContent")


def _bodies(components: list[Element]) -> Iterator[Element]:
    """The content items that are the story itself; of equivalents (the same in other formats) only the first."""
    for component in components:
        role = (attribute_at(component, "Role", "FormalName") or "").lower().replace(" ", "")
        if role not in _BODY_ROLES and any(_role_is_body(each) for each in components if each is not component):
            continue
        found = list(every(component, "ContentItem"))
        inner = list(_bodies(list(every(component, "NewsComponent"))))
        if attribute(component, "EquivalentsList") == "yes":
            yield from (found + inner)[:1]
        else:
            yield from found + inner


def _role_is_body(component: Element) -> bool:
    return (attribute_at(component, "Role", "FormalName") or "").lower().replace(" ", "") in _BODY_ROLES


def _words(made: Draft, item: Element, dialect: Dialect) -> tuple[str, str | None]:
    medium = (attribute_at(item, "MediaType", "FormalName") or "text").lower()
    if href := attribute(item, "Href"):
        made.links.append(Link(rel=medium, href=href))
    data, packed = first(item, "DataContent"), first(item, "Encoding")
    if data is None:
        data = first(packed, "DataContent")
    if data is None or any(kind in medium for kind in _NOT_WORDS):
        return "", None
    document = first(data, "nitf")
    if document is not None:
        return _nitf(made, document, dialect)
    raw = "".join(str(each) for each in data.itertext())
    if (attribute(packed, "Notation") or "").lower().endswith("base64"):
        raw = _unpacked(raw)
    if len(data) and not escaped(raw):
        return plain(data, indented=dialect.indented), safe_html(data)
    return from_html(raw) if marked_up(raw) else (lines(raw), None)


def _unpacked(raw: str) -> str:
    try:
        return decode(b64decode(raw, validate=False))
    except (BadBase64, ValueError, InvalidMessage):
        return raw


def _nitf(made: Draft, document: Element, dialect: Dialect) -> tuple[str, str | None]:
    """The body of an embedded NITF, and what only its head says."""
    inner = nitf.draft(document, Dialect(name="", format="nitf", indented=dialect.indented, zone=dialect.zone))
    for field in ("headline", "byline", "dateline", "abstract", "ednote", "slugline", "preformatted", "wordcount"):
        if getattr(made, field) is None:
            setattr(made, field, getattr(inner, field))
    made.subjects = made.subjects or inner.subjects
    return inner.text, inner.html
