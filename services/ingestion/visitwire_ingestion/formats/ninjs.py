"""ninjs 1, 2 and 3: IPTC's news in JSON. They differ in names, and in how they carry several headlines or bodies."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from visitwire_schemas import Author, Dateline, Link, Place, PubStatus, Subject

from visitwire_ingestion.formats.body import from_html, lines
from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.embargo import stated
from visitwire_ingestion.formats.events import json_event, tell
from visitwire_ingestion.formats.ninjs_schema import problems

type Json = Mapping[str, object]

MOST_BREACHES = 5
_OWN = frozenset({"guid", "authors", "service", "source", "priority", "evolvedfrom", "coverage_id", "assignment_id"})
"""Keys that Superdesk adds to ninjs; an item with `guid` in place of `uri` is its dialect, and read without schema."""


def looks_like(value: Json) -> bool:
    """Whether the object is a ninjs item, whole or broken."""
    keys = {key for key in value if key != "guid" or isinstance(value[key], str)}  # WordPress has objects there
    return bool(
        {"uri", "guid", "standard", "$standard"} & keys
        or any(key.startswith(("body_", "headline_", "description_")) for key in keys)
        or {"headlines", "bodies", "versioncreated", "versionCreated", "representationtype", "pubstatus"} & keys
        or ("eventDetails" in keys or {"type", "dates", "name"} <= keys)
    )


def read(value: Json, dialect: Dialect) -> list[Draft]:
    """The item's associations that carry their own words first, as they stand in the file, then the item itself.

    What breaks the schema of its version is a warning, unless the agency is known to.
    """
    made = _draft(value)
    if not dialect.lenient and not _known_to_differ(value):
        made.warnings += islice(problems(value), MOST_BREACHES)
    return [*map(_draft, _associated(value)), made]


def _known_to_differ(value: Json) -> bool:
    """An agency's own ninjs: it names a standard of its own ("TTNINJS"), or it is Superdesk's, with `guid` for `uri` or
    several of its other keys and no word of a standard."""
    standard = value.get("$standard", value.get("standard"))
    if isinstance(standard, Mapping) and re.fullmatch(r"[A-Za-z]{2,8}ninjs", str(standard.get("name")), re.IGNORECASE):
        return True
    own = _OWN & set(value)
    return "$standard" not in value and "standard" not in value and ("guid" in own or len(own) > 1)


def _associated(value: Json) -> Iterator[Json]:
    associations = value.get("associations")
    found = (
        associations.values()
        if isinstance(associations, dict)
        else associations
        if isinstance(associations, list)
        else []
    )
    for each in found:
        if isinstance(each, dict) and (
            "headline" in each or "headlines" in each or any(key.startswith("body") for key in each)
        ):
            yield each


def _draft(value: Json) -> Draft:
    made = Draft(
        uri=_text(value, "uri", "guid"), version=number(_whole(value.get("version"))), type=_text(value, "type")
    )
    made.provider = (_text(value, "provider") or _text(value, "source") or "").lower() or None
    killed = _text(value, "state") in ("killed", "recalled")  # of Superdesk; a "cancelled" event is the news itself
    made.pubstatus = PubStatus.CANCELED if killed else pubstatus(_text(value, "pubstatus", "pubStatus"))
    made.urgency = urgency(_whole(value.get("urgency")))
    made.priority = _text(value, "priority") or (
        str(value["priority"]) if isinstance(value.get("priority"), int) else None
    )
    for name, keys in _TIMES.items():
        setattr(made, name, next((found for key in keys if (found := when(value.get(key)))), None))
    made.firstcreated = made.firstcreated or made.versioncreated
    for name, keys in _TEXTS.items():
        setattr(made, name, _text(value, *keys))
    stated(made, next((said for key in _EMBARGOES if (said := value.get(key))), None))
    _headlines(made, value)
    _bodies(made, value)
    _abstract(made, value)
    _concepts(made, value)
    _located(made, value)
    made.links = list(_links(value))
    made.identifiers = dict(_alternatives(value))
    if (event := json_event(value)) is not None:
        tell(made, event)
    return made


_TIMES = {
    "firstcreated": ("firstcreated", "firstCreated", "contentcreated", "contentCreated"),
    "versioncreated": ("versioncreated", "versionCreated"),
    "firstpublished": ("firstpublished",),
    "expires": ("expires", "expiry"),
}
_EMBARGOES = ("embargoed", "embargoedUntil", "embargo", "embargoed_text")
_TEXTS = {
    "byline": ("byline", "by"),
    "slugline": ("slugline",),
    "language": ("language",),
    "ednote": ("ednote", "edNote"),
    "usageterms": ("usageterms", "usageTerms"),
    "copyrightholder": ("copyrightholder", "copyrightHolder"),
    "copyrightnotice": ("copyrightnotice", "copyrightNotice"),
    "profile": ("profile",),
    "evolvedfrom": ("evolvedfrom",),
    "source": ("source",),
}


def _text(value: Json, *keys: str) -> str | None:
    return next((found for key in keys if isinstance(found := value.get(key), str) and found.strip()), None)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _headlines(made: Draft, value: Json) -> None:
    extra = [str(found) for key, found in value.items() if key.startswith("headline_") and isinstance(found, str)]
    several = _objects(value.get("headlines"))
    main = [each for each in several if (_text(each, "role") or "main") in ("main", "headline")]
    found = [
        _text(value, "headline"),
        *(_text(each, "value") for each in main + several),
        *extra,
        _text(value, "title"),
    ]
    made.headline = next((from_html(each)[0] if "<" in each else each for each in found if each), None)


def _bodies(made: Draft, value: Json) -> None:
    """The plain text, made from the HTML where there is some: it alone keeps the paragraphs."""
    bodies = [
        (key[5:], str(found)) for key, found in value.items() if key.startswith("body_") and isinstance(found, str)
    ]
    for each in _objects(value.get("bodies")):
        bodies.append((_text(each, "contenttype", "contentType", "role") or "", _text(each, "value") or ""))
        count = each.get("wordcount", each.get("wordCount"))
        made.wordcount = made.wordcount or number(_whole(count))
    made.wordcount = number(_whole(value.get("wordcount", made.wordcount)))
    marked = [body for kind, body in bodies if "html" in kind.lower() or ("<p" in body and "text/plain" not in kind)]
    unmarked = [body for kind, body in bodies if body not in marked]
    if marked and (marked[0].strip() or not unmarked):
        made.text, made.html = from_html(marked[0])
    elif unmarked:
        made.text = lines(unmarked[0])


def _abstract(made: Draft, value: Json) -> None:
    keys = [
        "description_text",
        "abstract",
        *sorted(key for key in value if key.startswith("description_")),
        "description_html",
    ]
    found = [_text(value, key) for key in keys] + [_text(each, "value") for each in _objects(value.get("descriptions"))]
    said = next((each for each in found if each), None)
    made.abstract = from_html(said)[0] if said and "<" in said else said


def _concepts(made: Draft, value: Json) -> None:
    made.subjects = [_subject(each) for each in _objects(value.get("subject")) + _objects(value.get("subjects"))]
    made.genre = [
        said
        for each in _objects(value.get("genre")) + _objects(value.get("genres"))
        if (said := _text(each, "name", "code", "literal", "uri"))
    ]
    for each in _objects(value.get("place")) + _objects(value.get("places")):
        subject = _subject(each)
        made.places.append(Place(scheme=subject.scheme, code=subject.code, name=subject.name))
    keywords = value.get("keywords")
    made.keywords = [str(each) for each in keywords if isinstance(each, str)] if isinstance(keywords, list) else []
    made.authors = [
        Author(name=name, role=_text(each, "role"), jobtitle=_text(each, "jobtitle"))
        for each in _objects(value.get("authors"))
        if (name := _text(each, "name"))
    ]
    made.byline = made.byline or ", ".join(each.name for each in made.authors) or None
    services = _objects(value.get("service"))
    made.service = _text(services[0], "code", "name") if services else _text(value, "service")
    sources = (
        _objects(value.get("infosource")) + _objects(value.get("infosources")) + _objects(value.get("infoSources"))
    )
    made.source = made.source or next(
        (said for each in sources if (said := _text(each, "name", "code", "literal", "uri"))), None
    )
    signals = value.get("signal") or value.get("signals")
    made.signal = [code for each in _objects(signals) if (code := _text(each, "code", "name"))]
    made.signal += [each for each in (signals if isinstance(signals, list) else [signals]) if isinstance(each, str)]


def _subject(each: Json) -> Subject:
    uri = _text(each, "uri")
    code = _text(each, "code", "literal", "qcode") or (uri.rstrip("/").rpartition("/")[2] if uri else None)
    return Subject(
        scheme=_text(each, "scheme") or (uri.rpartition("/")[0] + "/" if uri and "/" in uri else None),
        code=code,
        name=_text(each, "name"),
    )


def _located(made: Draft, value: Json) -> None:
    words = value.get("dateline")
    located = words.get("located") if isinstance(words, dict) else None
    place = _text(value, "located") or (_text(located, "city", "name") if isinstance(located, dict) else None)
    said = _text(words, "text") if isinstance(words, dict) else words if isinstance(words, str) else None
    read = dateline(said, made.versioncreated.date() if made.versioncreated else None)
    if read:
        made.dateline = read if not place else read.model_copy(update={"place": place})
    elif place:
        made.dateline = Dateline(place=place)


def _links(value: Json) -> Iterator[Link]:
    associations = value.get("associations")
    found: list[tuple[str, Json]] = [(_text(each, "name") or "association", each) for each in _objects(associations)]
    if isinstance(associations, dict):
        found = [(str(key), each) for key, each in associations.items() if isinstance(each, dict)]
    for rel, each in found:
        if target := _text(each, "uri", "guid"):
            yield Link(rel=rel, href=target, title=_text(each, "headline"))


def _alternatives(value: Json) -> Iterator[tuple[str, str]]:
    for key in ("altids", "altIds"):
        found = value.get(key)
        if isinstance(found, dict):
            yield from ((str(role), str(each)) for role, each in found.items() if isinstance(each, str | int))
        for each in _objects(found):
            if said := _text(each, "value"):
                yield _text(each, "role") or "altid", said
