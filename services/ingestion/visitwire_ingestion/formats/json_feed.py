"""JSON Feed 1.0 and 1.1, and dpa's digitalwires: JSON around HTML."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from visitwire_schemas import Author, Link, Subject

from visitwire_ingestion.formats.body import from_html, lines
from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number, pubstatus, urgency
from visitwire_ingestion.formats.embargo import stated

type Json = Mapping[str, object]


def is_feed(value: Json) -> bool:
    """Whether the object is a JSON Feed: by its version's address, or by items as only it has them."""
    items = value.get("items")
    named = "jsonfeed.org" in str(value.get("version"))
    return isinstance(items, list) and (
        named or any({"content_html", "content_text"} & set(each) for each in _each(items))
    )


def read_feed(value: Json) -> list[Draft]:
    """One draft an item, in the feed's order."""
    return [_entry(each, value) for each in _each(value.get("items"))]


def _entry(value: Json, feed: Json) -> Draft:
    made = Draft(type="text", preformatted=False, headline=_text(value, "title"))
    identifier = value.get("id")
    made.uri = str(identifier) if isinstance(identifier, str | int) else _text(value, "url", "external_url")
    made.provider = urlsplit(_text(feed, "home_page_url", "feed_url") or "").hostname
    markup = _text(value, "content_html")
    made.text, made.html = from_html(markup) if markup else (lines(_text(value, "content_text") or ""), None)
    summary = _text(value, "summary")
    made.text, made.abstract = made.text or summary or "", summary if made.text else None
    made.firstcreated = when(value.get("date_published"))
    made.versioncreated = when(value.get("date_modified")) or made.firstcreated
    authors = [*_each(value.get("authors")), *_each([value.get("author")]), *_each(feed.get("authors"))]
    made.authors = [Author(name=name) for each in authors if (name := _text(each, "name"))]
    made.byline = ", ".join(each.name for each in made.authors) or None
    tags = value.get("tags")
    made.keywords = [str(each) for each in tags if isinstance(each, str)] if isinstance(tags, list) else []
    made.language = _text(value, "language") or _text(feed, "language")
    made.links = [Link(rel=rel, href=href) for rel in ("url", "external_url") if (href := _text(value, rel))]
    return made


def is_digitalwires(value: Json) -> bool:
    """Whether the object is dpa's own JSON, by the format it names or the keys that only it has."""
    return str(value.get("format")).startswith("digitalwires") or {"urn", "article_html"} <= set(value)


def read_digitalwires(value: Json) -> Draft:
    """The draft of one entry."""
    made = Draft(provider="dpa", uri=_text(value, "urn", "entry_id"), version=number(value.get("version")))
    made.type = "text"
    made.pubstatus, made.urgency = pubstatus(_text(value, "pubstatus")), urgency(value.get("urgency"))
    made.versioncreated = when(value.get("version_created")) or when(value.get("updated"))
    made.firstcreated = when(value.get("first_created")) or made.versioncreated
    made.transmitted = when(value.get("updated"))
    for field in ("headline", "byline", "language", "ednote", "slugline", "creditline", "copyrightnotice"):
        setattr(made, field, _text(value, field))
    stated(made, value.get("embargoed"))
    made.dateline = dateline(_text(value, "dateline"), made.versioncreated.date() if made.versioncreated else None)
    signal = value.get("signal")
    made.signal = [str(each) for each in (signal if isinstance(signal, list) else [signal]) if isinstance(each, str)]
    made.text, made.html = from_html(_text(value, "article_html") or "")
    teaser = _text(value, "teaser_html", "teaser", "kicker")
    made.abstract = from_html(teaser)[0] if teaser else None
    for each in _each(value.get("categories")):
        code = _text(each, "qcode", "code")
        scheme, _, tail = (code or "").rpartition(":")
        made.subjects.append(Subject(scheme=scheme or None, code=tail or None, name=_text(each, "name")))
    entry = _text(value, "entry_id")
    made.identifiers = {"entry_id": entry} if entry else {}
    return made


def _each(value: object) -> Iterator[Json]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _text(value: Json, *keys: str) -> str | None:
    return next((found for key in keys if isinstance(found := value.get(key), str) and found.strip()), None)
