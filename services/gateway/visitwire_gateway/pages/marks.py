"""Marks on a visit, set by the buttons on its page and on the page of changes."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Asking, AtGateway, Gateway
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.user_changes import LONGEST_NOTE, NOTHING, give, known, marking, noted, reader

router = APIRouter(include_in_schema=False)


@router.post("/visits/{key}/mark")
def mark(
    request: Request,
    gateway: AtGateway,
    who: Asking,
    key: str,
    act: Annotated[str, Form(max_length=20)],
    revision: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    assigned: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """The marks as they are then, to be put in their place; without scripts the page they were set on."""
    known(gateway, key)
    acts = _acts(gateway, reader(who), key, revision)
    if act in acts:
        acts[act]()
    elif act == "note":
        noted(gateway, who, key, note)
    elif act == "assign":
        give(gateway, who, key, assigned or None)
    else:
        raise HTTPException(422, f"act: {act!r} is unknown; use one of {', '.join([*acts, 'note', 'assign'])}.")
    if "hx-request" not in request.headers:
        return RedirectResponse(back if back.startswith("/") and not back.startswith("//") else _page_of(key), 303)
    seen = gateway.marks.of(who, [key]).get(key, NOTHING)
    return page(request, "marked.html", id=key, revision=revision, seen=seen, back=back, **marking(gateway, who))


def _acts(gateway: Gateway, who: Who, key: str, revision: int) -> dict[str, Callable[[], None]]:
    marks = gateway.marks
    return {
        "read": lambda: marks.read(who, key, revision),
        "unread": lambda: marks.read(who, key, None),
        "star": lambda: marks.star(who, key, True),
        "unstar": lambda: marks.star(who, key, False),
        "follow": lambda: marks.follow(who, key, True),
        "unfollow": lambda: marks.follow(who, key, False),
        "acknowledge": lambda: marks.acknowledge(who, key, revision),
        "unacknowledge": lambda: marks.acknowledge(who, key, None),
    }


def _page_of(key: str) -> str:
    return f"/visits/{quote(key, safe='')}"
