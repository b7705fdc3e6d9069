"""RSS and Atom, by feedparser; and WordPress's export (WXR), which is RSS with the posts' own data."""

import re
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Author, Link, Story, WireItem

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.finish import finish
from visitwire_ingestion.formats.xml import Element, attribute, every, name, text_at

_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_WORDPRESS = "http://wordpress.org/export/"


def read(item: WireItem) -> list[Story]:
    """One story an entry, in the feed's order. A feed without entries gives none."""
    raw = _DOCTYPE.sub(b"", item.raw, count=1)
    try:
        parsed: Any = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as error:
        # feedparser mends what it can; on some broken namespaces and dates it stumbles over its own mending
        raise InvalidMessage(f"The feed is too broken to be read ({error}): ask its publisher to mend it.") from error
    if not parsed.version and not parsed.entries:
        raise InvalidMessage("The file opens as a feed but holds neither RSS nor Atom: check the address it came from.")
    return [finish(_draft(entry, parsed.feed)).story(item, place) for place, entry in enumerate(parsed.entries)]


def _draft(entry: Any, feed: Any) -> Draft:
    made = Draft(type="text", uri=entry.get("id") or entry.get("link"), preformatted=False)
    made.provider = _host(feed.get("link") or entry.get("link"))
    made.headline = from_html(entry.get("title") or "")[0] or None
    bodies = [each.get("value") or "" for each in entry.get("content", [])]
    summary = entry.get("summary") or ""
    made.text, made.html = from_html(max([*bodies, ""], key=len) or summary)
    short = from_html(summary)[0]
    made.abstract = short if bodies and short != made.text else None
    updated = _time(entry.updated_parsed) if "updated_parsed" in entry else None
    made.firstcreated = _time(entry.get("published_parsed")) or updated
    made.versioncreated = updated or made.firstcreated
    made.byline = entry.get("author")
    made.authors = [Author(name=each["name"]) for each in entry.get("authors", []) if each.get("name")]
    made.keywords = [tag.term for tag in entry.get("tags", []) if tag.get("term")]
    made.language = entry.get("language") or feed.get("language")
    made.copyrightnotice = entry.get("rights") or feed.get("rights")
    made.source = (entry.get("source") or {}).get("title")
    made.links = [
        Link(rel=link.get("rel"), href=link["href"], title=link.get("title"))
        for link in entry.get("links", [])
        if link.get("href")
    ]
    return made


def _host(link: str | None) -> str | None:
    try:
        return urlsplit(link or "").hostname
    except ValueError:  # "Invalid IPv6 URL", for a bracket in the wrong place
        return None


def _time(value: struct_time | None) -> datetime | None:
    try:
        return datetime(*value[:6], tzinfo=UTC) if value else None
    except ValueError:
        return None


def is_wordpress(root: Element) -> bool:
    """Whether the RSS is an export of WordPress."""
    return name(root) == "rss" and any(str(uri).startswith(_WORDPRESS) for uri in root.nsmap.values())


def read_wordpress(item: WireItem, root: Element) -> list[Story]:
    """One story a post; attachments are items of their own, with the type of their file."""
    channel = next(every(root, "channel"), None)
    language = text_at(channel, "language")
    host = _host(text_at(channel, "link"))
    return [finish(_post(each, language, host)).story(item, place) for place, each in enumerate(every(channel, "item"))]


def _post(element: Element, language: str | None, host: str | None) -> Draft:
    made = Draft(
        uri=text_at(element, "guid") or text_at(element, "link"), language=language, provider=host, preformatted=False
    )
    made.headline = text_at(element, "title")
    contents = {str(each.tag): each.text or "" for each in every(element, "encoded")}
    made.text, made.html = from_html(next((said for tag, said in contents.items() if "excerpt" not in tag), ""))
    made.abstract = from_html(next((said for tag, said in contents.items() if "excerpt" in tag), ""))[0] or None
    made.versioncreated = when(text_at(element, "post_modified_gmt")) or when(text_at(element, "post_date_gmt"))
    made.firstcreated = when(text_at(element, "pubDate")) or when(text_at(element, "post_date_gmt"))
    made.versioncreated = made.versioncreated or made.firstcreated
    made.byline = text_at(element, "creator")
    terms = [(attribute(each, "domain"), " ".join((each.text or "").split())) for each in every(element, "category")]
    made.keywords = [term for domain, term in terms if term and domain == "post_tag"]
    made.service = next((term for domain, term in terms if term and domain == "category"), None)
    made.genre = [term for domain, term in terms if term and domain == "category"]
    made.type = _type(text_at(element, "attachment_url"), bool(made.text))
    if link := text_at(element, "link"):
        made.links = [Link(rel="alternate", href=link)]
    return made


def _type(attachment: str | None, words: bool) -> str:
    if not attachment or words:
        return "text"
    kinds = {"picture": "jpg jpeg png gif webp svg", "video": "mp4 mov avi webm", "audio": "mp3 wav ogg m4a"}
    ending = attachment.rpartition(".")[2].lower()
    return next((kind for kind, endings in kinds.items() if ending in endings.split()), "component")
