"""Subscriptions: who is told of what, what a filter would have sent, silences."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path, Query, Response
from pydantic import AwareDatetime, Field
from visitwire_alerting.service import (
    LONGEST,
    Alerting,
    BacktestResult,
    Endpoint,
    Saved,
    Stale,
    Stored,
    Taken,
    Unreadable,
    accept,
    address,
)
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Asked, Channel, Console, Digest, Filter, Quiet, Subscription, ToPerson

from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS, Cursor, Limit
from visitwire_gateway.api_model import Shape
from visitwire_gateway.dependencies import Asking, AtDesk, AtEditing, AtLedger, AtTenant
from visitwire_gateway.model.paging import Page, decode, encode

router = APIRouter(prefix="/api/v1", tags=["subscriptions"], responses=LEDGER_PROBLEMS)

CONFLICT: dict[int | str, dict[str, Any]] = {409: PROBLEMS[422]}
STALE: dict[int | str, dict[str, Any]] = {412: PROBLEMS[422]}
type Id = Annotated[str, Path(max_length=63, description="The subscription's id.")]
type EndpointId = Annotated[str, Path(max_length=300, description="Which of its channels, as `endpoint` names it.")]
type Days = Annotated[int, Query(ge=1, le=LONGEST, description="How many days back to look.")]


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


def _answer(response: Response, saved: Saved) -> SubscriptionSaved:
    response.headers["etag"] = f'"{saved.stored.version}"'
    return SubscriptionSaved(**seen(saved.stored), secrets=saved.secrets)


def accepted(wanted: Subscription) -> Subscription:
    """What alerting itself would take up, and a database can keep. Raises 422, with a sentence for each thing wrong."""
    if "\0" in wanted.name:
        raise HTTPException(422, "name: contains a NUL character")
    try:
        return accept(wanted.model_dump(mode="json", by_alias=True, exclude_none=True), wanted.id)
    except Unreadable as wrong:
        raise HTTPException(422, "; ".join(str(wrong).splitlines())) from None


@router.get("/subscriptions")
def subscriptions(mine: AtTenant, cursor: Cursor = None, limit: Limit = 50) -> Page[SubscriptionSeen]:
    """The tenant's subscriptions, by id."""
    after = decode(cursor)[1] if cursor is not None else ""
    found = [stored for stored in mine.subscriptions() if stored.subscription.id > after]
    more = len(found) > limit
    items = [SubscriptionSeen(**seen(stored)) for stored in found[:limit]]
    return Page(items=items, next=encode("", items[-1].id) if more else None)


@router.post("/subscriptions", status_code=201, responses=CONFLICT)
def add_subscription(editing: AtEditing, response: Response, new: Subscription) -> SubscriptionSaved:
    """Adds one. Addresses and secrets are kept encrypted."""
    try:
        return _answer(response, editing.add(accepted(new)))
    except Taken as why:
        raise HTTPException(409, str(why)) from None


@router.get("/subscriptions/{key}")
def one_subscription(mine: AtTenant, response: Response, key: Id) -> SubscriptionSeen:
    """Returns one subscription. To update it, send its ETag in If-Match."""
    found = mine.subscription(key)
    response.headers["etag"] = f'"{found.version}"'
    return SubscriptionSeen(**seen(found))


@router.put("/subscriptions/{key}", responses=STALE)
def change_subscription(
    editing: AtEditing,
    response: Response,
    key: Id,
    changed: SubscriptionChanged,
    if_match: Annotated[str | None, Header(description="The ETag that you read; another answers 412.")] = None,
) -> SubscriptionSaved:
    """Puts it in the place of the one with this id."""
    before = editing.subscription(key).subscription
    kept = {"channels": changed.channels or before.channels, "owner": changed.owner or before.owner}
    wanted = Subscription(id=key, **dict(changed) | kept)
    try:
        return _answer(response, editing.change(accepted(wanted), _version(if_match)))
    except Stale as why:
        raise HTTPException(412, str(why)) from None


