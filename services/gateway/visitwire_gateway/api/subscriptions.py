"""Subscriptions: who is told of what, what a filter would have sent, silences."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path, Query, Response
from visitwire_alerting.service import (
    LONGEST,
    Alerting,
    BacktestResult,
    Saved,
    Stale,
    Taken,
    Unreadable,
    accept,
)
from visitwire_schemas.subscription import Console, Subscription

from visitwire_gateway.api.if_match import STALE, number_of, seen_state
from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS, Cursor, Limit
from visitwire_gateway.api.subscription_shapes import (
    BacktestSeen,
    EndpointSeen,
    Filters,
    Rotation,
    SilenceAsked,
    SilenceSeen,
    SubscriptionChanged,
    SubscriptionSaved,
    SubscriptionSeen,
    Trial,
    channel_seen,
    seen,
)
from visitwire_gateway.dependencies import Asking, AtEditing, AtGateway, AtLedger, AtTenant
from visitwire_gateway.model.paging import Page, decode, encode

router = APIRouter(prefix="/api/v1", tags=["subscriptions"], responses=LEDGER_PROBLEMS)

CONFLICT: dict[int | str, dict[str, Any]] = {409: PROBLEMS[422]}
UNSEEN = (
    "Say which state of the subscription you change: send the ETag that GET /api/v1/subscriptions/{id} gave as"
    " If-Match, so that what somebody else saved meanwhile is not lost; * writes over any state."
)
type Id = Annotated[str, Path(max_length=63, description="The subscription's id.")]
type EndpointId = Annotated[str, Path(max_length=300, description="Which of its channels, as `endpoint` names it.")]
type Days = Annotated[int, Query(ge=1, le=LONGEST, description="How many days back to look.")]


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
    if_match: Annotated[
        str | None,
        Header(description="The ETag that you read; another answers 412, none at all 428. * writes over any state."),
    ] = None,
) -> SubscriptionSaved:
    """Puts it in the place of the one with this id."""
    version = seen_state(if_match, UNSEEN)
    before = editing.subscription(key).subscription
    kept = {"channels": changed.channels or before.channels, "owner": changed.owner or before.owner}
    wanted = Subscription(id=key, **dict(changed) | kept)
    try:
        return _answer(response, editing.change(accepted(wanted), version))
    except Stale as why:
        raise HTTPException(412, str(why)) from None


@router.delete("/subscriptions/{key}", status_code=204, responses={412: PROBLEMS[422]})
def remove_subscription(
    editing: AtEditing,
    key: Id,
    if_match: Annotated[str, Header(description="The ETag that you read: another answers 412.")] = "*",
) -> None:
    """Takes it away; what waits for it is dropped."""
    try:
        editing.remove(key, number_of(if_match))
    except Stale as why:
        raise HTTPException(412, str(why)) from None


@router.post("/backtest")
def backtest(ledger: AtLedger, gateway: AtGateway, who: Asking, asked: Filters) -> BacktestSeen:
    """What a filter would have sent of the changes that were recorded in the last days. Saves nothing."""
    whole = Subscription(id="filter", name="filter", channels=(Console(kind="console"),), filter=asked.filter)
    tried = ledger.backtest.ask(accepted(whole).filter, gateway.clock(), asked.days)
    return _tested(ledger, tried, asked.days)


@router.get("/subscriptions/{key}/backtest")
def backtest_subscription(
    ledger: AtLedger, gateway: AtGateway, mine: AtTenant, key: Id, days: Days = 30
) -> BacktestSeen:
    """What it would have sent in the last days, as it stands now."""
    asked = mine.subscription(key).subscription.filter
    return _tested(ledger, ledger.backtest.ask(asked, gateway.clock(), days), days)


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
    """Enables a disabled endpoint."""
    editing.enable(key, endpoint)


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
