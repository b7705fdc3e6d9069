"""What a link in an alert does: silences a visit for its subscription, or ends the mail to its receiver.

Programs that look mail through follow every link, so that looking changes nothing: a button does.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse
from visitwire_alerting.service import AlertLink, Silence, find_link, hush_by, hushed_by, unsubscribe_by
from visitwire_schemas.alert import SILENCE_PATH, UNSUBSCRIBE_PATH

from visitwire_gateway.dependencies import AtGateway, AtLedger
from visitwire_gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)

Hours = Annotated[int, Form(ge=0, le=720)]
Reason = Annotated[str, Form(max_length=200)]


def _page(request: Request, found: AlertLink, done: str = "", silence: Silence | None = None) -> HTMLResponse:
    return page(request, "link.html", found=found, act=found.allowed.act, done=done, silence=silence)


@router.get(SILENCE_PATH + "{token}")
def hush_page(request: Request, gateway: AtGateway, ledger: AtLedger, token: str) -> HTMLResponse:
    """Asks whether to silence the visit; where such a link did, says so and offers to end it."""
    found = find_link(ledger, token, "hush")
    return _page(request, found, silence=hushed_by(ledger, found, gateway.clock()))


@router.post(SILENCE_PATH + "{token}")
def hush(
    request: Request, gateway: AtGateway, ledger: AtLedger, token: str, hours: Hours = 24, reason: Reason = ""
) -> HTMLResponse:
    """Silences the visit for so long; for no time at all, ends such silences."""
    found = find_link(ledger, token, "hush")
    silence = hush_by(ledger, found, gateway.clock(), timedelta(hours=hours), reason.strip() or None)
    return _page(request, found, "Silent now." if silence else "Told again from now on.", silence)


@router.get(UNSUBSCRIBE_PATH + "{token}")
def unsubscribe_page(request: Request, ledger: AtLedger, token: str) -> HTMLResponse:
    return _page(request, find_link(ledger, token, "unsubscribe"))


@router.post(UNSUBSCRIBE_PATH + "{token}")
def unsubscribe(request: Request, gateway: AtGateway, ledger: AtLedger, token: str) -> HTMLResponse:
    """Ends the messages to this endpoint (RFC 8058, too); whoever owns the subscription is told and can go back."""
    found = find_link(ledger, token, "unsubscribe")
    unsubscribe_by(ledger, found, gateway.clock())
    return _page(request, found, "No more messages of this subscription come here.")
