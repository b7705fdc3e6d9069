"""The calendar and the feed that a personal address opens, without a login."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from starlette.responses import Response

from visitwire_gateway.api.shapes import PROBLEMS
from visitwire_gateway.atom import feed
from visitwire_gateway.calendars import Which
from visitwire_gateway.dependencies import AtGateway, Gateway
from visitwire_gateway.ics import CalendarHead
from visitwire_gateway.model.latest_changes import latest
from visitwire_gateway.personal.paths import CALENDAR, FEED, PATH
from visitwire_gateway.personal.store import Address
from visitwire_gateway.whole_gateway import AtWholeGateway

PRIVATE = {"cache-control": "private, no-cache"}
GONE = "This address opens nothing: it was made new or removed. Whoever had it finds the new one on their own page."

router = APIRouter(prefix=PATH, tags=["feeds"], responses=PROBLEMS)

type Word = Annotated[str, Path(max_length=100, description="The word of a personal address.")]


@router.get(
    f"/{{word}}/{CALENDAR}",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def personal_calendar(request: Request, gateway: AtWholeGateway, word: Word) -> Response:
    """A reader's own calendar. Whoever has the address reads it, without a login."""
    wish = _opened(gateway, word).wish
    told = CalendarHead(gateway.url(request, "/"), gateway.url(request, request.url.path), wish.name, vanish=False)
    which = Which(wish.wanted.model_dump_json(by_alias=True), not wish.vague, wish.past, wish.off)
    made = gateway.calendars.of(which, told, gateway.clock().date())
    name = {"content-disposition": f'inline; filename="{CALENDAR}"'} | PRIVATE
    return Response(made, media_type="text/calendar; charset=utf-8", headers=name)


@router.get(
    f"/{{word}}/{FEED}",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {"schema": {"type": "string"}}}}},
)
def personal_feed(request: Request, gateway: AtGateway, word: Word) -> Response:
    """A reader's own Atom feed. Whoever has the address reads it, without a login."""
    address = _opened(gateway, word)
    alerts = latest(gateway.engine, address.wish.wanted)
    source = gateway.url(request, request.url.path)
    made = feed(alerts, gateway.url(request, "/"), source, gateway.clock(), address.wish.name, address.id)
    return Response(
        made, media_type="application/atom+xml; charset=utf-8", headers={"cache-control": "private, no-cache"}
    )


def _opened(gateway: Gateway, word: str) -> Address:
    found = gateway.addresses.opened(word)
    if found is None:
        raise HTTPException(404, GONE)
    return found
