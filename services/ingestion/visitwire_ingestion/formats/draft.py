"""A story while a format is still being read: anything may be missing, values are as the wire wrote them."""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256

from visitwire_schemas import (
    Author,
    Dateline,
    Link,
    Place,
    PubStatus,
    Revision,
    Story,
    Subject,
    WireItem,
)

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Draft:
    """The fields of `Story` with the format's own values; `story` makes the message of it."""

    provider: str | None = None
    uri: str | None = None
    version: int | None = None
    pubstatus: PubStatus | None = None
    revision: Revision | None = None
    take: str | None = None
    urgency: int | None = None
    embargoed: datetime | None = None
    firstcreated: datetime | None = None
    versioncreated: datetime | None = None
    firstpublished: datetime | None = None
    transmitted: datetime | None = None
    expires: datetime | None = None
    headline: str | None = None
    slugline: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    language: str | None = None
    text: str = ""
    html: str | None = None
    abstract: str | None = None
    subjects: list[Subject] = field(default_factory=list)
    genre: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    signal: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)
    ednote: str | None = None
    usageterms: str | None = None
    copyrightholder: str | None = None
    copyrightnotice: str | None = None
    creditline: str | None = None
    source: str | None = None
    evolvedfrom: str | None = None
    type: str | None = None
    profile: str | None = None
    sequence: str | None = None
    service: str | None = None
    priority: str | None = None
    wordcount: int | None = None
    preformatted: bool | None = None

    def story(self, item: WireItem, number: int = 0) -> Story:
        """The message. `number` is the item's place in its file; without a `uri` one is made from the content."""
        values: dict[str, object] = {
            each.name: _clean(value)
            for each in fields(self)
            if (value := getattr(self, each.name)) not in (None, [], {})
        }
        digest = sha256(item.raw).hexdigest()
        provider = item.provider if item.provider != "unknown" else self.provider or "unknown"
        values |= {
            "provider": provider or "unknown",
            "uri": values.get("uri") or f"urn:visitwire:{sha256(item.raw + str(number).encode()).hexdigest()[:32]}",
            "received": item.received,
            "raw_digest": digest,
        }
        return Story.model_validate(values)


def _clean(value: object) -> object:
    """Without lone surrogates, which no UTF-8 message can carry; lists without repeats."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return tuple(dict.fromkeys(_scrub(each) for each in value))
    return _scrub(value)


def _scrub(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, Author | Dateline | Link | Place | Subject):
        changed = {name: _scrub(each) for name, each in value if isinstance(each, str) and _SURROGATE.search(each)}
        return value.model_copy(update=changed) if changed else value
    return value


def urgency(value: object) -> int | None:
    """IPTC urgency, 1 (most urgent) to 9, or None when `value` is no such number."""
    text = str(value).strip() if value is not None else ""
    return int(text) if len(text) == 1 and text in "123456789" else None


def number(value: object) -> int | None:
    """A whole number that a wire wrote, leading zeros and all; None when it is none, negative, or beyond 64 bits."""
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def pubstatus(value: str | None) -> PubStatus | None:
    """IPTC's publishing status by any of the spellings of NITF, NewsML 1.x and NewsML-G2."""
    words = (value or "").rpartition(":")[2].strip().lower()
    return _PUBSTATUS.get(words)


_PUBSTATUS = {
    "usable": PubStatus.USABLE,
    "embargoed": PubStatus.USABLE,
    "withheld": PubStatus.WITHHELD,
    "hold": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
}
