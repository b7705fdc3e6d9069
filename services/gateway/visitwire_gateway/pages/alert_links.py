"""What a link in an alert does: silences a visit for its subscription, or ends the mail to its receiver.

Programs that look mail through follow every link, so that looking changes nothing: a button does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection, insert
from starlette.responses import HTMLResponse
from visitwire_alerting.delivery.board_links import HUSH, UNSUBSCRIBE, Allowed, opened
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.storage.sql_tables import notices
from visitwire_alerting.subscriptions import silence, store
from visitwire_alerting.subscriptions.store import Stored, id_of
from visitwire_alerting.wording import route

from visitwire_gateway.dependencies import AtDesk, AtLedger
from visitwire_gateway.ledger import Ledger
from visitwire_gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)

AUTHOR = "a link in an alert"
UNSUBSCRIBED = "its reader unsubscribed"


@dataclass(frozen=True)
class Found:
    """What a link is about."""

    allowed: Allowed
    stored: Stored
    what: str
    """The visit in words, or the address that is written to."""


def _found(ledger: Ledger, token: str, act: str) -> Found:
    """Raises 404, with a sentence."""
    allowed = opened(ledger.alerting.vault, token)
    if allowed is None or allowed.act != act:
        raise HTTPException(404, "This link is none of ours, or was cut short on its way.")
    with ledger.reading() as connection:
        tenant = allowed.subscription.rpartition(":")[0] or store.DEFAULT
        stored = store.find(connection, ledger.alerting.vault, id_of(allowed.subscription), tenant)
        what = _about(connection, allowed, stored) if stored is not None else None
    if stored is None or what is None:
        raise HTTPException(404, "What this link was for is no longer here.")
    return Found(allowed, stored, what)


def _about(connection: Connection, allowed: Allowed, stored: Stored) -> str | None:
    if allowed.act == "hush":
        visit = visit_history.find_visit(connection, allowed.about)
        return route(visit.visit) if visit is not None else None
    return next((store.address(end.channel) for end in stored.endpoints if end.id == allowed.about), None)


def _page(request: Request, found: Found, done: str = "", undo: bool = False) -> HTMLResponse:
    return page(request, "link.html", found=found, act=found.allowed.act, done=done, undo=undo)


@router.get(HUSH + "{token}")
def hush_page(request: Request, ledger: AtLedger, token: str) -> HTMLResponse:
    return _page(request, _found(ledger, token, "hush"))


@router.post(HUSH + "{token}")
def hush(
    request: Request, desk: AtDesk, ledger: AtLedger, token: str, hours: Annotated[int, Form(ge=0, le=720)] = 24
) -> HTMLResponse:
    """Silences the visit for so long; for no time at all, ends such silences."""
    found, at = _found(ledger, token, "hush"), desk.clock()
    with ledger.writing() as connection:
        _lift(connection, found, at)
        if hours:
            id, tenant, until = found.stored.subscription.id, found.stored.tenant, at + timedelta(hours=hours)
            silence.hush(connection, id, until, tenant, visit=found.allowed.about, author=AUTHOR)
    return _page(request, found, "Silent now." if hours else "Told again from now on.", undo=bool(hours))


def _lift(connection: Connection, found: Found, at: datetime) -> None:
    """Ends what such a link began; silences that an editor began are the editor's."""
    for one in silence.standing(connection, at, found.stored.tenant):
        mine = one.visit == found.allowed.about and one.author == AUTHOR
        if mine and one.subscription == found.stored.subscription.id:
            silence.lift(connection, one.number, found.stored.tenant)


@router.get(UNSUBSCRIBE + "{token}")
def unsubscribe_page(request: Request, ledger: AtLedger, token: str) -> HTMLResponse:
    return _page(request, _found(ledger, token, "unsubscribe"))


@router.post(UNSUBSCRIBE + "{token}")
def unsubscribe(request: Request, desk: AtDesk, ledger: AtLedger, token: str) -> HTMLResponse:
    """Ends the messages to this endpoint (RFC 8058, too); whoever owns the subscription is told and can go back."""
    found = _found(ledger, token, "unsubscribe")
    with ledger.writing() as connection:
        if store.disable(connection, found.allowed.about, UNSUBSCRIBED, desk.clock()):
            text = f"{found.allowed.about} was disabled: {UNSUBSCRIBED}"
            row = {"subscription": found.allowed.subscription, "text": text, "created": desk.clock()}
            connection.execute(insert(notices).values(row))
    return _page(request, found, "No more messages of this subscription come here.")
