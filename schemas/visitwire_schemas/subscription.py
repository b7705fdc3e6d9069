"""What a desk asks for, as it writes it in YAML or JSON.

Everything that a subscription may not be is said by constraints that a JSON Schema can say too, so that an editor
refuses what `subscriptions add` would refuse.
"""

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from visitwire_schemas.ledger import ChangeKind
from visitwire_schemas.visit import VisitStatus

LONGEST_EXPRESSION = 500
"""Characters of an expression."""
ASKED_BY_DEFAULT = tuple(kind for kind in ChangeKind if kind is not ChangeKind.CONFIRMED)

SECRET = r"^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$"
"""Standard Webhooks: 24 to 64 bytes or a little more, in base64."""
ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$"
WEB = (  # with ranges instead of \s, by which every engine means other signs
    r"^https?://(?:[^\x00-\x20\x7f/?#@\[\]]*@)?"
    r"(?:[^\x00-\x20\x7f/?#@:\[\]$.][^\x00-\x20\x7f/?#@:\[\]]*|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\])"
    r"(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
    r"(?:[/?#][^\x00-\x20\x7f]*)?$"
)
SERVICES = (
    r"slack://(?:[A-Za-z0-9_-]{1,30}@)?[A-Z0-9]{6,20}/[A-Z0-9]{6,20}/[A-Za-z0-9]{12,60}",
    r"workflows://[a-z][a-z0-9]{0,20}(?:-[a-z0-9]{1,20}){0,3}(?:\.[a-z][a-z0-9]{0,20}){0,3}\.(?:logic\.azure\.com|powerplatform\.com)(?::443)?"
    r"/[A-Za-z0-9_-]{8,80}/[A-Za-z0-9_-]{8,80}",
    r"discord://[0-9]{6,25}/[A-Za-z0-9_-]{20,100}",
    r"tgram://[0-9]{6,12}:[A-Za-z0-9_-]{20,60}/-?[0-9]{4,20}",
    r"gchat://[A-Za-z0-9_-]{4,60}/[A-Za-z0-9_-]{8,80}/[A-Za-z0-9_-]{8,80}",
    r"wxteams://[A-Za-z0-9]{80,160}",
    r"pover://[A-Za-z0-9]{30}@[A-Za-z0-9]{30}",
)
"""Slack, Teams (Power Automate workflows), Discord, Telegram, Google Chat, Webex, Pushover."""
CHAT = rf"^(?:{'|'.join(SERVICES)})/?$"
CLOCK = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"


type Names = Literal["countries", "zones"]


@cache
def listed(names: Names) -> tuple[str, ...]:
    """The names that a subscription may use: of countries, blocs and regions; of time zones. `make schemas` writes them
    from what the language library and tzdata know, so that the contract needs neither."""
    found = json.loads(files("visitwire_schemas").joinpath("subscription_names.json").read_text("utf-8"))
    return tuple(found[names])


class NotListed(ValueError):
    """A word that a list does not hold, which for a person may be one letter off."""

    def __init__(self, given: str, what: str, names: Names) -> None:
        super().__init__(f"{given!r} is not a {what}")
        self.given = given
        self.names = names


def _one_of(names: Names, what: str) -> tuple[AfterValidator, WithJsonSchema]:
    """A string out of a long list: an enum in the schema, and one clear sentence instead of the list when it is not."""
    known = frozenset(listed(names))

    def check(value: str) -> str:
        if value not in known:
            raise NotListed(value, what, names)
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(listed(names))})


_COUNTRY = _one_of("countries", "country code (ISO 3166: IN, FR), bloc (EU, BRICS) or region (South Asia)")
_ZONE = _one_of("zones", "time zone (Europe/Paris)")

type Words = Annotated[str, Field(min_length=2, max_length=200, pattern=r"\S")]
type Several[T] = Annotated[tuple[T, ...], Field(min_length=1, max_length=100)]
type Countries = Several[Annotated[str, *_COUNTRY]]
type Zone = Annotated[str, *_ZONE]


