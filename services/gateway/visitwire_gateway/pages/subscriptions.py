"""Subscriptions: the list, and one as a form beside what its filter would have sent in the last 30 days."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response
from visitwire_alerting.service import (
    DECLARED,
    Alerting,
    Endpoint,
    Saved,
    Silence,
    Stale,
    Stored,
    Taken,
    address,
    count,
)
from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import ChangeKind, VisitStatus
from visitwire_schemas.subscription import LONGEST_EXPRESSION, Email

from visitwire_gateway.api.if_match import number_of
from visitwire_gateway.api.parameters import check_names
from visitwire_gateway.dependencies import Asking, AtEditing, AtGateway, AtLedger, AtTenant, Gateway
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import names_on_board, providers, visit
from visitwire_gateway.pages.backtest_view import DAYS, tried_by
from visitwire_gateway.pages.filter_description import in_words, offered
from visitwire_gateway.pages.form_values import of_board, of_subscription
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.pages.subscription_fields import BOXES, OF_FILTER, OFFICES, FormValues, given
from visitwire_gateway.pages.subscription_form import FormRejected, accepted, item, new_id
from visitwire_gateway.wording import summary

router = APIRouter(include_in_schema=False)

LENGTHS = {"1 hour": 1, "8 hours": 8, "1 day": 24, "1 week": 168, "30 days": 720}
NEW = "/new-subscription"


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get("/subscriptions")
def subscriptions(request: Request, gateway: AtGateway, ledger: AtLedger, mine: AtTenant) -> HTMLResponse:
    now = gateway.clock()
    health, silences = ledger.health(), mine.silences()
    found, recorded = [], ledger.backtest.recorded(now, DAYS)
    for stored in mine.subscriptions():
        hushed = [(one, _route(gateway, one)) for one in silences if one.subscription == stored.subscription.id]
        ends = [(end, address(end.channel), health.get(end.id, {})) for end in stored.endpoints]
        words = in_words(stored.subscription.filter)
        found.append((stored.subscription, words, ends, hushed, count(stored.subscription.filter, recorded)))
    return page(
        request, "subscriptions.html", subscriptions=found, lengths=LENGTHS, delivers=ledger.delivers(now), new=NEW
    )


def _route(gateway: Gateway, silence: Silence) -> str:
    """Who goes where, of the visit that a silence is on; "" where it is on all of them."""
    if silence.visit is None:
        return ""
    found = visit(gateway.engine, silence.visit)
    return summary(found, country_name(found.destination.country)) if found else silence.visit


@router.get("/backtest")
def backtest(request: Request, gateway: AtGateway, ledger: AtLedger) -> HTMLResponse:
    """The back-test's part of the page, for the filter in the address."""
    form = given(request.query_params)
    answer = page(request, "tried.html", tried=tried_by(gateway, ledger, form))
    if urlsplit(request.headers.get("hx-current-url", "")).path == NEW:
        answer.headers["hx-replace-url"] = f"{NEW}?{form.query}" if form.query else NEW
    return answer


@router.get("/subscribe")
def from_board(wanted: Annotated[VisitFilter, Query()]) -> Response:
    """Leads from a filter of the board to the form that asks for the same."""
    return RedirectResponse(f"{NEW}?{of_board(wanted).query}".rstrip("?"), 303)


@router.get(NEW)
def new(request: Request, gateway: AtGateway, ledger: AtLedger, who: Asking) -> HTMLResponse:
    """An empty form, or one with the filter of the address."""
    form = given(request.query_params)
    check_names(request.query_params, OF_FILTER)
    values = {"enabled": ["on"], "by_hand": ["on"], "wait": ["30"], **form.values}
    return _page(request, gateway, ledger, FormValues(values))


@router.post(NEW)
def add(request: Request, gateway: AtGateway, ledger: AtLedger, editing: AtEditing, sent: Sent) -> Response:
    form = given(sent)
    taken = {stored.subscription.id for stored in editing.subscriptions()}
    try:
        wanted = accepted(item(form, new_id(form.one("name"), taken), None, ()))
        saved = editing.add(wanted)
    except (FormRejected, Taken) as why:
        return _page(request, gateway, ledger, form, notice=str(why), status=422)
    return _after(request, gateway, ledger, saved)


@router.get("/subscriptions/{key}")
def one(request: Request, gateway: AtGateway, ledger: AtLedger, mine: AtTenant, key: str) -> HTMLResponse:
    stored = mine.subscription(key)
    return _page(request, gateway, ledger, of_subscription(stored.subscription), stored)


