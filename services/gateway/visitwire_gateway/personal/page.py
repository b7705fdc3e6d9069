"""One's own filters on a page: the calendar and the feed of each, saving, changing, making new, removing."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from visitwire_alerting.service import sentences

from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Asking, AtGateway, AtLedger, Gateway
from visitwire_gateway.marks.since import zone_of
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.personal.addresses import AddressAsked, changed, filter_alone, mailed, removed, seen, wish_of
from visitwire_gateway.personal.filter_summary import filter_words
from visitwire_gateway.personal.mail import Mail, stop_mail
from visitwire_gateway.personal.store import TooMany, filter_of
from visitwire_gateway.user_changes import reader

router = APIRouter(include_in_schema=False)

MINE = "/addresses"
KEPT_FOR = (
    (0, "as soon as it is over"),
    (7, "a week after its end"),
    (30, "30 days after its end"),
    (365, "a year after its end"),
    (None, "never"),
)
"""When the past leaves a calendar."""


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get(MINE)
def mine(request: Request, gateway: AtGateway, who: Asking) -> Response:
    """The filter in the address, if there is one, is offered to be saved."""
    return _shown(request, gateway, reader(who), query=filter_alone(request.url.query))


def _shown(request: Request, gateway: Gateway, who: Who, query: str = "", notice: str = "") -> Response:
    found = [(seen(request, gateway, who, one), filter_words(one.wish.wanted)) for one in gateway.addresses.first(who)]
    offered = filter_words(filter_of(query)) if query else ""
    return page(
        request,
        "personal.html",
        422 if notice else 200,
        addresses=found,
        query=query,
        offered=offered,
        notice=notice,
        kept_for=KEPT_FOR,
        mails=gateway.ledger is not None,
    )


@router.post(MINE)
def save(request: Request, gateway: AtGateway, who: Asking, sent: Sent) -> Response:
    try:
        gateway.addresses.add(reader(who), wish_of(_asked(sent)))
    except (ValidationError, RequestValidationError) as wrong:
        told = sentences([{**one, "loc": one["loc"][-1:]} for one in wrong.errors()])
        return _shown(request, gateway, who, str(sent.get("filter", "")), "; ".join(told))
    except TooMany as why:
        return _shown(request, gateway, who, str(sent.get("filter", "")), str(why))
    return _back()


@router.post(MINE + "/{id}")
def change(request: Request, gateway: AtGateway, who: Asking, id: str, sent: Sent) -> Response:
    try:
        wish = wish_of(_asked(sent))
    except (ValidationError, RequestValidationError) as wrong:
        return _shown(request, gateway, who, notice="; ".join(sentences(list(wrong.errors()))))
    return _done(changed(gateway, reader(who), id, wish))


@router.post(MINE + "/{id}/renew")
def renew(gateway: AtGateway, who: Asking, id: str) -> Response:
    return _done(gateway.addresses.renew(reader(who), id))


@router.post(MINE + "/{id}/remove")
def remove(gateway: AtGateway, who: Asking, id: str) -> Response:
    return _done(removed(gateway, reader(who), id))


@router.post(MINE + "/{id}/mail")
def mail(request: Request, gateway: AtGateway, ledger: AtLedger, who: Asking, id: str, sent: Sent) -> Response:
    """Without an address no mail is sent any more."""
    found = gateway.addresses.find(reader(who), id)
    if found is None:
        return _done(False)
    if "to" not in sent:
        stop_mail(gateway, ledger, who, id)
        return _back()
    try:
        at = str(sent.get("at", "")) if sent.get("when") == "daily" else None
        asked = Mail(to=str(sent["to"]).strip(), at=at, zone=str(zone_of(request)))
    except ValidationError as wrong:
        return _shown(request, gateway, who, notice="; ".join(sentences(list(wrong.errors()))))
    mailed(gateway, ledger, who, found, asked)
    return _back()


def _asked(sent: FormData) -> AddressAsked:
    past = str(sent.get("past", ""))
    return AddressAsked(
        name=str(sent.get("name", "")).strip(),
        filter=str(sent.get("filter", "")),
        past=int(past) if past.isascii() and past.isdecimal() and len(past) < 5 else None,
        vague="vague" in sent,
        off="off" in sent,
    )


def _done(found: bool) -> Response:
    if not found:
        raise HTTPException(404, "You have no such address; it may have been removed in another window.")
    return _back()


def _back() -> Response:
    return RedirectResponse(MINE, 303)
