"""A story as a wire published it, before anything is inferred from it. Field names follow IPTC ninjs 2."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from visitwire_schemas.base import Message


class PubStatus(StrEnum):
    """IPTC pubstatus: may the story be used?"""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Revision(StrEnum):
    """What this version is to the ones before it."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    REFILE = "refile"
    REPEAT = "repeat"
    ALERT = "alert"
    ADVISORY = "advisory"
    KILL = "kill"


class Dateline(Message):
    """Where and when the story says it was written: "NEW DELHI, March 27 (TASS) -"."""

    text: str | None = None
    place: str | None = None
    date: str | None = None
    """ISO 8601 date, or the words of the dateline where they could not be resolved."""


class Subject(Message):
    """A term of a controlled vocabulary, such as IPTC Media Topics."""

    scheme: str | None = None
    code: str | None = None
    name: str | None = None


class Place(Message):
    """A place the wire tagged the story with."""

    scheme: str | None = None
    code: str | None = None
    name: str | None = None
    country: str | None = None
    """The code of the country it lies in, as the wire gave it."""


class Author(Message):
    """Somebody who worked on the story, as the wire named them."""

    name: str
    role: str | None = None
    jobtitle: str | None = None


class Link(Message):
    """A related resource, as the wire gave it."""

    rel: str | None = None
    href: str
    title: str | None = None


_CODE_LENGTHS = (2, 3)
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
"""ISO 639-2's codes for what is no one language."""


def story_key(provider: str, uri: str) -> str:
    """What names a story among those of all wires."""
    return f"{provider}|{uri}"


class Story(Message):
    """One version of one story. `text` is plain; a paragraph is a line of it."""

    provider: str
    """The wire that sent it, as a short stable slug ("tass", "reuters")."""
    uri: str
    """The item's stable identifier, the same for all its versions; made from content where the format has none."""
    version: Annotated[int, Field(ge=0)] = 1
    pubstatus: PubStatus = PubStatus.USABLE
    revision: Revision = Revision.NEW
    take: str | None = None
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    embargoed: AwareDatetime | None = None
    """Not to be published before this time."""
    firstcreated: AwareDatetime | None = None
    versioncreated: AwareDatetime | None = None
    received: AwareDatetime
    headline: str | None = None
    slugline: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    language: str | None = None
    """BCP 47 tag."""
    text: str = ""
    html: str | None = None
    subjects: tuple[Subject, ...] = ()
    genre: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    keywords: tuple[str, ...] = ()
    ednote: str | None = None
    usageterms: str | None = None
    copyrightholder: str | None = None
    links: tuple[Link, ...] = ()
    evolvedfrom: str | None = None
    type: str | None = None
    """What the item is, in ninjs' words: "text", "picture", "audio", "video", "graphic", "composite", "event"."""
    profile: str | None = None
    abstract: str | None = None
    """The wire's own summary, plain."""
    source: str | None = None
    """Who the wire says it had the story from: another agency, a newspaper, the sender of an e-mail."""
    creditline: str | None = None
    copyrightnotice: str | None = None
    authors: tuple[Author, ...] = ()
    sequence: str | None = None
    """The wire's own number of the item in its day ("a0123"), a string because wires put letters into it."""
    service: str | None = None
    """The wire's service or category code ("i", "rs")."""
    priority: str | None = None
    """The wire's priority as it wrote it ("b", "3"); `urgency` is the same on IPTC's scale of 1 to 9."""
    wordcount: Annotated[int, Field(ge=0)] | None = None
    """Words, as the wire counted them."""
    signal: tuple[str, ...] = ()
    """What the wire asks of those who process the item ("sig:update")."""
    preformatted: bool | None = None
    """True for tables and listings, whose line breaks and columns matter."""
    identifiers: dict[str, str] = Field(default_factory=dict)
    """Further identifiers by the name the format gives them ("date_id", "item_id")."""
    firstpublished: AwareDatetime | None = None
    transmitted: AwareDatetime | None = None
    expires: AwareDatetime | None = None
    same_as: str | None = None
    """The group of stories, across wires, that carry the same text, often of this one alone; None for a short text."""
    raw_digest: str | None = None
    """SHA-256 (hex) of the bytes it was read from."""
    warnings: tuple[str, ...] = ()
    """What in the item breaks its format's standard, or had to be mended or left out so that it could be read."""

    @property
    def key(self) -> str:
        """The Kafka key: all versions of one story share it, so they stay in order."""
        return story_key(self.provider, self.uri)

    @property
    def language_code(self) -> str | None:
        """ISO 639 code of the language, without region and script; None where nothing or nothing definite is known."""
        code = (self.language or "").strip().lower().replace("_", "-").partition("-")[0]
        code = "en" if code == "eng" else code
        return code if code.isalpha() and len(code) in _CODE_LENGTHS and code not in _NO_LANGUAGE else None

    @property
    def published(self) -> AwareDatetime:
        """When the wire published this version; when we received it, where the wire does not say."""
        return self.versioncreated or self.firstcreated or self.received