class Asked(BaseModel):
    """Something a person writes: a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Within(Asked):
    """Visits whose dates touch a period: so many days from a day on, or from today."""

    days: Annotated[int, Field(strict=True, ge=1, le=3660)]
    """How many days, the first included."""
    from_: Annotated[date | None, Field(alias="from")] = None
    """The first day; left out, today."""


class Conditions(Asked):
    """Each condition that is given must hold; of its values, any."""

    visitor: Annotated[Several[Words] | None, Field(description="Names; a surname is enough.")] = None
    visitor_country: Annotated[Countries | None, Field(description="Countries, blocs, regions.")] = None
    office: Annotated[Several[Words] | None, Field(description="Titles: president, foreign minister.")] = None
    host: Several[Words] | None = None
    """Names of the host; a surname is enough."""
    host_country: Countries | None = None
    """Countries, blocs, regions."""
    destination: Annotated[Countries | None, Field(description="Countries, blocs, regions.")] = None
    place: Annotated[Several[Words] | None, Field(description="Cities or regions, as stories name them.")] = None
    status: Several[VisitStatus] | None = None
    """Statuses the visit may have."""
    change: Several[ChangeKind] | None = None
    """What may have happened to it."""
    dates: Within | None = None
    """When it is."""
    confidence: Annotated[float | None, Field(strict=True, ge=0, le=1, description="At least.")] = None
    sources: Annotated[int | None, Field(strict=True, ge=1, le=100, description="Independent ones, at least.")] = None
    provider: Annotated[Several[Words] | None, Field(description="A wire that reports it.")] = None


class Filter(Conditions):
    """Which changes of which visits. Without `change`, every kind but "confirmed"."""

    unless: Annotated[Conditions | None, Field(description="Not those for which all of this holds.")] = None
    expression: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=LONGEST_EXPRESSION,
            description="In CEL, what the conditions cannot say; it must hold too.",
        ),
    ] = None


class Quiet(Asked):
    """Hours in which nothing is sent; it is sent when they end. They may span midnight."""

    from_: Annotated[str, Field(alias="from", pattern=CLOCK)]
    """When they begin, as HH:MM."""
    to: Annotated[str, Field(pattern=CLOCK)]
    """When they end, as HH:MM."""
    zone: Zone = "UTC"
    """The time zone of these hours."""
    but: Annotated[tuple[ChangeKind, ...], Field(max_length=20, description="Changes that are sent all the same.")] = ()


class Digest(Asked):
    """One message a day instead of one a change."""

    at: Annotated[str, Field(pattern=CLOCK)] = "07:00"
    """When it is sent, as HH:MM."""
    zone: Zone = "UTC"
    """The time zone of that hour."""


class Webhook(Asked):
    """CloudEvents as JSON, signed as Standard Webhooks says. Without a secret one is made, and shown once."""

    kind: Literal["webhook"]
    """Names this kind of channel."""
    url: Annotated[str, Field(pattern=WEB, max_length=2_000)]
    """Where it is posted to, by https or http."""
    secret: Annotated[str | None, Field(pattern=SECRET)] = None
    """What messages are signed with: "whsec_" and base64."""


class Email(Asked):
    """A message in plain text and HTML."""

    kind: Literal["email"]
    """Names this kind of channel."""
    to: Several[Annotated[str, Field(pattern=ADDRESS, max_length=254)]]
    """Addresses."""


class Chat(Asked):
    """A chat or push service, by its Apprise URL. Only services at fixed public addresses, without options: whoever
    writes a subscription may not choose what this machine connects to, or how."""

    kind: Literal["chat"]
    """Names this kind of channel."""
    url: Annotated[str, Field(pattern=CHAT, max_length=1_000)]
    """The service's Apprise URL."""


class Console(Asked):
    """Lines on the standard output of the process that delivers."""

    kind: Literal["console"]
    """Names this kind of channel."""


type Channel = Annotated[Webhook | Email | Chat | Console, Field(discriminator="kind")]
type ToPerson = Annotated[Email | Chat | Console, Field(discriminator="kind")]


class Subscription(Asked):
    """Who is told of what, how, and when."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    """Names it: lower case letters, digits and hyphens."""
    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What people call it; it stands in the subject of messages."""
    enabled: Annotated[bool, Field(strict=True)] = True
    """False to send nothing."""
    filter: Filter = Filter()
    """What it asks for; left out, everything."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=10)]
    """Where it goes."""
    wait: Annotated[
        float,
        Field(
            strict=True, ge=0, le=3600, description="Seconds in which changes of a visit become one message; 0: none."
        ),
    ] = 30.0
    old: Annotated[
        bool, Field(strict=True, description="Of stories that were old when they came, too; they are told as old.")
    ] = False
    by_hand: Annotated[bool, Field(strict=True, description="What people at the desk change by hand, too.")] = True
    quiet: Quiet | None = None
    """Hours in which nothing is sent."""
    digest: Digest | None = None
    """One message a day in place of one a change."""
    owner: Annotated[ToPerson | None, Field(description="Who is told when a channel is disabled.")] = None


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a subscription."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Subscription.model_json_schema()}
