"""The board: a lane for each status, the last changed first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import who_of
from visitwire_gateway.etag import tag_of
from visitwire_gateway.model.board_lanes import Before, changed_visits, lanes
from visitwire_gateway.model.filters import VisitFilter, plain_filter
from visitwire_gateway.model.lanes import LANES
from visitwire_gateway.model.paging import Lane
from visitwire_gateway.model.queries import visits_page
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.state import State
from visitwire_gateway.pages.cached_page import HERE, Look, filled, kept_page
from visitwire_gateway.pages.filter_options import Choices, choices
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.user_changes import opens_first
from visitwire_gateway.whole_gateway import AtWholeGateway, WholeGateway, whole_gateway_of

router = APIRouter(include_in_schema=False)

PAGE = 100
"""Rows of the list."""
LANE = 40
"""Cards of a lane before "more"."""

type Sort = Literal["change", "date"]


class BoardAsked(VisitFilter):
    sort: Sort = Field("change", description="The last changed first, or the soonest.")


class ListAsked(VisitFilter):
    sort: Sort = Field("date", description="The soonest first, or the last changed.")
    cursor: str | None = None


Wanted = Annotated[BoardAsked, Query()]


@dataclass(frozen=True)
class Lanes:
    """The lanes of a filter, the same for whoever asks with it: a quarter of a megabyte that is put into each page."""

    at: State
    """Everything up to this event is in them."""
    choices: Choices
    found: Sequence[Lane]
    sections: Mapping[Lane, bytes]
    """Each lane drawn, but one that changed meanwhile."""
    html: bytes
    tag: str


@router.get("/")
def board(request: Request, asked: Wanted) -> Response:
    """The whole page; only its lanes, where the page itself asks for them. Who comes for the first time today is shown
    first what happened meanwhile."""
    gateway = whole_gateway_of(request)  # as a dependency it would wait for a thread of its own
    if not request.url.query and "hx-request" not in request.headers and opens_first(gateway, who_of(request), request):
        return RedirectResponse("/changes", 303, headers={"cache-control": "no-store"})
    heard_until = f"{gateway.live.life}-{gateway.live.last}"  # before reading, so that nothing falls between
    with reading(gateway.engine):
        wanted, sort = plain_filter(asked), asked.sort
        made = gateway.memory.get(("lanes", sort, wanted.model_dump_json()), partial(drawn, gateway, wanted, sort))
    whole = "hx-request" not in request.headers or "hx-history-restore-request" in request.headers
    if whole:
        told = feeding(gateway) if who_of(request).role.may(Role.ADMIN) else ()
        shell = page(
            request, "board.html", drawn=HERE, choices=made.choices, heard_until=heard_until, feeding=told, sort=sort
        )
        answer = filled(shell, made.html, made.tag)
    else:
        answer = HTMLResponse(made.html, headers={"cache-control": "private, no-cache", "etag": made.tag})
    answer.headers["vary"] = "HX-Request"
    return answer


def feeding(gateway: WholeGateway) -> tuple[tuple[str, str], ...]:
    """How stories come to this gateway, each way with its place or command."""
    settings = gateway.settings
    if gateway.lag is not None:
        return (("Send wire files to the broker:", f"VISITWIRE_BROKER={settings.broker} visitwire feed FILE…"),)
    ways = [("Drop wire files into the watched folder:", str(settings.watched.absolute()))]
    if settings.push_port is not None:
        ways.append(("Push them:", f"POST http://{settings.push_host}:{settings.push_port}/items/PROVIDER"))
    return tuple(ways)


def drawn(gateway: WholeGateway, wanted: VisitFilter, sort: Sort, before: Lanes | None, at: State) -> Lanes:
    """Draws the lanes that are not as they were before, when the state `at` has been read."""
    chosen = choices(gateway, wanted, at)
    if sort == "date":
        found = gateway.stand.of(wanted, at).lanes(LANE)
    else:
        found = lanes(gateway.engine, wanted, LANE, _known(gateway, at, before))
    kept = before.sections if before else {}
    sections = {lane: (kept[lane], True) if lane in kept else _section(gateway, chosen, lane, sort) for lane in found}
    frame = gateway.pages.get_template("lanes.html").render(lanes=found, choices=chosen, sections=HERE)
    head, here, tail = frame.encode().partition(HERE.encode())
    html = b"".join((head, *(section for section, _ in sections.values() if here), tail))
    exactly = {lane: section for lane, (section, exact) in sections.items() if exact}
    return Lanes(at, chosen, found, exactly, html, tag_of(html))


def _known(gateway: WholeGateway, at: State, before: Lanes | None) -> Before | None:
    """What of `before` still holds; None of another life of the read model."""
    if before is None or before.at[0] != at[0]:
        return None
    changed = changed_visits(gateway.engine, before.at[1])
    return None if changed is None else (before.found, changed)


def _section(gateway: WholeGateway, chosen: Choices, lane: Lane, sort: Sort) -> tuple[bytes, bool]:
    """A lane drawn, and whether it is what its rows say."""
    cards, exact = gateway.cards.all(lane.visits)
    template = gateway.pages.get_template("lane.html")
    return template.render(lane=lane, choices=chosen, cards=cards, most=LANE, sort=sort).encode(), exact


@router.get("/board/{lane}")
def more(request: Request, gateway: AtWholeGateway, lane: str, asked: Wanted, cursor: str | None = None) -> Response:
    """The next cards of a lane."""
    if lane not in LANES:
        raise HTTPException(404, f"There is no lane {lane[:40]!r}.")
    wanted, sort = plain_filter(asked), asked.sort
    with reading(gateway.engine):
        if sort == "date":
            rows = gateway.stand.of(wanted).page(cursor, LANE, lane=lane)
        else:
            rows = visits_page(gateway.engine, wanted, cursor, LANE, lane)
        chosen = choices(gateway, wanted)
        cards, _ = gateway.cards.all(rows.rows)
    return page(request, "more.html", cards=cards, next=rows.next, lane=lane, choices=chosen, sort=sort)


@router.get("/list")
def listed(request: Request, gateway: AtWholeGateway, asked: Annotated[ListAsked, Query()]) -> Response:
    """The visits as a table: the soonest first from today on, or the last changed."""
    return kept_page(request, gateway, "list", asked.model_dump_json(), partial(_listed, gateway, asked))


def _listed(gateway: WholeGateway, asked: ListAsked, look: Look) -> dict[str, Any]:
    wanted = plain_filter(asked)
    standing, chosen = gateway.stand.of(wanted, look.now), choices(gateway, wanted, look.now)
    if asked.sort == "date":
        ahead = look.today if wanted.since is None and wanted.until is None else None
        rows = standing.page(asked.cursor, PAGE, ahead_of=ahead)
    else:
        rows = standing.newest(asked.cursor, PAGE)
    drawn, _ = gateway.lines.all(rows.rows, {row.id: row.lane for row in rows.rows})
    hold = {"sort": asked.sort if asked.sort != "date" else ""}
    form = look.blocks.draw("filter", (chosen.state, hold), "filter", chosen, "/list", hold)
    given = {"visits": drawn, "next": rows.next, "choices": chosen, "filter": form, "sort": asked.sort}
    return given | {"title": "List", "path": "/list"}
