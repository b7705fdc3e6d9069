"""The calendar: a month as a grid and as an agenda."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse
from visitwire_schemas import LedgerVisit

from visitwire_gateway.desk import AtDesk, Desk
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import visits_between
from visitwire_gateway.month import Clash, Stay, busy, clashes, guests, stays, weeks
from visitwire_gateway.pages.choices import choices
from visitwire_gateway.pages.plain import page

router = APIRouter(include_in_schema=False)

MOST = 1500


class CalendarAsked(VisitFilter):
    month: str = ""
    view: Literal["month", "agenda"] = "month"


@router.get("/calendar")
def calendar_page(request: Request, desk: AtDesk, asked: Annotated[CalendarAsked, Query()]) -> HTMLResponse:
    first = _month(asked.month) or _latest_month(desk)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    grid = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    rows = visits_between(desk.engine, asked, *grid, MOST)
    known = stays(LedgerVisit.model_validate_json(row.body) for row in rows)
    clashing = clashes(known)
    wanted = VisitFilter.model_validate(asked.model_dump(by_alias=True))
    return page(
        request,
        "calendar.html",
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        today=desk.clock().date(),
        weeks=weeks(first.year, first.month, known),
        vague=[stay for stay in known if stay.vague and stay.first <= last and stay.last >= first],
        agenda=_agenda(known, first, last),
        clashes=clashing,
        clashing=_by_visit(clashing),
        guests=guests(known, *grid),
        busy=busy(known, first, last),
        view=asked.view,
        choices=choices(desk, wanted),
    )


def _by_visit(found: list[Clash]) -> dict[str, str]:
    """What clashes, in words, by the id of either visit."""
    words: dict[str, dict[str, None]] = {}
    for clash in found:
        for stay in (clash.one, clash.other):
            words.setdefault(stay.visit.id, {})[clash.words] = None
    return {visit: "; ".join(all_of_it) for visit, all_of_it in words.items()}


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", text) else None


def _latest_month(desk: Desk) -> date:
    """This month; where nothing touches it, that of the latest dated visit, so that nobody looks at an empty page."""
    today = desk.clock().date().replace(day=1)
    everything = VisitFilter(background=False)
    dated = [row for row in visits_between(desk.engine, everything, None, None, MOST) if row.precision == "day"]
    if any(row.first_day[:7] <= today.isoformat()[:7] <= row.last_day[:7] for row in dated):
        return today
    return date.fromisoformat(max(row.first_day for row in dated)).replace(day=1) if dated else today


def _agenda(known: list[Stay], first: date, last: date) -> list[tuple[date, list[Stay]]]:
    """The days on which something begins, or goes on as the month begins."""
    by_day: dict[date, list[Stay]] = {}
    for stay in known:
        if not stay.vague and stay.first <= last and stay.last >= first:
            by_day.setdefault(max(stay.first, first), []).append(stay)
    return sorted(by_day.items())
