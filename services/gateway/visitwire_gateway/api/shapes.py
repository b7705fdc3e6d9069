"""What the API answers with, beside the messages of the topics."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, Field
from visitwire_schemas import EnrichedStory

from visitwire_gateway.api_model import Shape
from visitwire_gateway.model.sql_tables import moment
from visitwire_gateway.problems import ProblemDetails

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "model": ProblemDetails,
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for status, words in (
        (401, "No login and no key, or a wrong one"),
        (403, "Not with this role, or not from another site's page"),
        (404, "There is no such thing"),
        (422, "Something asked for is not as it must be"),
        (429, "Too many requests"),
    )
}

LEDGER_PROBLEMS = PROBLEMS | {503: PROBLEMS[422] | {"description": "Alerting's database cannot be had just now"}}
"""Those of routes that ask alerting's database too."""


def _storable(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise ValueError("a time between the years 1900 and 2200")
    return at


type Instant = Annotated[AwareDatetime, AfterValidator(_storable)]
"""A time that every database can keep and every zone can say."""

type Since = Annotated[Instant | None, Query(description="At or after this time (ISO 8601, with its zone).")]
type Until = Annotated[Instant | None, Query(description="Before this time (ISO 8601, with its zone).")]
NEXT = "`next` of the page before."
ON_A_PAGE = "Items on a page."
type Cursor = Annotated[str | None, Query(max_length=500, description=NEXT)]
type Limit = Annotated[int, Query(ge=1, le=200, description=ON_A_PAGE)]


class StoryHead(Shape):
    """A story without its text."""

    key: str
    """provider|uri"""
    provider: str
    """The wire."""
    uri: str
    """Its stable identifier, the same for all its versions."""
    version: int
    """The latest version."""
    published: datetime
    """When the wire published this version."""
    received: datetime
    """When Visitwire had it."""
    headline: str
    """The headline; the first words of a story without one."""
    revision: str
    """What the wire sent it as: new, update, correction, kill …"""
    usable: bool
    """False when the wire killed or withheld it."""
    visits: int
    """Visits found in it."""


class StorySeen(EnrichedStory):
    """A story as on stories-enriched-v1, joined with the ledger."""

    ledger_visits: tuple[str | None, ...] = ()
    """For each of `visits`, the id that it has on /api/v1/visits and visits-v1; null where somebody dismissed it, or
    the ledger has not entered the story yet."""


class QuoteFound(Shape):
    """Who said what, about whom, in which story."""

    id: str
    """Names the quote: the story's key and its place among the story's quotes."""
    story: str
    """The story's key, provider|uri."""
    published: datetime
    """When the wire published the story."""
    kind: str
    """direct, indirect or mixed."""
    speaker: str | None
    """Whose words; null for an anonymous source."""
    speaker_country: str | None
    """The country that the speaker represents."""
    speaker_office: str | None
    """The speaker's office, as the story says it."""
    about: list[str]
    """Names that occur in what is said."""
    text: str
    """What is said, without the words that attribute it."""
    confidence: float
    """How sure the reading is that this source says this, from 0 to 1."""
    visits: list[str] = Field(default_factory=list)
    """The ids of the visits that it says, as /api/v1/visits and visits-v1 have them."""


class EntityFound(Shape):
    """A person, country, organisation, place or event of one story."""

    id: str
    """Names the entity: the story's key and its id in the story."""
    story: str
    """The story's key, provider|uri."""
    published: datetime
    """When the wire published the story."""
    kind: str
    """person, organization, country, place or event."""
    name: str
    """The fullest name the story gives."""
    country: str | None
    """The state represented or located in, by ISO 3166 alpha-2."""
    office: str | None
    """As the story says it."""
    wikidata: str | None
    """Its Wikidata item, where known."""
    mentions: int
    """How often the story mentions it."""
    salience: float
    """How much the story is about it, from 0 to 1."""


class LetterHead(Shape):
    """A dead letter without its bytes."""

    id: str
    """Names it."""
    stage: str
    """The stage that rejected it."""
    reason: str
    """What is wrong, where, and what to do."""
    at: datetime
    """When it was rejected."""
    replayed: datetime | None
    """When it was last sent again; null for never."""


class Me(Shape):
    """Who asks."""

    tenant: str
    """Whose users, keys and subscriptions one sees."""
    name: str
    """The user's or key's name."""
    role: str
    """reader, editor or admin."""


class UserSeen(Shape):
    """Somebody who may log in."""

    id: str
    """Names the user."""
    name: str
    """The name they log in with."""
    role: str
    """reader, editor or admin."""
    made: datetime
    """When the user was added."""
    issuer: str | None = None
    """The OpenID Connect provider that vouches for the user; null for one with a password here."""


class KeySeen(Shape):
    """An API key, without the key itself."""

    id: str
    """Names the key."""
    name: str
    """What it is called."""
    role: str
    """What it may do: reader, editor or admin."""
    made: datetime
    """When it was made."""
    revoked: bool
    """True once it opens nothing any more."""
    maker: str | None
    """Who made it; null for one of an older release."""
    ends: datetime | None
    """From when on it opens nothing; null for never."""
    used: datetime | None
    """When it was last used, to within an hour; null for never."""


class KeyMade(Shape):
    """A key that was made just now."""

    id: str
    """Names the key."""
    key: str = Field(description="The key. It is told only now.")


class AuditLine(Shape):
    """Something that somebody did."""

    number: int
    """Counts the lines."""
    at: datetime
    """When."""
    who: str
    """Who did it."""
    action: str
    """What they did."""
    what: str
    """To what."""


def made[M: Shape](shape: type[M], row: Any) -> M:
    """A row as the API shows it: its times as times."""
    values = dict(row._mapping)
    for name in ("published", "received", "at", "made", "replayed"):
        if values.get(name):
            values[name] = moment(values[name])
    if "about" in values:
        values["about"] = [name for name in values["about"].split("; ") if name]
    return shape.model_validate(values)
