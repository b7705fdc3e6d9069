"""How the flow does: stages, wires and their silence, dead letters; and a page about it all."""

from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response
from visitwire_runtime.stage import Unavailable

from visitwire_gateway.api.contract import topics
from visitwire_gateway.api.shapes import LetterHead, made
from visitwire_gateway.dead_letter_replay import NotReplayable, replay
from visitwire_gateway.dependencies import AtGateway, Editor
from visitwire_gateway.model.flow_state import state
from visitwire_gateway.model.queries import letter, letters_page
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(include_in_schema=False)

SHOWN = 30
RAW = 4000
"""Characters of a dead letter's bytes that the page shows."""


@router.get("/system")
def system(request: Request, gateway: AtWholeGateway, cursor: str | None = None) -> Response:
    letters = letters_page(gateway.engine, (), cursor, SHOWN)
    return page(
        request,
        "system.html",
        state=state(gateway.engine, gateway.clock(), gateway.lag),
        letters=[made(LetterHead, row) for row in letters.rows],
        next=letters.next,
        readers=gateway.live.readers,
        cursor=cursor,
        delivers=gateway.ledger.delivers(gateway.clock()) if gateway.ledger else None,
        replayable=gateway.outward is not None,
        lag=gateway.lag is not None,
        pause=pause,
    )


def pause(length: timedelta) -> str:
    """ "40 s", "12 min", "3 h", "2 days"."""
    seconds = round(length.total_seconds())
    for size, unit, most in ((1, "s", 120), (60, "min", 7200), (3600, "h", 48 * 3600)):
        if seconds < most:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds / 86400)} days"


@router.get("/system/dead-letters/{key}")
def dead_letter(request: Request, gateway: AtGateway, who: Editor, key: str, notice: str = "") -> Response:
    found = letter(gateway.engine, key)
    if found is None:
        raise HTTPException(404, "There is no such dead letter.")
    raw = found.raw.decode("utf-8", "replace")[:RAW] if found.raw is not None else None
    return page(request, "letter.html", letter=found, raw=raw, notice=notice)


@router.post("/system/dead-letters/{key}/replay")
def again(request: Request, gateway: AtGateway, who: Editor, key: str) -> Response:
    found = letter(gateway.engine, key)
    if found is None:
        raise HTTPException(404, "There is no such dead letter.")
    try:
        replay(gateway, who, found)
    except (NotReplayable, Unavailable) as why:
        return dead_letter(request, gateway, who, key, notice=str(why))
    return RedirectResponse("/system", 303)


@router.get("/about")
def about(request: Request, gateway: AtGateway) -> Response:
    paths = request.app.openapi()["paths"]
    routes = [
        (method.upper(), path, str(one.get("description") or one.get("summary") or "").partition("\n")[0])
        for path, methods in paths.items()
        for method, one in methods.items()
    ]
    return page(request, "about.html", routes=routes, topics=topics().values(), base=gateway.url(request, ""))