def _version(if_match: str | None) -> int | None:
    """None: whatever it is; -1, which none has, for a tag that is not ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().strip('"')
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else -1


@router.delete("/subscriptions/{key}", status_code=204)
def remove_subscription(editing: AtEditing, key: Id) -> None:
    """Takes it away; what waits for it is dropped."""
    editing.remove(key)


@router.post("/backtest")
def backtest(ledger: AtLedger, desk: AtDesk, who: Asking, asked: Filters) -> BacktestSeen:
    """What a filter would have sent of the changes that were recorded in the last days. Saves nothing."""
    whole = Subscription(id="filter", name="filter", channels=(Console(kind="console"),), filter=asked.filter)
    tried = ledger.backtest.ask(accepted(whole).filter, desk.clock(), asked.days)
    return _tested(ledger, tried, asked.days)


@router.get("/subscriptions/{key}/backtest")
def backtest_subscription(ledger: AtLedger, desk: AtDesk, mine: AtTenant, key: Id, days: Days = 30) -> BacktestSeen:
    """What it would have sent in the last days, as it stands now."""
    asked = mine.subscription(key).subscription.filter
    return _tested(ledger, ledger.backtest.ask(asked, desk.clock(), days), days)


def _tested(ledger: Alerting, tried: BacktestResult, days: int) -> BacktestSeen:
    alerts = ledger.alerts(tried.sent[:100])
    return BacktestSeen(days=days, changes=len(tried.of), sent=len(tried.sent), alerts=alerts)


@router.get("/subscriptions/{key}/endpoints")
def endpoints(ledger: AtLedger, mine: AtTenant, key: Id) -> list[EndpointSeen]:
    """Its channels, and how each fares."""
    found, health = mine.subscription(key), ledger.health()
    return [EndpointSeen(**dict(channel_seen(end)), **health[end.id]) for end in found.endpoints if end.id in health]


@router.post("/subscriptions/{key}/endpoints/{endpoint:path}/enable", status_code=204)
def enable(editing: AtEditing, key: Id, endpoint: EndpointId) -> None:
    """Tries a disabled endpoint again."""
    editing.enable(key, endpoint)


class Trial(Shape):
    """A test that was sent."""

    delivery: int
    """The number of the delivery that carries the test."""


@router.post("/subscriptions/{key}/endpoints/{endpoint:path}/test", status_code=202, responses=CONFLICT)
def send_test(editing: AtEditing, key: Id, endpoint: EndpointId) -> Trial:
    """Sends a message there that says it is a test, of the type org.visitwire.test."""
    try:
        return Trial(delivery=editing.try_out(key, endpoint))
    except Taken as why:
        raise HTTPException(409, str(why)) from None


@router.post("/subscriptions/{key}/rotate")
def rotate(editing: AtEditing, key: Id, asked: Rotation) -> dict[str, str]:
    """New secrets for its webhooks, by endpoint, told only now; the old ones sign too until the overlap ends."""
    return editing.rotate(key, timedelta(seconds=asked.overlap))


@router.get("/silences")
def silences(mine: AtTenant) -> Sequence[SilenceSeen]:
    """Those of the tenant's subscriptions that are not over."""
    return [SilenceSeen.model_validate(one, from_attributes=True) for one in mine.silences()]


@router.post("/subscriptions/{key}/silences", status_code=201)
def hush(editing: AtEditing, key: Id, asked: SilenceAsked) -> SilenceSeen:
    """Tells it nothing, or nothing of one visit, for some time; what is not told can be replayed."""
    made = editing.hush(key, timedelta(seconds=asked.seconds), asked.visit, asked.reason)
    return SilenceSeen.model_validate(made, from_attributes=True)


@router.delete("/silences/{number}", status_code=204)
def lift(editing: AtEditing, number: Annotated[int, Path(ge=1, le=2**53, description="The silence's number.")]) -> None:
    """Ends a silence before its time."""
    editing.lift(number)
