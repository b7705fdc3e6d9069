"""What the API answers with, beside the messages of the topics."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from visitwire_gateway.model.tables import moment
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

type Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before.")]
type Limit = Annotated[int, Query(ge=1, le=200, description="Items on a page.")]


class StoryHead(BaseModel):
    """A story without its text."""

    key: str
    """provider|uri"""
    provider: str
    uri: str
    version: int
    published: datetime
    received: datetime
    headline: str
    revision: str
    usable: bool
    """False when the wire killed or withheld it."""
    visits: int
    """Visits found in it."""


class QuoteFound(BaseModel):
    """Who said what, about whom, in which story."""

    id: str
    story: str
    published: datetime
    kind: str
    speaker: str | None
    speaker_country: str | None
    speaker_office: str | None
    about: list[str]
    """Names that occur in what is said."""
    text: str
    confidence: float


class EntityFound(BaseModel):
    """A person, country, organisation, place or event of one story."""

    id: str
    story: str
    published: datetime
    kind: str
    name: str
    country: str | None
    office: str | None
    wikidata: str | None
    mentions: int
    salience: float


class LetterHead(BaseModel):
    """A dead letter without its bytes."""

    id: str
    stage: str
    reason: str
    at: datetime
    replayed: datetime | None


class Me(BaseModel):
    tenant: str
    name: str
    role: str


class UserSeen(BaseModel):
    id: str
    name: str
    role: str
    made: datetime
    issuer: str | None = None
    """The OpenID Connect provider that vouches for the user; null for one with a password here."""


class KeySeen(BaseModel):
    id: str
    name: str
    role: str
    made: datetime
    revoked: bool
    maker: str | None
    """Who made it; null for one of an older release."""
    ends: datetime | None
    used: datetime | None
    """When it was last used, to within an hour; null for never."""


class KeyMade(BaseModel):
    id: str
    key: str = Field(description="The key. It is told only now.")


class AuditLine(BaseModel):
    number: int
    at: datetime
    who: str
    action: str
    what: str


def made[M: BaseModel](shape: type[M], row: Any) -> M:
    """A row as the API shows it: its times as times."""
    values = dict(row._mapping)
    for name in ("published", "received", "at", "made", "replayed"):
        if values.get(name):
            values[name] = moment(values[name])
    if "about" in values:
        values["about"] = [name for name in values["about"].split("; ") if name]
    return shape.model_validate(values)
