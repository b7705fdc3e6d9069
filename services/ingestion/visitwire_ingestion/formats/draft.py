"""A story while a format is still being read: anything may be missing, values are as the wire wrote them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
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

from visitwire_ingestion.formats.cleaning import clean, whole

type Inner = Callable[[WireItem], list[Story]]
"""Reads an item that lies inside another."""
_NO_ID = re.compile(
    r"\W*(?:n\W?a|none|null|nil|undefined|unknown|no\W?(?:id|guid)|guid|id|true|false|tb[ad]|to\W?do|test|dummy|x{3,}|[0-]+"
    r"|[\W_]*|urn:newsml:[^:]*(?::\d{8})?(?::[\W_]*)?)\W*",
    re.IGNORECASE,
)
"""What stands where an id should, and names nothing."""
_LONGEST_NO_ID = 80
"""Characters beyond which no id is one of these, and thousands of brackets are not compared with them."""
MADE = "urn:visitwire:"
"""How the ids begin that are made here, for items without one."""
_OPENING = 120
"""Characters of a text by which it is known again: a transfer that broke off behind them brought the same item."""
_AS_SENT = ("uri", "html", "evolvedfrom", "provider", "identifiers")
"""Fields that are no words to be read, and stay as the wire wrote them."""


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
    warnings: list[str] = field(default_factory=list)

    def story(self, item: WireItem, *, verbatim: bool = False) -> Story:
        """The message. Without a `uri` that names the item, one is made from its content.

        Its words are cleaned of what no reader sees, unless they must stay to the letter (`verbatim`).
        """
        values: dict[str, object] = {
            each.name: _all(value, whole if verbatim or each.name in _AS_SENT else clean)
            for each in fields(self)
            if (value := getattr(self, each.name)) not in (None, [], {})
        }
        provider = item.provider if item.provider != "unknown" else self.provider or "unknown"
        values |= {
            "provider": provider or "unknown",
            "uri": values["uri"] if has_id(self.uri) else f"{MADE}{self._content(whole_text=verbatim)}",
            "received": item.received,
            "raw_digest": raw_digest(item.raw),
        }
        return Story.model_validate(values)

    def _content(self, *, whole_text: bool) -> str:
        """What the item opens with, as a digest: the same item is the same in any file around it, and when it grows."""
        text = self.text if whole_text else self.text.partition("\n")[0][:_OPENING]
        said = (self.headline, text, self.firstcreated and self.firstcreated.isoformat(), self.type)
        return sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=1)
def raw_digest(raw: bytes) -> str:
    """SHA-256 of the whole file, which may hold thousands of stories."""
    return sha256(raw).hexdigest()


def has_id(uri: str | None) -> bool:
    """Whether the id names an item: "N/A", "0" and "urn:newsml:selka.example" do not."""
    said = (uri or "").strip()
    return any(map(str.isalnum, said)) and (len(said) > _LONGEST_NO_ID or not _NO_ID.fullmatch(said))


def _all(value: object, change: Callable[[str], str]) -> object:
    """The value with each of its strings changed; lists without repeats."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {str(_all(key, change)): _all(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return tuple(dict.fromkeys(_all(each, change) for each in value))
    if isinstance(value, Author | Dateline | Link | Place | Subject):
        return value.model_copy(update={name: change(each) for name, each in value if isinstance(each, str)})
    return value


def with_warning(found: list[Story], words: str) -> list[Story]:
    """The stories, each with one more warning."""
    return [each.model_copy(update={"warnings": (*each.warnings, words)}) for each in found]


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
    words = re.split(r"[:/#]", value or "")[-1].strip().lower()
    return _PUBSTATUS.get(words)


_PUBSTATUS = {
    "usable": PubStatus.USABLE,
    "embargoed": PubStatus.USABLE,
    "withheld": PubStatus.WITHHELD,
    "hold": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    **dict.fromkeys(("killed", "deleted", "withdrawn", "recalled", "retracted", "rescinded"), PubStatus.CANCELED),
}
