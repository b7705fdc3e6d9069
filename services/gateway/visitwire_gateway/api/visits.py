"""Visits, with their history, and the changes of them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import Field
from visitwire_schemas import Alert, ChangeKind, HistoryEntry, LedgerVisit

from visitwire_gateway.api.shapes import NEXT, ON_A_PAGE, PROBLEMS, Cursor, Limit, Since, Until
from visitwire_gateway.dependencies import Asking, AtGateway
from visitwire_gateway.files.columns import of_changes
from visitwire_gateway.files.formats import FILES, Format, Wanted
from visitwire_gateway.files.sheet import answer
from visitwire_gateway.files.visits import visits_file
from visitwire_gateway.files.walk import walked
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.paging import Page
from visitwire_gateway.model.queries import changes_of, changes_page, visit, visits_page
from visitwire_gateway.model.sql_tables import CHANGES
from visitwire_gateway.model.story_queries import between

router = APIRouter(prefix="/api/v1", tags=["visits"], responses=PROBLEMS)


type Key = Annotated[str, Path(description="The visit's id.")]


class VisitsAsked(VisitFilter):
    cursor: str | None = Field(None, max_length=500, description=NEXT)
    limit: int = Field(50, ge=1, le=200, description=ON_A_PAGE)


@router.get("/visits", response_model=Page[LedgerVisit], responses=FILES)
def visits(
    request: Request, gateway: AtGateway, who: Asking, asked: Annotated[VisitsAsked, Query()], wanted: Wanted
) -> Page[LedgerVisit] | Response:
    """Visits as they stand, the last changed first; as JSON in pages, as CSV or Excel all that fit."""
    if wanted is not Format.JSON:
        return visits_file(gateway, gateway.url(request, ""), asked, wanted)
    found = visits_page(gateway.engine, asked, asked.cursor, asked.limit)
    return Page(items=[LedgerVisit.model_validate_json(row.body) for row in found.rows], next=found.next)


def _known(gateway: AtGateway, key: Key) -> LedgerVisit:
    found = visit(gateway.engine, key)
    if found is None:
        raise HTTPException(404, f"There is no visit {key}; nothing may support it any more.")
    return found


@router.get("/visits/{key}")
def one_visit(gateway: AtGateway, who: Asking, response: Response, key: Key) -> LedgerVisit:
    """One visit, with every report and its history. Send its ETag as If-Match when you say something of it by hand."""
    found = _known(gateway, key)
    response.headers["etag"] = f'"{found.revision}"'
    return found


@router.get("/visits/{key}/history")
def history(gateway: AtGateway, who: Asking, key: Key) -> list[HistoryEntry]:
    """The statuses and dates it came to have, and by which report."""
    return list(_known(gateway, key).history)


@router.get("/visits/{key}/changes")
def changes_of_visit(gateway: AtGateway, who: Asking, key: Key) -> list[Alert]:
    """Every change of it that was told, oldest first; also of a visit that is gone."""
    found = changes_of(gateway.engine, key)
    if not found:
        _known(gateway, key)
    return found


@router.get("/changes", response_model=Page[Alert], responses=FILES)
def changes(
    request: Request,
    gateway: AtGateway,
    who: Asking,
    wanted: Wanted,
    kind: Annotated[list[ChangeKind], Query(max_length=20, description="Any of these changes.")] = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Alert] | Response:
    """Every change of every visit, the latest first: what alerts-v1 carries. As CSV or Excel all that fit."""
    conditions = between(CHANGES.c.at, since, until)
    if kind:
        conditions.append(CHANGES.c.kind.in_([one.value for one in kind]))
    if wanted is not Format.JSON:
        rows = walked(partial(changes_page, gateway.engine, conditions))
        told = (Alert.model_validate_json(row.body) for row in rows)
        return answer(of_changes(gateway.url(request, "")), told, wanted, "changes")
    found = changes_page(gateway.engine, conditions, cursor, limit)
    return Page(items=[Alert.model_validate_json(row.body) for row in found.rows], next=found.next)
