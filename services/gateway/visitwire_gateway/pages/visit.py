"""A visit's page: its course on a line of time, each report with its sentence, and what each revision changed."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse
from visitwire_alerting.silence import Silence
from visitwire_schemas import HistoryEntry, LedgerVisit, Report

from visitwire_gateway.desk import Asking, AtDesk, Desk
from visitwire_gateway.differences import differences
from visitwire_gateway.doors.people import Role, Who
from visitwire_gateway.model.queries import changes_of, visit
from visitwire_gateway.pages.plain import page
from visitwire_gateway.places import country_name
from visitwire_gateway.words import summary

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Moment:
    """A report on the line of time, and the turns of the visit that it brought."""

    at: datetime
    report: Report
    turns: tuple[HistoryEntry, ...]


def course(visit: LedgerVisit) -> list[Moment]:
    """By time of publication. A turn belongs to the report that brought it, or to the last one before it."""
    moments = [(report, [entry for entry in visit.history if _brought(entry, report)]) for report in visit.reports]
    return [Moment(report.published, report, tuple(turns)) for report, turns in moments]


def _brought(entry: HistoryEntry, report: Report) -> bool:
    return (entry.provider, entry.uri, entry.at) == (report.provider, report.uri, report.published)


@router.get("/visits/{key}")
def visit_page(request: Request, desk: AtDesk, who: Asking, key: str) -> HTMLResponse:
    place = f"{desk.live.life}-{desk.live.last}"  # before reading, so that nothing falls between
    found, alerts = visit(desk.engine, key), changes_of(desk.engine, key)
    if found is None and not alerts:
        raise HTTPException(404, "There is no such visit; its stories may have been taken back.")
    shown = found or alerts[-1].data.visit
    revisions = [(alert, differences(alert.data.change.before, alert.data.visit)) for alert in reversed(alerts)]
    return page(
        request,
        "visit.html",
        visit=shown,
        place=place,
        silences=_silences(desk, who, key),
        silenceable=desk.ledger is not None and who.role.may(Role.EDITOR) and found is not None,
        gone=found is None,
        course=course(shown),
        revisions=revisions,
        summary=summary(shown, country_name(shown.destination.country)),
    )


def _silences(desk: Desk, who: Who, key: str) -> list[Silence]:
    """Those of the tenant's subscriptions that are told nothing of this visit just now."""
    if desk.ledger is None:
        return []
    return [one for one in desk.ledger.silences(who.tenant, desk.clock()) if one.visit == key]
