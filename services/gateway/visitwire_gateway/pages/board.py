"""The board: a lane for each status, the last changed first."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from visitwire_gateway.desk import AtDesk, Desk
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import lanes, visits_page
from visitwire_gateway.pages.choices import Choices, choices
from visitwire_gateway.pages.plain import page

router = APIRouter(include_in_schema=False)

LANE = 40
"""Cards of a lane before "more"."""

Wanted = Annotated[VisitFilter, Query()]


@router.get("/")
def board(request: Request, desk: AtDesk, wanted: Wanted) -> HTMLResponse:
    """The whole page; only its lanes, where the page itself asks for them."""
    place = f"{desk.live.life}-{desk.live.last}"  # before reading, so that nothing falls between
    chosen = choices(desk, wanted)
    drawn = desk.memory.get(("lanes", wanted.model_dump_json()), lambda: _drawn(desk, chosen))
    whole = "hx-request" not in request.headers or "hx-history-restore-request" in request.headers
    if whole:
        answer = page(request, "board.html", drawn=drawn, choices=chosen, place=place)
    else:
        answer = HTMLResponse(drawn, headers={"cache-control": "private, no-cache"})
    answer.headers["vary"] = "HX-Request"
    return answer


def _drawn(desk: Desk, chosen: Choices) -> Markup:
    """The lanes as HTML; the same for whoever asks with the same filter."""
    found = lanes(desk.engine, chosen.wanted, LANE)
    template = desk.pages.get_template("lanes.html")
    return Markup(template.render(lanes=found, choices=chosen, card=desk.cards, most=LANE))


@router.get("/board/{lane}")
def more(request: Request, desk: AtDesk, lane: str, wanted: Wanted, cursor: str | None = None) -> Response:
    """The next cards of a lane."""
    rows = visits_page(desk.engine, wanted, cursor, LANE, lane)
    chosen = choices(desk, wanted)
    return page(request, "more.html", rows=rows.rows, next=rows.next, lane=lane, choices=chosen, card=desk.cards)
