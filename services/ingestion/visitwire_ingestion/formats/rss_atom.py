"""RSS and Atom, by feedparser; and WordPress's export (WXR), which is RSS with the posts' own data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Author, Link, PubStatus, WireItem

from visitwire_ingestion.formats import xml
from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dates import unknown_zone, when
from visitwire_ingestion.formats.draft import Draft, has_id
from visitwire_ingestion.formats.elements import Element, attribute, every, name, text_at

_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"^[\s\xef\xbb\xbf]*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_WORDPRESS = "http://wordpress.org/export/"
_PASSING = re.compile(
    r"(?<=[?&])(?:utm_\w{1,30}|fbclid|gclid|mc_[ce]id|xtor|cmpid|at_(?:medium|campaign)\w{0,30}|phpsessid|jsessionid|session_?id)="
    r"[^&#]*(?:&|(?=#)|$)|;jsessionid=[^?#]*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"(?=<(?:item|entry)[\s>])")
_OWN_WORDS = re.compile(r"<(?:description|summary|content|content:encoded)[\s>]")
_CAPTION = re.compile(
    r"<media:(title|description|text)\b[^<>]{0,500}>(?:[^<]|<!\[CDATA\[(?:[^\]]|\](?!\]>)){0,5000}\]\]>){0,5000}</media:\1\s*>"
)
_WHOLE = ("full-text", "fulltext", "full_text", "articlebody")
"""How elements of portals and agencies of their own are called that hold the whole story ("yandex:full-text")."""
_MOST_MEDIA = 200
"""Elements of Media RSS in an entry beyond which it is left as it is."""
_COUNTRY = re.compile(r"\.([a-z]{2})$")


@dataclass(frozen=True)
class _Channel:
    """What a feed says of itself, for all its entries."""

    base: str
    """The address that relative ones are relative to."""
    host: str | None
    language: str | None
    rights: str | None

    @property
    def country(self) -> str | None:
        """Whose clock is meant by a zone that several countries have: by the region of the language, or the host."""
        region = (self.language or "").replace("_", "-").partition("-")[2]
        found = _COUNTRY.search(self.host or "")
        code = region if len(region) == 2 else found[1] if found else None
        return {"uk": "GB"}.get(code, code.upper()) if code else None


def read(item: WireItem) -> list[Draft]:
    """One draft an entry, in the feed's order, after the entries that it says were deleted. A feed without entries
    gives none."""
    text = _text(item)
    try:
        parsed: Any = feedparser.parse(
            text.encode("utf-8", "replace"),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as error:
        # feedparser mends what it can; on some broken namespaces and dates it stumbles over its own mending
        raise InvalidMessage(f"The feed is too broken to be read ({error}): ask its publisher to mend it.") from error
    if not parsed.version and not parsed.entries:
        raise InvalidMessage("The file opens as a feed but holds neither RSS nor Atom: check the address it came from.")
    channel = _channel(item, parsed)
    return [*_deleted(item, text), *(_draft(entry, channel) for entry in parsed.entries)]


def _text(item: WireItem) -> str:
    """The feed in the charset that its bytes show, or else its own label, or the server's."""
    declared = _ENCODING.match(item.raw[:400])
    served = _CHARSET.search(item.content_type or "")
    label = declared[1].decode("ascii") if declared else served[1] if served else None
    text = decode(item.raw, label).lstrip("\ufeff")
    text = _DOCTYPE.sub("", _DECLARED.sub("", text, count=1), count=1).strip()
    return "".join(map(_without_captions, _ENTRY.split(text))) if "<media:" in text else text


def _without_captions(entry: str) -> str:
    """The entry without what Media RSS says of its pictures, where it has words of its own: feedparser takes a
    picture's description for the story's body."""
    own = _OWN_WORDS.search(entry)
    return _CAPTION.sub("", entry) if own and entry.count("<media:") < _MOST_MEDIA else entry


def _channel(item: WireItem, parsed: Any) -> _Channel:
    address = item.name if item.name and re.match(r"https?://", item.name) else ""
    link = _absolute(address, parsed.feed.get("link") or "")
    first = next((entry.get("link") for entry in parsed.entries if entry.get("link")), None)
    return _Channel(
        link or address, _host(link or first), parsed.feed.get("language"), parsed.feed.get("rights") or None
    )


