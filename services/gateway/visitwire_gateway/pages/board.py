"""The board: a lane for each status, the last changed first."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from visitwire_gateway.desk import AtDesk
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import lanes, visits_page
from visitwire_gateway.pages.choices import choices
from visitwire_gateway.pages.plain import page

router = APIRouter(include_in_schema=False)

LANE = 40
"""Cards of a lane before "more"."""

Wanted = Annotated[VisitFilter, Query()]


@router.get("/")
def board(request: Request, desk: AtDesk, wanted: Wanted) -> HTMLResponse:
    """The whole page; only its lanes, where the page itself asks for them."""
    place = f"{desk.live.life}-{desk.live.last}"  # before reading, so that nothing falls between
    found = lanes(desk.engine, wanted, LANE)
    chosen = choices(desk.engine, wanted)
    whole = "hx-request" not in request.headers or "hx-history-restore-request" in request.headers
    template = "board.html" if whole else "lanes.html"
    answer = page(request, template, lanes=found, choices=chosen, card=desk.cards, most=LANE, place=place)
    answer.headers["vary"] = "HX-Request"
    return answer


@router.get("/board/{lane}")
def more(request: Request, desk: AtDesk, lane: str, wanted: Wanted, cursor: str | None = None) -> Response:
    """The next cards of a lane."""
    rows = visits_page(desk.engine, wanted, cursor, LANE, lane)
    chosen = choices(desk.engine, wanted)
    return page(request, "more.html", rows=rows.rows, next=rows.next, lane=lane, choices=chosen, card=desk.cards)
