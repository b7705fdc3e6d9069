"""What changed since somebody was here: a visit a row, grouped as a digest groups it, and what they keep in mind."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response
from visitwire_schemas import LedgerVisit
from visitwire_schemas.day_range import days

from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Asking, AtGateway
from visitwire_gateway.fragments import Fragments
from visitwire_gateway.marks.seen import VisitMarks
from visitwire_gateway.marks.since import ReadUpTo, Since, zone_of
from visitwire_gateway.model.filters import plain_filter
from visitwire_gateway.model.queries import bodies
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.pages.filter_options import choices
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.user_changes import (
    ChangesAsked,
    MarkedChange,
    Show,
    marking,
    place_of,
    reader,
    rows_of,
    since_asked,
)
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(include_in_schema=False)

SHOWN = 200
"""Rows before "all of them"."""
PERIODS = (("yesterday", "yesterday 18:00"), ("12h", "12 hours"), ("24h", "24 hours"), ("7d", "7 days"))
SHOWS: tuple[tuple[Show, str], ...] = (
    ("all", "All"),
    ("unread", "Unread"),
    ("followed", "Followed"),
    ("starred", "Starred"),
    ("mine", "Mine"),
)


@router.get("/changes")
def changes_page(
    request: Request, gateway: AtWholeGateway, who: Asking, asked: Annotated[ChangesAsked, Query()]
) -> HTMLResponse:
    heard_until = f"{gateway.live.life}-{gateway.live.last}"  # before reading, so that nothing falls between
    if who.reader is not None:
        gateway.marks.came(who, zone_of(request))
    wanted = plain_filter(asked)
    with reading(gateway.engine):
        since = since_asked(gateway, who, request, asked.after)
        rows = rows_of(gateway, gateway.told, who, since, wanted, old=asked.old)
        chosen, may = choices(gateway, wanted), marking(gateway, who)
    fitting = rows.count(asked.show)
    hold = {"after": asked.after, "show": asked.show if asked.show != "all" else "", "old": "true" * asked.old}

    def address(**other: str) -> str:
        """This page with something else asked of it."""
        return "/changes?" + chosen.also(**{name: value for name, value in (hold | other).items() if value})

    return page(
        request,
        "changes.html",
        rows=rows,
        groups=rows.groups(asked.show, None if asked.all else SHOWN),
        hidden=0 if asked.all else max(0, fitting - SHOWN),
        shows=SHOWS if who.reader is not None else (),
        since=_time(since),
        marked=isinstance(since, ReadUpTo),
        periods=PERIODS,
        hold=hold,
        address=address,
        asked=asked,
        heard_until=heard_until,
        choices=chosen,
        filter=gateway.fragments.draw("filter", (chosen.state, "/changes", *hold.items()), chosen, "/changes", hold),
        happened=partial(_happened, gateway.fragments),
        marks_of=partial(_marked, gateway.fragments, who, may["desk_names"], address()),
        **may,
    )


def _happened(drawn: Fragments, row: MarkedChange) -> Markup:
    return drawn.draw("happened", row.item.state, row)


def _marked(drawn: Fragments, who: Who, desk_names: Sequence[str], back: str, row: MarkedChange) -> Markup:
    id, revision = row.item.visit.id, row.item.revision
    shown = id, revision, row.seen, who.name, who.csrf, tuple(desk_names), back
    return drawn.draw("marked", shown, id, revision, row.seen, who, desk_names, back)


def _time(since: Since) -> datetime:
    return since if isinstance(since, datetime) else since.until


@router.post("/changes/read")
def all_read(
    gateway: AtGateway,
    who: Asking,
    upto: Annotated[str, Form(max_length=60)],
    until: Annotated[str, Form(max_length=40)],
) -> Response:
    """Everything that a page showed is read."""
    gateway.marks.move(reader(who), place_of(gateway, upto, until))
    return RedirectResponse("/changes", 303)


@router.get("/mine")
def mine(request: Request, gateway: AtGateway, who: Asking) -> HTMLResponse:
    """What somebody keeps in mind, whether it changed or not."""
    kept = gateway.marks.kept(reader(who))
    found = {row.id: LedgerVisit.model_validate_json(row.body) for row in bodies(gateway.engine, list(kept))}
    shown = [(found[id], seen) for id, seen in kept.items() if id in found]
    shown.sort(key=_theirs_first)
    gone = [id for id in kept if id not in found]
    return page(request, "mine.html", shown=shown, gone=gone, **marking(gateway, who))


def _theirs_first(pair: tuple[LedgerVisit, VisitMarks]) -> tuple[bool, date, str]:
    """What they have to see to, then by day."""
    known = days(pair[0].dates)
    return not pair[1].mine, known[0] if known else date.max, pair[0].id
