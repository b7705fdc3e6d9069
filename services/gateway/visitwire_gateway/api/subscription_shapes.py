"""What the API takes and gives of subscriptions, their endpoints and their silences."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field
from visitwire_alerting.service import (
    LONGEST,
    Endpoint,
    Stored,
    address,
)
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Asked, Channel, Digest, Filter, Quiet, ToPerson

from visitwire_gateway.api_model import Shape


class ChannelSeen(Shape):
    """Where a subscription goes: never the whole address, which may hold a token."""

    endpoint: str
    """Names the channel among those of the subscription."""
    kind: str
    """webhook, email, chat or console."""
    to: str
    """Where to, in short."""


class SubscriptionSeen(Shape):
    """A subscription as its tenant may read it; `version` counts how often it was saved."""

    id: str
    """Names the subscription."""
    name: str
    """What it is called."""
    enabled: bool
    """False while nothing is sent."""
    version: int
    """Counts how often it was saved."""
    filter: Filter
    """What it asks for."""
    channels: list[ChannelSeen]
    """Where it goes."""
    wait: float
    """Seconds in which changes of a visit become one message."""
    old: bool
    """Whether it is told of stories that were old when they came."""
    by_hand: bool
    """Whether it is told what people at the desk change."""
    quiet: Quiet | None
    """Hours in which nothing is sent."""
    digest: Digest | None
    """One message a day in place of one a change."""
    owner: str | None
    """Who is told when a channel is disabled."""


class SubscriptionSaved(SubscriptionSeen):
    """A subscription that was saved just now."""

    secrets: dict[str, str] = Field(
        description="Signing secrets that were made just now, by endpoint. They are told only now."
    )


class SubscriptionChanged(Asked):
    """As a new one, but its id is in the address; channels and owner that are left out stay as they are, and a webhook
    to the same address keeps its secret."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What it is called."""
    enabled: bool = True
    """False to send nothing."""
    filter: Filter = Filter()
    """What it asks for."""
    channels: Annotated[tuple[Channel, ...] | None, Field(min_length=1, max_length=10)] = None
    """Where it goes; left out, where it goes now."""
    wait: Annotated[float, Field(ge=0, le=3600)] = 30.0
    """Seconds in which changes of a visit become one message; 0: none."""
    old: bool = False
    """Of stories that were old when they came, too; they are told as old."""
    by_hand: bool = True
    """What people at the desk change by hand, too."""
    quiet: Quiet | None = None
    """Hours in which nothing is sent."""
    digest: Digest | None = None
    """One message a day in place of one a change."""
    owner: ToPerson | None = None
    """Who is told when a channel is disabled; left out, who is now."""


class EndpointSeen(ChannelSeen):
    """A channel and how it fares."""

    failures: int
    """How often in a row it failed."""
    failing_since: AwareDatetime | None
    """Since when it fails; null while it works."""
    disabled: AwareDatetime | None
    """When it was given up; null while it is tried."""
    reason: str | None
    """What went wrong last."""


class Filters(Asked):
    """A filter to try."""

    filter: Filter = Filter()
    """The filter."""
    days: Annotated[int, Field(ge=1, le=LONGEST)] = 30
    """How many days back to look."""


class BacktestSeen(Shape):
    """What a filter would have sent."""

    days: int
    """How many days were looked at."""
    changes: int
    """Those recorded in these days."""
    sent: int
    """How many of them it would have sent."""
    alerts: list[Alert]
    """The latest of those it would have sent, 100 at most."""


class Rotation(Asked):
    """How the old secrets end."""

    overlap: Annotated[int, Field(ge=0, le=604_800, description="Seconds for which the old secret signs too.")] = 86_400


class SilenceAsked(Asked):
    """For how long nothing is to be told."""

    seconds: Annotated[int, Field(ge=60, le=31_536_000)]
    """For how long, in seconds."""
    visit: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    """Only of this visit, by its id; left out, of all."""
    reason: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    """Why, in your words."""


class SilenceSeen(Shape):
    """A silence that is not over."""

    number: int
    """Names it."""
    subscription: str
    """The subscription that is told nothing; for all, where it is none."""
    visit: str | None
    """Null: whatever the visit."""
    until: AwareDatetime
    """When it ends."""
    reason: str | None
    """Why, in the words of who began it."""
    author: str | None
    """Who began it."""


def seen(stored: Stored) -> dict[str, Any]:
    one = stored.subscription
    return {
        "id": one.id,
        "name": one.name,
        "enabled": one.enabled,
        "version": stored.version,
        "filter": one.filter,
        "channels": [channel_seen(end) for end in stored.endpoints],
        "wait": one.wait,
        "old": one.old,
        "by_hand": one.by_hand,
        "quiet": one.quiet,
        "digest": one.digest,
        "owner": address(one.owner) if one.owner else None,
    }


def channel_seen(end: Endpoint) -> ChannelSeen:
    return ChannelSeen(endpoint=end.id, kind=end.channel.kind, to=address(end.channel))


class Trial(Shape):
    """A test that was sent."""

    delivery: int
    """The number of the delivery that carries the test."""
