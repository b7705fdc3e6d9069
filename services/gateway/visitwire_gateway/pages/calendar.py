"""The calendar: a month as a grid and as an agenda."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse

from visitwire_gateway.dependencies import AtDesk, Desk
from visitwire_gateway.model.filters import Day, VisitFilter, plain_filter
from visitwire_gateway.model.queries import visits_between
from visitwire_gateway.month import Clash, Stay, busy, clashes, guests, weeks
from visitwire_gateway.pages.cached_page import kept_page
from visitwire_gateway.pages.filter_options import choices

router = APIRouter(include_in_schema=False)

MOST = 1500


MAYBE = 12
"""Visits that may fall in a month which are named; the rest is a number."""
BESIDE = 60
"""Visits that a phone lists below the month."""
SCHEDULE = 150
"""Visits on a page of the agenda, which goes on after them."""


class CalendarAsked(VisitFilter):
    month: str = ""
    view: Literal["month", "agenda"] = "month"
    day: Day = Field(None, description="The agenda goes on from this day.")


@dataclass(frozen=True)
class Schedule:
    """A part of the agenda, which has no end but the last visit."""

    days: list[tuple[date, list[Stay]]]
    later: date | None
    """Where it goes on; None where nothing comes after it."""
    more: int = 0
    """Visits that found no room."""


@router.get("/calendar")
def calendar_page(request: Request, desk: AtDesk, asked: Annotated[CalendarAsked, Query()]) -> HTMLResponse:
    return kept_page(request, desk, "calendar", asked.model_dump_json(), partial(_drawn, desk, asked))


def _drawn(desk: Desk, asked: CalendarAsked, today: date) -> dict[str, Any]:
    given = (asked.day.replace(day=1) if asked.day else None) or _month(asked.month)
    first = given or _opening_month(desk, asked, today)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    grid = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    rows = visits_between(desk.engine, asked, *grid, MOST)
    known = desk.dated.of(rows)
    wanted = plain_filter(asked)
    if asked.view == "agenda":
        begin = asked.day or (today if not asked.month and first <= today else first)
        schedule = _schedule(desk, wanted, begin)
        clashing = clashes([stay for _, here in schedule.days for stay in here])
    else:
        begin, schedule = first, _beside(known, first, last)
        clashing = clashes(known)
    vague = [stay for stay in known if stay.vague and stay.first <= last and stay.last >= first]
    return {
        "title": f"{first:%B %Y}",
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after,
        "last": last,
        "today": today,
        "begin": begin,
        "weeks": weeks(first.year, first.month, known),
        "vague": vague[:MAYBE],
        "vague_more": len(vague[MAYBE:]),
        "schedule": schedule,
        "clashes": clashing,
        "clashing": _by_visit(clashing),
        "guests": guests(known, *grid),
        "busy": busy(known, first, last),
        "view": asked.view,
        "choices": choices(desk, wanted),
    }


def _by_visit(found: list[Clash]) -> dict[str, str]:
    """What clashes, in words, by the id of either visit."""
    words: dict[str, dict[str, None]] = {}
    for clash in found:
        for stay in (clash.one, clash.other):
            words.setdefault(stay.visit.id, {})[clash.words] = None
    return {visit: "; ".join(all_of_it) for visit, all_of_it in words.items()}


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", text) else None


def _opening_month(desk: Desk, asked: VisitFilter, today: date) -> date:
    """This month, where something is on or comes yet in it; else that of the next visit; this month if none comes."""
    month = today.replace(day=1)
    rows = visits_between(desk.engine, plain_filter(asked), today, None, 1, exact=True)
    return max(month, date.fromisoformat(rows[0].first_day).replace(day=1)) if rows else month


def _schedule(desk: Desk, wanted: VisitFilter, begin: date) -> Schedule:
    """The agenda from a day on. A page ends with a whole day, or with as many of one day as it takes."""
    rows = visits_between(desk.engine, wanted, begin, None, SCHEDULE + 1, exact=True)
    found = desk.dated.of(rows)
    if len(found) <= SCHEDULE:
        return Schedule(_by_day(found, begin), None)
    cut = max(found[-1].first, begin)
    whole = [stay for stay in found if max(stay.first, begin) < cut]
    if whole:
        return Schedule(_by_day(whole, begin), cut)
    rest = len(visits_between(desk.engine, wanted, begin, begin, MOST, exact=True)) - SCHEDULE
    return Schedule(_by_day(found[:SCHEDULE], begin), begin + timedelta(days=1), max(1, rest))


def _beside(known: list[Stay], first: date, last: date) -> Schedule:
    """What a phone lists below the month."""
    mine = [stay for stay in known if not stay.vague and stay.first <= last and stay.last >= first]
    return Schedule(_by_day(mine[:BESIDE], first), first if mine[BESIDE:] else None)


def _by_day(found: list[Stay], first: date) -> list[tuple[date, list[Stay]]]:
    """The days on which something begins, or goes on as the first begins."""
    by_day: dict[date, list[Stay]] = {}
    for stay in found:
        by_day.setdefault(max(stay.first, first), []).append(stay)
    return sorted(by_day.items())
