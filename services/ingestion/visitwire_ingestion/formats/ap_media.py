"""The Associated Press's Media API: JSON around one item, or a page of them."""

from collections.abc import Mapping

from visitwire_schemas import Dateline, Link, Place, Subject

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.embargo import stated

type Json = Mapping[str, object]


def items(value: Json) -> list[Json]:
    """The items of an answer of the API, of its `data`, or the item itself; [] when it is none of these."""
    data = value.get("data")
    inner = data if isinstance(data, dict) else value
    several = inner.get("items")
    if isinstance(several, list):
        found = [each.get("item", each) for each in several if isinstance(each, dict)]
        return [each for each in found if isinstance(each, dict) and "altids" in each]
    one = inner.get("item", inner)
    story = value.get("nitf")  # fetched beside the item by whoever asked the API, as its rendition
    if isinstance(one, dict) and isinstance(story, dict) and isinstance(story.get("body_html"), str):
        one = {"body_nitf": story["body_html"], **one}
    return [one] if isinstance(one, dict) and isinstance(one.get("altids"), dict) and "itemid" in one["altids"] else []


def read(found: list[Json]) -> list[Draft]:
    """One draft an item."""
    return [_draft(each) for each in found]


def _draft(value: Json) -> Draft:
    ids = value.get("altids")
    made = Draft(provider="ap", type=_text(value, "type"), version=number(value.get("version")))
    made.identifiers = (
        {str(key): str(each) for key, each in ids.items() if isinstance(each, str | int)}
        if isinstance(ids, dict)
        else {}
    )
    made.uri = made.identifiers.get("itemid") or _text(value, "uri")
    made.sequence = made.identifiers.get("transref")
    made.urgency = urgency(value.get("urgency"))
    made.priority = _text(value, "editorialpriority")
    made.pubstatus = pubstatus(_text(value, "pubstatus"))
    for name in ("language", "ednote", "copyrightnotice", "byline", "creditline", "profile"):
        setattr(made, name, _text(value, name))
    made.versioncreated, made.firstcreated = when(value.get("versioncreated")), when(value.get("firstcreated"))
    stated(made, value.get("embargoed"))
    made.headline = _text(value, "headline") or _text(value, "title")
    made.slugline = _text(value, "slugline") or _text(value, "title")
    made.creditline = _text(value, "description_creditline") or made.creditline
    terms = value.get("usageterms")
    made.usageterms = " ".join(map(str, terms)) if isinstance(terms, list) else _text(value, "usageterms")
    made.signal = [str(each) for each in _list(value, "signals") if isinstance(each, str)]
    _describe(made, value)
    _words(made, value)
    return made


def _describe(made: Draft, value: Json) -> None:
    made.subjects = [_subject(each) for each in _objects(value, "subject")]
    categories = [each for each in _objects(value, "subject") if "category" in _list(each, "rels")]
    made.service = _text(categories[0], "code") if categories else None
    made.places = [
        Place(scheme=_text(each, "scheme"), code=_text(each, "code"), name=_text(each, "name"))
        for each in _objects(value, "place")
    ]
    made.genre = [name for each in _objects(value, "genre") if (name := _text(each, "name"))]
    made.keywords = [str(each) for each in _list(value, "keywords") if isinstance(each, str)]
    made.source = next((name for each in _objects(value, "infosource") if (name := _text(each, "name"))), None)
    where = value.get("datelinelocation")
    if isinstance(where, dict):
        made.dateline = Dateline(
            place=_text(where, "city") or _text(where, "countryareaname") or _text(where, "countryname")
        )
    names = [name for each in _objects(value, "bylines") if (name := _text(each, "by") or _text(each, "name"))]
    photographer = value.get("photographer")
    made.byline = (
        made.byline or "; ".join(names) or (_text(photographer, "name") if isinstance(photographer, dict) else None)
    )


def _subject(each: Json) -> Subject:
    return Subject(scheme=_text(each, "scheme"), code=_text(each, "code"), name=_text(each, "name"))


def _words(made: Draft, value: Json) -> None:
    body = _text(value, "body_nitf") or _text(value, "body_html") or _text(value, "body_xhtml") or ""
    found = value.get("renditions")
    renditions = (
        {str(key): each for key, each in found.items() if isinstance(each, dict)} if isinstance(found, dict) else {}
    )
    made.wordcount = number(renditions.get("nitf", {}).get("words"))
    if not body:
        made.links += [
            Link(rel="rendition", href=href) for each in renditions.values() if (href := _text(each, "href"))
        ]
    made.text, made.html = from_html(body)
    made.text = made.text or (_text(value, "body_text") or "")
    captions = [
        said for key in ("description_summary", "description_caption", "caption") if (said := _text(value, key))
    ]
    made.abstract = from_html(captions[0])[0] if captions else _text(value, "headline_extended")


def _text(value: Json, key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found.strip() else None


def _list(value: Json, key: str) -> list[object]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _objects(value: Json, key: str) -> list[Json]:
    return [each for each in _list(value, key) if isinstance(each, dict)]
