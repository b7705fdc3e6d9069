"""Looks back at the ledger: visits as they stand or last stood, and what was told of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from sqlalchemy import Connection, select
from visitwire_schemas import Alert, LedgerVisit

from visitwire_alerting.storage.ledger_tables import alerts, visits

AT_ONCE = 500
"""Visits asked for with one question."""


@dataclass(frozen=True)
class VisitQuery:
    """Which visits to list: each that is given must hold."""

    visitor_country: str | None = None
    destination: str | None = None
    status: str | None = None
    since: datetime | None = None


def list_visits(connection: Connection, wanted: VisitQuery | None = None, limit: int = 100) -> list[LedgerVisit]:
    """Lists current visits, the latest reported first."""
    wanted = wanted or VisitQuery()
    query = select(visits.c.body).where(visits.c.standing)
    for column, value in (
        (visits.c.visitor_country, wanted.visitor_country),
        (visits.c.destination, wanted.destination),
        (visits.c.status, wanted.status),
    ):
        query = query if value is None else query.where(column == value)
    if wanted.since:
        query = query.where(visits.c.updated >= wanted.since)
    bodies = connection.execute(query.order_by(visits.c.updated.desc(), visits.c.number).limit(limit)).scalars()
    return [LedgerVisit.model_validate_json(body) for body in bodies]


@dataclass(frozen=True)
class FoundVisit:
    """A visit by its id, as it stands or last stood."""

    visit: LedgerVisit
    standing: bool
    merged_into: str | None


def find_visit(connection: Connection, id: str) -> FoundVisit | None:
    row = connection.execute(select(visits).where(visits.c.id == id)).first()
    return None if row is None else FoundVisit(LedgerVisit.model_validate_json(row.body), row.standing, row.merged_into)


def heirs(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Of these visits, those that were merged, each with the visit in which it is now, however many merges later."""
    found: dict[str, str] = {}
    looked = set(ids)
    while looked:
        step: dict[str, str] = {}
        for some in batched(sorted(looked), AT_ONCE):
            asked = select(visits.c.id, visits.c.merged_into).where(visits.c.id.in_(some))
            rows = connection.execute(asked.where(visits.c.standing.is_(False), visits.c.merged_into.is_not(None)))
            step |= {row.id: row.merged_into for row in rows}
        found |= step
        looked = set(step.values()) - found.keys()
    return {id: _end(found, id) for id in ids if id in found}


def _end(steps: Mapping[str, str], id: str) -> str:
    """Where the steps lead; in a circle, which no ledger has, to one of it."""
    passed = {id}
    while (further := steps.get(id)) is not None and further not in passed:
        passed.add(id := further)
    return id


def alerts_of(connection: Connection, visit: str) -> list[Alert]:
    """What was told of a visit, the first first."""
    bodies = connection.execute(select(alerts.c.body).where(alerts.c.visit == visit).order_by(alerts.c.number))
    return [Alert.model_validate_json(body) for body in bodies.scalars()]


def alerts_since(connection: Connection, since: datetime) -> Iterator[tuple[datetime, Alert]]:
    """Every alert recorded since then, with when it was, the first first."""
    query = select(alerts.c.at, alerts.c.body).where(alerts.c.at >= since).order_by(alerts.c.number)
    for at, body in connection.execute(query):
        yield at, Alert.model_validate_json(body)
