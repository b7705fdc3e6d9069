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
    """The dateline as printed, without the dash."""
    place: str | None = None
    """The place it names ("NEW DELHI")."""
    date: str | None = None
    """ISO 8601 date, or the words of the dateline where they could not be resolved."""


class Subject(Message):
    """A term of a controlled vocabulary, such as IPTC Media Topics."""

    scheme: str | None = None
    """The vocabulary the term is of, as the wire names it ("medtop")."""
    code: str | None = None
    """The term's code in its vocabulary."""
    name: str | None = None
    """The term in words."""


class Place(Message):
    """A place the wire tagged the story with."""

    scheme: str | None = None
    """The vocabulary the place is of, as the wire names it."""
    code: str | None = None
    """The place's code in its vocabulary."""
    name: str | None = None
    """The place in words."""
    country: str | None = None
    """The code of the country it lies in, as the wire gave it."""


class Author(Message):
    """Somebody who worked on the story, as the wire named them."""

    name: str
    """As the wire writes it."""
    role: str | None = None
    """What they did for the story: "writer", "editor", in the wire's words."""
    jobtitle: str | None = None
    """Their post at the wire."""


class Link(Message):
    """A related resource, as the wire gave it."""

    rel: str | None = None
    """How the resource is related, in the wire's words."""
    href: str
    """Its address."""
    title: str | None = None
    """Its title."""


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
    """Counts the versions of the item, as the wire numbers them."""
    pubstatus: PubStatus = PubStatus.USABLE
    """May it be used? A withheld or cancelled story is one to take back."""
    revision: Revision = Revision.NEW
    """What the wire sent it as: new, or an update, correction, repeat or kill of what it sent before."""
    take: str | None = None
    """Which part of a story sent in parts, as the wire numbers them."""
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    """IPTC's scale: 1 is the most urgent, 9 the least."""
    embargoed: AwareDatetime | None = None
    """Not to be published before this time."""
    firstcreated: AwareDatetime | None = None
    """When the wire made the first version."""
    versioncreated: AwareDatetime | None = None
    """When the wire made this version."""
    received: AwareDatetime
    """When Visitwire had it."""
    headline: str | None = None
    """As the wire wrote it; None where the item has none."""
    slugline: str | None = None
    """The wire's own short name for the story ("INDIA-RUSSIA/")."""
    dateline: Dateline | None = None
    """Where and when it says it was written; None where it has no dateline."""
    byline: str | None = None
    """Who wrote it, as printed."""
    language: str | None = None
    """BCP 47 tag."""
    text: str = ""
    """The story in plain text, headline and dateline apart; all offsets count its characters."""
    html: str | None = None
    """The body as the wire marked it up, made safe to show; None where it came as plain text."""
    subjects: tuple[Subject, ...] = ()
    """What the wire says it is about, in controlled vocabularies."""
    genre: tuple[str, ...] = ()
    """What kind of text it is, in the wire's words ("analysis")."""
    places: tuple[Place, ...] = ()
    """The places the wire tagged it with."""
    keywords: tuple[str, ...] = ()
    """The wire's free keywords."""
    ednote: str | None = None
    """The wire's note to editors; not for publication."""
    usageterms: str | None = None
    """What the wire allows to be done with it."""
    copyrightholder: str | None = None
    """Who owns it."""
    links: tuple[Link, ...] = ()
    """Related resources the wire names."""
    evolvedfrom: str | None = None
    """The `uri` of the item that it goes on from."""
    type: str | None = None
    """What the item is, in ninjs' words: "text", "picture", "audio", "video", "graphic", "composite", "event"."""
    profile: str | None = None
    """The wire's name for the item's shape, in ninjs' sense."""
    abstract: str | None = None
    """The wire's own summary, plain."""
    source: str | None = None
    """Who the wire says it had the story from: another agency, a newspaper, the sender of an e-mail."""
    creditline: str | None = None
    """Whom to credit when it is used."""
    copyrightnotice: str | None = None
    """The copyright notice to print."""
    authors: tuple[Author, ...] = ()
    """Who worked on it."""
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
    """When the item was first published."""
    transmitted: AwareDatetime | None = None
    """When the wire sent it off."""
    expires: AwareDatetime | None = None
    """After this time the wire wants it no longer used."""
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