def _deleted(item: WireItem, text: str) -> Iterator[Draft]:
    """The tombstones of Atom (RFC 6721)."""
    if "deleted-entry" not in text:
        return
    try:
        roots, _ = xml.mended(item.raw)
    except InvalidMessage:
        return
    for each in (each for root in roots for each in root.iter() if name(each) == "deleted-entry"):
        if reference := attribute(each, "ref"):
            made = Draft(type="text", uri=reference, pubstatus=PubStatus.CANCELED, text=text_at(each, "comment") or "")
            made.firstcreated = made.versioncreated = when(attribute(each, "when"))
            yield made


def _draft(entry: Any, channel: _Channel) -> Draft:
    made = Draft(type="text", preformatted=False, provider=channel.host)
    made.headline = from_html(entry.get("title") or "")[0] or None
    _words(made, entry)
    _dates(made, entry, channel.country)
    made.uri = _identity(made, entry, channel)
    made.byline = entry.get("author")
    made.authors = [Author(name=each["name"]) for each in entry.get("authors", []) if each.get("name")]
    made.keywords = [tag.term for tag in entry.get("tags", []) if tag.get("term")]
    made.language = entry.get("language") or channel.language
    made.copyrightnotice = entry.get("rights") or channel.rights
    made.source = (entry.get("source") or {}).get("title")
    made.links = [
        Link(rel=link.get("rel"), href=_absolute(channel.base, link["href"]), title=link.get("title"))
        for link in entry.get("links", [])
        if link.get("href")
    ]
    return made


def _words(made: Draft, entry: Any) -> None:
    """The longest body, else the summary; the summary beside a body is the abstract."""
    bodies = [each.get("value") or "" for each in entry.get("content", [])]
    bodies += [said for key, said in entry.items() if key.endswith(_WHOLE) and isinstance(said, str)]
    summary = entry.get("summary") or ""
    made.text, made.html = from_html(max([*bodies, ""], key=len) or summary)
    short = from_html(summary)[0]
    made.abstract = short if bodies and short != made.text else None


def _dates(made: Draft, entry: Any, country: str | None) -> None:
    """By the one reader of dates; a zone that nobody can be sure of leaves the date out, and is told."""
    updated = dict.get(entry, "updated")  # feedparser's own get falls back to the date of publication
    published = entry.get("published") or entry.get("created")
    made.versioncreated = when(updated or published, country=country)
    made.firstcreated = when(published, country=country) or made.versioncreated
    known = [each for each in (made.versioncreated, made.firstcreated) if each]
    made.versioncreated = max(known, default=None)  # no version is older than the first
    said = updated or published
    if said and made.versioncreated is None:
        zone = unknown_zone(said, country)
        why = (
            f"the zone {zone} is that of several countries or of none"
            if zone
            else "it is not a date that is known here"
        )
        made.warnings.append(f"The date “{said[:60]}” was left out: {why}.")


def _identity(made: Draft, entry: Any, channel: _Channel) -> str | None:
    """The entry's id; else its link; else one made of its title and date, so that the next look knows it again."""
    if has_id(entry.get("id")):
        return _steady(str(entry["id"]))
    if (link := entry.get("link")) and has_id(link):  # feedparser takes a guid for a link, "N/A" too
        return _steady(_absolute(channel.base, link))
    if made.headline and made.firstcreated:
        said = f"{made.headline}|{made.firstcreated.isoformat()}"
        return f"urn:visitwire:{sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return None


def _steady(uri: str) -> str:
    """An address without what marks who asks or which campaign it serves: those change with every look."""
    if not uri.startswith(("http://", "https://")):
        return uri
    return re.sub(r"[?&]+(?=#|$)", "", _PASSING.sub("", uri))


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # "Invalid IPv6 URL", for a bracket in the wrong place
        return link


def _host(link: str | None) -> str | None:
    try:
        return urlsplit(link or "").hostname
    except ValueError:
        return None


def is_wordpress(root: Element) -> bool:
    """Whether this RSS file is a WordPress export."""
    return name(root) == "rss" and any(str(uri).startswith(_WORDPRESS) for uri in root.nsmap.values())


def read_wordpress(root: Element) -> list[Draft]:
    """One draft a post; attachments are items of their own, with the type of their file."""
    channel = next(every(root, "channel"), None)
    language = text_at(channel, "language")
    host = _host(text_at(channel, "link"))
    return [_post(each, language, host) for each in every(channel, "item")]


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
