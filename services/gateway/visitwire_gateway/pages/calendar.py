"""The calendar: a month as a grid and as an agenda."""

from datetime import date, timedelta
from functools import partial
from itertools import islice, takewhile
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse

from visitwire_gateway.clashes import Clashes
from visitwire_gateway.diary import Diary
from visitwire_gateway.model.filters import CalendarDay, Month, VisitFilter, plain_filter
from visitwire_gateway.model.standing import Standing
from visitwire_gateway.month import Stay
from visitwire_gateway.pages.cached_page import Kept, Look, kept_page
from visitwire_gateway.pages.calendar_parts import Drawing, Schedule
from visitwire_gateway.pages.filter_options import choices
from visitwire_gateway.whole_gateway import AtWholeGateway, WholeGateway

router = APIRouter(include_in_schema=False)

CAPITALS = 12
"""Busy ones that are named."""
BESIDE = 60
"""Visits that a phone lists below the month."""
SCHEDULE = 150
"""Visits on a page of the agenda, which goes on after them."""


class CalendarAsked(VisitFilter):
    month: Month = Field(None, description="As 2026-03; else that of today or of the next visit.")
    view: Literal["month", "agenda"] = "month"
    day: CalendarDay = Field(None, description="The agenda goes on from this day.")


@router.get("/calendar")
def calendar_page(request: Request, gateway: AtWholeGateway, asked: Annotated[CalendarAsked, Query()]) -> HTMLResponse:
    return kept_page(request, gateway, "calendar", asked.model_dump_json(), partial(_drawn, gateway, asked))


def _drawn(gateway: WholeGateway, asked: CalendarAsked, look: Look) -> dict[str, Any]:
    wanted, today, kept = plain_filter(asked), look.today, look.kept
    standing = gateway.stand.of(wanted, look.now)
    given = asked.day.replace(day=1) if asked.day else asked.month
    first = given or _opening_month(standing, today)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    grid = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    diary = _diary(kept, *grid)
    diary.show(standing, gateway.dated.of)
    if asked.view == "agenda":
        begin = asked.day or (today if not asked.month and first <= today else first)
        schedule = _schedule(gateway, standing, begin)
        told: Clashes = kept.setdefault("clashes", Clashes())
        clashing = told.show(stay for _, here in schedule.days for stay in here)
    else:
        begin, schedule = first, _beside(diary, first, last)
        clashing = diary.clashes
    chosen = choices(gateway, wanted, look.now)
    drawing = Drawing(look.blocks, gateway.fragments, clashing, today, first)
    return {
        "title": f"{first:%B %Y}",
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after,
        "today": today,
        "begin": begin,
        "filter": drawing.filter(chosen, asked.view),
        "maybe": drawing.maybe(diary.vague(first, last), chosen, last),
        "weeks": drawing.weeks(diary, chosen) if asked.view == "month" else "",
        "days": drawing.days(schedule),
        "schedule": schedule,
        "clashes": drawing.clashes(),
        "busy": drawing.busy(diary.busy(first, last, CAPITALS)),
        "view": asked.view,
        "choices": chosen,
    }


def _diary(kept: Kept, first: date, last: date) -> Diary:
    """That of these weeks, as it was left."""
    if kept.get("first") != first:
        kept |= {"first": first, "diary": Diary(first, last)}
    diary: Diary = kept["diary"]
    return diary


def _opening_month(standing: Standing, today: date) -> date:
    """This month, where something is on or comes yet in it; else that of the next visit; this month if none comes."""
    month = today.replace(day=1)
    coming = next((row.day for row in standing.begins(today) if row.exact), None)
    if coming is None or date.fromisoformat(coming).replace(day=1) == month:
        return month
    first = next(standing.exactly_ahead(today)).day  # there is one: that which comes, or one that is on
    return max(month, date.fromisoformat(first).replace(day=1))


def _schedule(gateway: WholeGateway, standing: Standing, begin: date) -> Schedule:
    """The agenda from a day on. A page ends with a whole day, or with as many of one day as it takes."""
    found = gateway.dated.of(list(islice(standing.exactly_ahead(begin), SCHEDULE + 1)))
    if len(found) <= SCHEDULE:
        return Schedule(_by_day(found, begin), None)
    cut = max(found[-1].first, begin)
    whole = [stay for stay in found if max(stay.first, begin) < cut]
    if whole:
        return Schedule(_by_day(whole, begin), cut)
    end = begin.isoformat()
    rest = sum(1 for _ in takewhile(lambda row: row.day <= end, standing.exactly_ahead(begin))) - SCHEDULE
    return Schedule(_by_day(found[:SCHEDULE], begin), begin + timedelta(days=1), max(1, rest))


def _beside(diary: Diary, first: date, last: date) -> Schedule:
    """What a phone lists below the month."""
    mine = list(islice(diary.certain(first, last), BESIDE + 1))
    return Schedule(_by_day(mine[:BESIDE], first), first if mine[BESIDE:] else None)


def _by_day(found: list[Stay], first: date) -> list[tuple[date, list[Stay]]]:
    """The days on which something begins, or goes on as the first begins."""
    by_day: dict[date, list[Stay]] = {}
    for stay in found:
        by_day.setdefault(max(stay.first, first), []).append(stay)
    return sorted(by_day.items())
