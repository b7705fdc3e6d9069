"""What calendars and feed readers subscribe to; an API key may stand in the address, because they send no header."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import Response

from visitwire_gateway.api.shapes import PROBLEMS
from visitwire_gateway.atom import feed
from visitwire_gateway.calendars import Which
from visitwire_gateway.dependencies import Asking, AtGateway, Gateway
from visitwire_gateway.files.formats import XLSX, Format
from visitwire_gateway.files.visits import visits_file
from visitwire_gateway.ics import CalendarHead, calendar
from visitwire_gateway.model.filters import Flag, Text, VisitFilter, plain_filter
from visitwire_gateway.model.latest_changes import latest
from visitwire_gateway.model.queries import visit
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(tags=["feeds"], responses=PROBLEMS)


class CalendarFileAsked(VisitFilter):
    id: Text = Field(None, description="Only this visit.")
    vague: Flag = Field(None, description="Also visits known to the month, quarter or year only.")
    precise: Flag = Field(None, description="The contrary of `vague`, as older releases called it.")
    past: int | None = Field(None, ge=0, le=3660, description="Days after its end for which a visit stays.")
    key: Text = Field(None, description="An API key.")

    @property
    def which(self) -> Which:
        exact = not self.vague if self.vague is not None else self.precise is not False
        return Which(plain_filter(self).model_dump_json(by_alias=True), exact, self.past)


class FeedAsked(VisitFilter):
    key: Text = Field(None, description="An API key.")


@router.get(
    "/visits.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def visits_ics(
    request: Request, gateway: AtWholeGateway, who: Asking, asked: Annotated[CalendarFileAsked, Query()]
) -> Response:
    """The dated visits that fit as an iCalendar; of those known to the month or less, only if asked for."""
    told = CalendarHead(gateway.url(request, "/"), _source(request, gateway))
    if asked.id is not None:
        found = visit(gateway.engine, asked.id)
        if found is None:
            raise HTTPException(404, f"There is no visit {asked.id}.")
        made = calendar([found], told)
    else:
        made = gateway.calendars.of(asked.which, told, gateway.clock().date())
    name = {"content-disposition": 'inline; filename="visits.ics"'}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=name)


@router.get("/visits.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def visits_csv(request: Request, gateway: AtGateway, who: Asking, asked: Annotated[FeedAsked, Query()]) -> Response:
    """The visits that fit as CSV, the soonest first: days and times as ISO 8601 writes them, times in UTC."""
    return visits_file(gateway, gateway.url(request, ""), asked, Format.CSV)


@router.get("/visits.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def visits_xlsx(request: Request, gateway: AtGateway, who: Asking, asked: Annotated[FeedAsked, Query()]) -> Response:
    """The same as an Excel workbook."""
    return visits_file(gateway, gateway.url(request, ""), asked, Format.XLSX)


@router.get(
    "/visits.atom",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {"schema": {"type": "string"}}}}},
)
def visits_atom(request: Request, gateway: AtGateway, who: Asking, asked: Annotated[FeedAsked, Query()]) -> Response:
    """The latest changes of the visits that fit as an Atom feed."""
    alerts = latest(gateway.engine, asked)
    made = feed(alerts, gateway.url(request, "/"), _source(request, gateway), gateway.clock())
    return Response(made, media_type="application/atom+xml; charset=utf-8")


def _source(request: Request, gateway: Gateway) -> str:
    """The feed's own address, without the key."""
    query = request.url.remove_query_params("key").query
    return gateway.url(request, request.url.path) + (f"?{query}" if query else "")
