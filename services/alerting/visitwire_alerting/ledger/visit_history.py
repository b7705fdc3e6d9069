"""Looks back at the ledger: visits as they stand or last stood, and what was told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from visitwire_schemas import Alert, LedgerVisit

from visitwire_alerting.storage.sql_tables import alerts, visits


@dataclass(frozen=True)
class VisitQuery:
    """Which visits to list: each that is given must hold."""

    visitor_country: str | None = None
    destination: str | None = None
    status: str | None = None
    since: datetime | None = None


def list_visits(connection: Connection, wanted: VisitQuery | None = None, limit: int = 100) -> list[LedgerVisit]:
    """Visits that stand, the latest reported first."""
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


def alerts_of(connection: Connection, visit: str) -> list[Alert]:
    """What was told of a visit, the first first."""
    bodies = connection.execute(select(alerts.c.body).where(alerts.c.visit == visit).order_by(alerts.c.number))
    return [Alert.model_validate_json(body) for body in bodies.scalars()]


def alerts_since(connection: Connection, since: datetime) -> Iterator[tuple[datetime, Alert]]:
    """Every alert recorded since then, with when it was, the first first."""
    query = select(alerts.c.at, alerts.c.body).where(alerts.c.at >= since).order_by(alerts.c.number)
    for at, body in connection.execute(query):
        yield at, Alert.model_validate_json(body)
