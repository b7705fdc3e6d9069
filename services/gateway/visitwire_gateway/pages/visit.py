"""A visit's page: its course on a line of time, each report with its sentence, what each revision changed, and what
else touches it: clashes, other visits of the same person, other visitors there on its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import select
from starlette.responses import HTMLResponse
from visitwire_alerting.service import Silence, written
from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import DESK, Hand, HistoryEntry, LedgerVisit, Report, VisitStatus

from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.clashes import Clash, clashes
from visitwire_gateway.dependencies import Asking, Gateway, tenant
from visitwire_gateway.differences import differences
from visitwire_gateway.marks.since import today
from visitwire_gateway.model.ageing import GRACE
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import changes_of, visit, visits_between
from visitwire_gateway.model.sql_tables import VISITS
from visitwire_gateway.month import Stay, stays
from visitwire_gateway.pages.filter_description import offered
from visitwire_gateway.pages.rendering import page
from visitwire_gateway.user_changes import NOTHING, marking
from visitwire_gateway.whole_gateway import AtWholeGateway, WholeGateway
from visitwire_gateway.wording import summary

router = APIRouter(include_in_schema=False)

AHEAD = set(VisitStatus) - {VisitStatus.CONCLUDED, VisitStatus.CANCELLED, VisitStatus.POSTPONED}
MOST = 500
"""Visits on the same days that are looked at."""
SHOWN = 8
"""Other visits of the same person."""


@dataclass(frozen=True)
class Moment:
    """A report, or a word of the desk, on the line of time, and the turns of the visit that it brought."""

    at: datetime
    report: Report | None
    turns: tuple[HistoryEntry, ...]
    copies: tuple[str, ...] = ()
    """Other wires whose report of this visit carries the same text."""
    hand: Hand | None = None


def course(visit: LedgerVisit) -> list[Moment]:
    """By time of publication. A turn belongs to the report that brought it, or to the last one before it."""
    moments = [(report, [entry for entry in visit.history if _brought(entry, report)]) for report in visit.reports]
    told = [Moment(report.published, report, tuple(turns), _copies(report, visit.reports)) for report, turns in moments]
    said = [Moment(hand.at, None, _turns(visit, hand), hand=hand) for hand in visit.hands]
    return sorted([*told, *said], key=lambda moment: moment.at)


def _turns(visit: LedgerVisit, hand: Hand) -> tuple[HistoryEntry, ...]:
    return tuple(entry for entry in visit.history if (entry.provider, entry.uri) == (DESK, hand.id))


def _copies(report: Report, reports: tuple[Report, ...]) -> tuple[str, ...]:
    if report.same_as is None:
        return ()
    return tuple(
        sorted({one.provider for one in reports if one.same_as == report.same_as and one.provider != report.provider})
    )


def ahead(stay: Stay, today: date) -> str:
    """How far off its days are, in words; or that they passed without a word of its end."""
    if stay.first > today:
        days = (stay.first - today).days
        words = "tomorrow" if days == 1 else f"in {days} days"
        return f"{words} at the earliest" if stay.vague else words
    if stay.last >= today:
        return "may be at any time now" if stay.vague else "today" if stay.first == stay.last else "now"
    return "passed, and no wire told of its end" if today - stay.last <= GRACE else "over, not reported"


@dataclass(frozen=True)
class Beside:
    """What else touches a visit."""

    clashes: tuple[tuple[Clash, Stay], ...]
    """Each with the other visit."""
    there: tuple[Stay, ...]
    """Other visitors to the country on its days."""
    same: tuple[LedgerVisit, ...]
    """Other visits of the same person, the last changed first."""


def beside(gateway: WholeGateway, shown: LedgerVisit) -> Beside:
    mine = next(iter(stays([shown])), None)
    if mine is None or mine.vague or mine.off:
        return Beside((), (), _same(gateway, shown))
    rows = visits_between(gateway.engine, VisitFilter(), mine.first, mine.last, MOST)
    known = sorted([mine, *(one for one in gateway.dated.of(rows) if one.visit.id != shown.id)], key=Stay.order)
    found = [
        (clash, clash.other if clash.one.visit.id == shown.id else clash.one)
        for clash in clashes(known)
        if shown.id in (clash.one.visit.id, clash.other.visit.id)
    ]
    country = shown.destination.country
    there = [
        stay
        for stay in known
        if country
        and stay.visit.id != shown.id
        and stay.visit.destination.country == country
        and not (stay.vague or stay.off)
    ]
    return Beside(tuple(found), tuple(there), _same(gateway, shown))


def _same(gateway: Gateway, shown: LedgerVisit) -> tuple[LedgerVisit, ...]:
    name = shown.visitor.name
    if not name:
        return ()
    asked = (
        select(VISITS.c.body)
        .where(VISITS.c.who.contains(name.casefold(), autoescape=True), VISITS.c.id != shown.id)
        .order_by(VISITS.c.updated.desc())
        .limit(SHOWN)
    )
    with gateway.engine.connect() as connection:
        found = [LedgerVisit.model_validate_json(body) for body in connection.scalars(asked)]
    return tuple(one for one in found if one.visitor.country in (None, shown.visitor.country))


def _brought(entry: HistoryEntry, report: Report) -> bool:
    return (entry.story, entry.at) == (report.story, report.published)


@router.get("/visits/{key}")
def visit_page(request: Request, gateway: AtWholeGateway, who: Asking, key: str) -> HTMLResponse:
    return shown_page(request, gateway, who, key)


def shown_page(
    request: Request, gateway: WholeGateway, who: Who, key: str, form: Mapping[str, str] | None = None, notice: str = ""
) -> HTMLResponse:
    """The page; with a form that was sent and could not be taken, and why."""
    heard_until = f"{gateway.live.life}-{gateway.live.last}"  # before reading, so that nothing falls between
    found, alerts = visit(gateway.engine, key), changes_of(gateway.engine, key)
    if found is None and not alerts:
        raise HTTPException(404, "There is no such visit; its stories may have been taken back.")
    shown = found or alerts[-1].data.visit
    mine = next(iter(stays([shown])), None)
    ahead_of_it = shown.status in AHEAD and mine is not None and found is not None
    revisions = [(alert, differences(alert.data.change.before, alert.data.visit)) for alert in reversed(alerts)]
    return page(
        request,
        "visit.html",
        422 if notice else 200,
        visit=shown,
        heard_until=heard_until,
        silences=_silences(gateway, who, key),
        said=gateway.ledger.said_of(key, [hand.id for hand in shown.hands]) if gateway.ledger is not None else [],
        form=written(shown) | {"note": "", "other": ""} | dict(form or {}),
        notice=notice,
        statuses=tuple(VisitStatus),
        countries=offered(),
        silenceable=gateway.ledger is not None and who.role.may(Role.EDITOR) and found is not None,
        gone=found is None,
        taken_back=alerts[-1].data.change.taken_back if alerts and found is None else None,
        course=course(shown),
        due=ahead(mine, today(request, gateway.clock())) if ahead_of_it and mine else "",
        beside=beside(gateway, shown),
        revisions=revisions,
        summary=summary(shown, country_name(shown.destination.country)),
        seen=gateway.marks.of(who, [key]).get(key, NOTHING),
        **marking(gateway, who),
    )


def _silences(gateway: Gateway, who: Who, key: str) -> list[Silence]:
    """Those of the tenant's subscriptions that are told nothing of this visit just now."""
    if gateway.ledger is None:
        return []
    return [one for one in tenant(gateway, gateway.ledger, who).silences() if one.visit == key]
