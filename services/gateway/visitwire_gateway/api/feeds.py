"""What calendars and feed readers subscribe to; an API key may stand in the address, because they send no header."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field
from sqlalchemy import Engine
from starlette.responses import Response
from visitwire_schemas import Alert

from visitwire_gateway.api.shapes import PROBLEMS
from visitwire_gateway.atom import feed
from visitwire_gateway.desk import Asking, AtDesk, Desk
from visitwire_gateway.ics import calendar
from visitwire_gateway.model.filters import Text, VisitFilter, plain_filter
from visitwire_gateway.model.projection import visit_values
from visitwire_gateway.model.queries import changes_page, visit
from visitwire_gateway.model.reading import reading

router = APIRouter(tags=["feeds"], responses=PROBLEMS)

ENTRIES = 100
LOOKED_AT = 3000
"""Changes that are looked through for the entries of a narrow feed."""


class CalendarAsked(VisitFilter):
    id: Text = Field(None, description="Only this visit.")
    precise: Annotated[bool, Field(description="Only visits known to the day.")] = False
    key: Text = Field(None, description="An API key.")


class FeedAsked(VisitFilter):
    key: Text = Field(None, description="An API key.")


@router.get(
    "/visits.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def visits_ics(request: Request, desk: AtDesk, who: Asking, asked: Annotated[CalendarAsked, Query()]) -> Response:
    """The dated visits that fit as an iCalendar; those known to the month, quarter or year only are tentative."""
    if asked.id is not None:
        found = visit(desk.engine, asked.id)
        if found is None:
            raise HTTPException(404, f"There is no visit {asked.id}.")
        made = calendar([found], desk.url(request, "/"), _source(request, desk))
    else:
        today, board, source = desk.clock().date(), desk.url(request, "/"), _source(request, desk)
        made = desk.calendars.of(plain_filter(asked), asked.precise, today, board, source)
    name = {"content-disposition": 'inline; filename="visits.ics"'}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=name)


@router.get(
    "/visits.atom",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {"schema": {"type": "string"}}}}},
)
def visits_atom(request: Request, desk: AtDesk, who: Asking, asked: Annotated[FeedAsked, Query()]) -> Response:
    """The latest changes of the visits that fit as an Atom feed."""
    alerts = _latest(desk.engine, asked)
    made = feed(alerts, desk.url(request, "/"), _source(request, desk), desk.clock())
    return Response(made, media_type="application/atom+xml; charset=utf-8")


def _latest(engine: Engine, asked: VisitFilter) -> list[Alert]:
    found: list[Alert] = []
    cursor, seen = None, 0
    with reading(engine):
        while len(found) < ENTRIES and seen < LOOKED_AT:
            rows = changes_page(engine, [], cursor, 200)
            alerts = [Alert.model_validate_json(row.body) for row in rows.rows]
            found += [alert for alert in alerts if asked.matches(visit_values(alert.data.visit))]
            cursor, seen = rows.next, seen + len(rows.rows)
            if cursor is None:
                break
    return found[:ENTRIES]


def _source(request: Request, desk: Desk) -> str:
    """The feed's own address, without the key."""
    query = request.url.remove_query_params("key").query
    return desk.url(request, request.url.path) + (f"?{query}" if query else "")
