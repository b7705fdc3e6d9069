"""NITF 2.5 to 3.6, IPTC's News Industry Text Format."""

from visitwire_schemas import Link, Place, PubStatus, Subject

from visitwire_ingestion.formats.body import escaped, from_html, plain, safe_html
from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.elements import (
    XML_LANG,
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


def read(root: Element, dialect: Dialect) -> list[tuple[Element, Draft]]:
    """Each `nitf` element with its draft."""
    roots = [root] if name(root) == "nitf" else [each for each in root.iter() if name(each) == "nitf"]
    return [(each, draft(each, dialect)) for each in roots]


def draft(root: Element, dialect: Dialect) -> Draft:
    """The draft of one NITF document."""
    made = Draft(type="text", provider=attribute_at(root, "head/docdata/doc-id", "regsrc"))
    made.language = attribute(root, "baselang") or attribute(root, XML_LANG)
    _docdata(made, first(root, "head/docdata"), dialect)
    _head(made, first(root, "head"))
    _body_head(made, first(root, "body/body.head"))
    content(made, _body(root), dialect)
    made.headline = made.headline or text_at(root, "head/title")
    return made


def _body(root: Element) -> Element | None:
    """`body.content`; the body without its head and its end where a sender knows no such element."""
    body = first(root, "body")
    inner = first(body, "body.content")
    if inner is None and body is not None:
        without(body, ("body.head", "body.end"))
        return body
    return inner


def content(made: Draft, body: Element | None, dialect: Dialect) -> None:
    """The words and the HTML of a `body.content`, and the pictures in it."""
    if body is None:
        return
    said = "".join(str(each) for each in body.itertext())
    if escaped(said):
        made.text, made.html = from_html(said)
    else:
        made.text, made.html = plain(body, indented=dialect.indented), safe_html(body)
    captions = [words(each) or "" for each in body.iter() if name(each) == "media-caption"]
    made.text = "\n".join(each for each in dict.fromkeys([made.text, *captions]) if each)
    made.preformatted = any(name(each) in ("table", "nitf-table", "pre") for each in body.iter())
    made.links += [
        Link(rel="media", href=source, title=attribute(each, "alternate-text"))
        for each in body.iter()
        if name(each) == "media-reference" and (source := attribute(each, "source"))
    ]


def _docdata(made: Draft, docdata: Element | None, dialect: Dialect) -> None:
    status = attribute(docdata, "management-status")
    made.uri = attribute_at(docdata, "doc-id", "id-string")
    made.pubstatus = pubstatus(status)
    made.evolvedfrom = attribute(docdata, "management-doc-idref")
    made.version = number(attribute_at(docdata, "du-key", "version"))
    made.urgency = urgency(attribute_at(docdata, "urgency", "ed-urg"))
    issued = when(attribute_at(docdata, "date.issue", "norm"), dialect.zone)
    released = when(attribute_at(docdata, "date.release", "norm"), dialect.zone)
    made.firstcreated = made.versioncreated = issued or released
    made.expires = when(attribute_at(docdata, "date.expire", "norm"), dialect.zone)
    if released and (status == "embargoed" or (issued and released > issued)):
        made.embargoed = released
    elif status == "embargoed":
        made.pubstatus = PubStatus.WITHHELD
    made.ednote = "\n".join(note for each in every(docdata, "ed-msg") if (note := attribute(each, "info"))) or None
    made.keywords = [key for each in every(docdata, "key-list/keyword") if (key := attribute(each, "key"))]
    made.copyrightholder = attribute_at(docdata, "doc.copyright", "holder")
    made.usageterms = attribute_at(docdata, "doc.rights", "limitations")
    made.source = attribute_at(docdata, "del-list/from-src", "src-name")
    _places(made, docdata)


def _places(made: Draft, docdata: Element | None) -> None:
    for each in every(docdata, "evloc"):
        town = attribute(each, "city") or attribute(each, "county-dist") or attribute(each, "state-prov")
        country = attribute(each, "iso-cc")
        if town or words(each) or country:
            made.places.append(Place(name=town or words(each), country=country))
    for each in every(docdata, "identified-content/location"):
        if words(each):
            made.places.append(Place(name=words(each), code=attribute(each, "location-code")))


def _head(made: Draft, head: Element | None) -> None:
    metas = {attribute(each, "name"): attribute(each, "content") for each in every(head, "meta")}
    made.sequence = metas.get("anpa-sequence")
    made.service = metas.get("anpa-category") or metas.get("anpa-service")
    made.take = metas.get("anpa-takekey")
    made.slugline = metas.get("anpa-keyword") or (made.keywords[0] if made.keywords else None)
    made.wordcount = number(metas.get("anpa-wordcount"))
    pubdata = first(head, "pubdata")
    if made.wordcount is None and (attribute(pubdata, "unit-of-measure") or "word") == "word":
        made.wordcount = number(attribute(pubdata, "item-length"))
    made.genre = [
        kind for each in every(head, "tobject/tobject.property") if (kind := attribute(each, "tobject.property.type"))
    ]
    made.subjects = [_subject(each) for each in every(head, "tobject/tobject.subject")]


def _subject(element: Element) -> Subject:
    parts = (attribute(element, f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
    return Subject(
        scheme=attribute(element, "tobject.subject.ipr"),
        code=attribute(element, "tobject.subject.refnum") or attribute(element, "tobject.subject.code"),
        name=next((part for part in parts if part), None),
    )


def _body_head(made: Draft, head: Element | None) -> None:
    if head is None:
        return
    made.headline = text_at(head, "hedline/hl1")
    made.byline = byline(first(head, "byline"))
    abstract = first(head, "abstract")
    summary = [plain(abstract)] if abstract is not None else []
    below = [said for each in every(head, "hedline/hl2") if (said := words(each))]
    made.abstract = "\n".join(each for each in (summary if any(summary) else below) if each) or None
    made.source = text_at(head, "distributor") or made.source
    made.copyrightholder = made.copyrightholder or text_at(head, "rights/rights.owner")
    _dateline(made, first(head, "dateline"))


def byline(element: Element | None) -> str | None:
    """The names, without the title that `byttl` gives them."""
    if element is None:
        return None
    parts = [element.text or ""]
    for child in element:
        parts += ["" if name(child) == "byttl" else words(child) or "", child.tail or ""]
    return " ".join(" ".join(parts).split()) or None


def _dateline(made: Draft, element: Element | None) -> None:
    if element is None:
        return
    place = text_at(element, "location/city") or text_at(element, "location")
    date = when(attribute_at(element, "story.date", "norm"))
    read = dateline(words(element), made.versioncreated.date() if made.versioncreated else None)
    if read:
        day = date.date().isoformat() if date else read.date
        made.dateline = read.model_copy(update={"place": place or read.place, "date": day})
