"""Puts a dialect's fields into a draft: XPaths as data, values as the field's kind wants them."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from lxml import etree
from visitwire_schemas import Author, Place, Subject

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.elements import NAMESPACES, Element

_LISTS: Mapping[str, Callable[[str], object]] = {
    "keywords": str,
    "genre": str,
    "signal": str,
    "subjects": lambda value: Subject(code=value),
    "places": lambda value: Place(name=value),
    "authors": lambda value: Author(name=value),
}
_TIMES = ("firstcreated", "versioncreated", "firstpublished", "transmitted", "embargoed", "expires")


def apply(dialect: Dialect, element: Element, draft: Draft) -> None:
    """Changes `draft` by the dialect's `fields` and, where it is still empty, by its `fallbacks`."""
    for name, paths in dialect.fields.items():
        _put(draft, name, find(element, paths), dialect.zone)
    for name, paths in dialect.fallbacks.items():
        if not _has(draft, name):
            _put(draft, name, find(element, paths), dialect.zone)


def find(element: Element, paths: tuple[str, ...]) -> list[str]:
    """The texts at the first of `paths` that has any, white space at the ends removed."""
    for path in paths:
        found = etree.XPath(path, namespaces=NAMESPACES, smart_strings=False)(element)
        values = found if isinstance(found, list) else [found]
        texts = [text for each in values if (text := _string(each))]
        if texts:
            return texts
    return []


def _string(value: object) -> str:
    if isinstance(value, etree._Element):
        return "".join(str(each) for each in value.itertext()).strip()
    return value.strip() if isinstance(value, str) else ""


def _has(draft: Draft, name: str) -> bool:
    if name.startswith("identifiers."):
        return name.partition(".")[2] in draft.identifiers
    if name == "dateline.place":
        return bool(draft.dateline and draft.dateline.place)
    return bool(getattr(draft, name))


def _put(draft: Draft, name: str, values: list[str], zone: tzinfo) -> None:
    if not values:
        return
    first = values[0]
    if name.startswith("identifiers."):
        draft.identifiers[name.partition(".")[2]] = first
    elif name == "dateline.place":
        draft.dateline = dateline(first)
    elif name == "html":
        draft.text, draft.html = from_html(first)
    elif name in _LISTS:
        setattr(draft, name, [_LISTS[name](each) for each in values])
    else:
        made = _value(name, first, zone)
        if made is not None:
            setattr(draft, name, made)


def _value(name: str, text: str, zone: tzinfo) -> object:
    if name in _TIMES:
        return _time(text, zone)
    if name == "urgency":
        return urgency(text)
    if name in ("version", "wordcount"):
        return number(text)
    if name == "pubstatus":
        return pubstatus(text)
    if name == "dateline":
        return dateline(text)
    if name == "preformatted":
        return text.lower() in ("1", "true", "yes")
    if name in ("ednote", "abstract", "headline", "usageterms"):
        return from_html(text)[0] if "<" in text else " ".join(text.split()) if name == "headline" else text
    return text if name == "text" else " ".join(text.split())


def _time(text: str, zone: tzinfo) -> datetime | None:
    return when(text, zone)