@router.post("/subscriptions/{key}")
def change(
    request: Request, gateway: AtGateway, ledger: AtLedger, editing: AtEditing, key: str, sent: Sent
) -> Response:
    stored = editing.subscription(key)
    form = given(sent)
    kept = [end for end in stored.endpoints if end.id in form.all("keep")]
    try:
        wanted = accepted(item(form, key, stored.subscription, kept))
        saved = editing.change(wanted, number_of(form.one("version")))
    except (FormRejected, Stale) as why:
        return _page(request, gateway, ledger, form, stored, notice=str(why), status=422)
    return _after(request, gateway, ledger, saved)


def _after(request: Request, gateway: Gateway, ledger: Alerting, saved: Saved) -> Response:
    """The list; but the subscription with its new secrets, which are shown only now."""
    if not saved.secrets:
        return RedirectResponse("/subscriptions", 303)
    return _secrets(request, gateway, ledger, saved.stored, saved.secrets)


def _secrets(request: Request, gateway: Gateway, ledger: Alerting, stored: Stored, secrets: dict[str, str]) -> Response:
    form = of_subscription(stored.subscription)
    answer = _page(request, gateway, ledger, form, stored, secrets=secrets)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/subscriptions/{key}/remove")
def remove(editing: AtEditing, key: str, version: Annotated[str, Form(max_length=20)] = "") -> Response:
    try:
        editing.remove(key, number_of(version or "*"))
    except Stale as why:
        raise HTTPException(412, str(why)) from None
    return RedirectResponse("/subscriptions", 303)


@router.post("/subscriptions/{key}/rotate")
def rotate(request: Request, gateway: AtGateway, ledger: AtLedger, editing: AtEditing, key: str) -> Response:
    secrets = editing.rotate(key)
    return _secrets(request, gateway, ledger, editing.subscription(key), secrets)


@router.post("/subscriptions/{key}/test")
def send_test(editing: AtEditing, key: str, endpoint: Annotated[str, Form(max_length=300)]) -> Response:
    try:
        return RedirectResponse(f"/deliveries/{editing.try_out(key, endpoint)}", 303)
    except Taken as why:
        raise HTTPException(409, str(why)) from None


@router.post("/subscriptions/{key}/enable")
def enable(editing: AtEditing, key: str, endpoint: Annotated[str, Form(max_length=300)]) -> Response:
    editing.enable(key, endpoint)
    return RedirectResponse(f"/subscriptions/{key}", 303)


def _page(
    request: Request,
    gateway: Gateway,
    ledger: Alerting,
    form: FormValues,
    stored: Stored | None = None,
    *,
    notice: str = "",
    secrets: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    people, towns = names_on_board(gateway.engine)
    health = ledger.health() if stored else {}
    kept = set(form.all("keep")) if "keep" in form.values or notice else None
    return page(
        request,
        "subscription.html",
        status,
        form=form,
        stored=stored,
        version=stored.version if stored else 0,
        ends=[_end(end, health, kept) for end in stored.endpoints] if stored else [],
        owner_kept=_owner_kept(stored),
        tried=tried_by(gateway, ledger, form),
        boxes=BOXES,
        expression_names=DECLARED,
        expression_longest=LONGEST_EXPRESSION,
        statuses=tuple(VisitStatus),
        changes=tuple(ChangeKind),
        offers={
            "countries": offered(),
            "offices": OFFICES,
            "people": people,
            "towns": towns,
            "wires": providers(gateway.engine),
        },
        notice=notice.splitlines(),
        secrets=secrets or {},
        action=f"/subscriptions/{stored.subscription.id}" if stored else NEW,
    )


def _end(end: Endpoint, health: dict[str, dict[str, object]], kept: set[str] | None) -> dict[str, Any]:
    fares = health.get(end.id, {})
    return {
        "id": end.id,
        "kind": end.channel.kind,
        "to": address(end.channel),
        "kept": kept is None or end.id in kept,
        "disabled": fares.get("reason") or "disabled" if fares.get("disabled") else "",
        "failing": fares.get("failing_since"),
    }


def _owner_kept(stored: Stored | None) -> str:
    """Who owns it, where that is nobody's e-mail address, which the form could show."""
    owner = stored.subscription.owner if stored else None
    return address(owner) if owner and not isinstance(owner, Email) else ""
