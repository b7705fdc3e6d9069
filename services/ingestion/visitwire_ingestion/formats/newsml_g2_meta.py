"""How NewsML-G2 names things: QCodes, names in several languages, roles."""

from datetime import datetime

from visitwire_schemas import Dateline, Subject

from visitwire_ingestion.formats.body import plain
from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.draft import Draft
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


def tail(code: str) -> str:
    """The code without its vocabulary: "text" of "ninat:text" or of ".../ninature/text"."""
    return code.rstrip("/").rpartition("/")[2].rpartition(":")[2] if "/" in code else code.partition(":")[2] or code


def code(element: Element | None) -> str | None:
    """The code of a concept: a QCode's part behind the colon, or the end of a URI."""
    said = attribute(element, "qcode") or attribute(element, "uri")
    return tail(said) if said else attribute(element, "literal")


def scheme(element: Element | None) -> str | None:
    qcode = attribute(element, "qcode")
    if qcode and ":" in qcode:
        return qcode.partition(":")[0]
    uri = attribute(element, "uri")
    return uri.rpartition("/")[0] + "/" if uri and "/" in uri else None


def name_of(element: Element) -> str | None:
    """The concept's name, English where there are several, else the first."""
    names = [(attribute(each, XML_LANG) or "", words(each)) for each in every(element, "name")]
    english = [said for tongue, said in names if said and tongue.startswith("en")]
    return next((said for said in english + [said for _, said in names] if said), None) or attribute(element, "literal")


def named(element: Element) -> str | None:
    """A name where the wire gives one, else the code."""
    return name_of(element) or code(element)


def party(element: Element | None) -> str | None:
    """Somebody: by the name the item gives, else by the literal or the code."""
    if element is None:
        return None
    return attribute(element, "literal") or text_at(element, "name") or code(element) or words(element)


def language(element: Element) -> str | None:
    return attribute(element, XML_LANG) or attribute_at(element, "contentSet/inlineXML", XML_LANG)


def headline(content: Element | None) -> str | None:
    """The main headline: one without a role before one whose role is not "main"."""
    found = [(attribute(each, "role") or "", said) for each in every(content, "headline") if (said := words(each))]
    main = [said for role, said in found if not role or "main" in role.lower()]
    return next(iter(main + [said for _, said in found]), None)


def slugline(content: Element | None) -> str | None:
    return next((said for each in every(content, "slugline") if (said := words(each))), None)


def abstract(content: Element | None) -> str | None:
    """The summary; a description that is not a caption stands in for it, or what stands below the headline."""
    found = [((attribute(each, "role") or "").lower(), each) for each in every(content, "description") if words(each)]
    summaries = [each for role, each in found if "summary" in role or "abstract" in role]
    others = [each for role, each in found if "note" not in role]
    best = next(iter(summaries + others), None)
    below = (words(each) for each in every(content, "headline") if "sub" in (attribute(each, "role") or "").lower())
    return (plain(best) if best is not None else next((said for said in below if said), "")) or None


def equivalents(content: Element | None) -> list[Subject]:
    """The codes of IPTC's own vocabularies that a subject of another one says it is the same as."""
    found = [same for each in every(content, "subject") for same in every(each, "sameAs")]
    return [
        Subject(scheme=scheme(each), code=code(each), name=name_of(each))
        for each in found
        if scheme(each) in ("subj", "medtop") or "cv.iptc.org" in (scheme(each) or "")
    ]


def dateline_of(content: Element | None, created: datetime | None) -> Dateline | None:
    """The dateline as written, with the town that `located` names."""
    read = dateline(text_at(content, "dateline"), created.date() if created else None)
    town = next((name_of(each) for each in every(content, "located") if name_of(each)), None)
    if read is None:
        return Dateline(place=town) if town else None
    return read.model_copy(update={"place": town or read.place})


def concepts(made: Draft, element: Element) -> None:
    """For items that are no news but knowledge: their name and definition stand for headline and text."""
    concept = first(element, "concept")
    if concept is None:
        concept = first(element, "conceptSet/concept")
    if concept is None or name(element) == "newsItem":
        return
    made.headline = made.headline or text_at(concept, "name")
    made.text = made.text or text_at(concept, "definition") or ""
