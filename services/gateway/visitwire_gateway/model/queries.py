"""What the pages and the API ask of the read model."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from visitwire_schemas import Alert, DeadLetter, LedgerVisit

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.paging import RowPage, newest, soonest
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    CHANGES,
    LETTERS,
    REPORTED,
    STORIES,
    VISITS,
)

NAMED = 300
"""The last changed visits whose names a form suggests."""


def visits_by_day(engine: Engine, wanted: VisitFilter, cursor: str | None, limit: int) -> RowPage:
    """Visits by their first day, the earliest first, those without dates last."""
    return soonest(engine, VISITS, "first_day", wanted.conditions(), cursor, limit)


def occurring(engine: Engine) -> tuple[list[str], list[str]]:
    """The codes of every visitor's, host's and destination's country, and every wire."""
    with reading(engine) as connection:
        found = connection.execute(_OCCURRING).all()
    of_countries = {value for countries, value in found if countries}
    return sorted(of_countries), sorted(value for countries, value in found if not countries)


def _distinct(values: Column[Any]) -> Select[Any]:
    """A column's values by leaps along its index, from each to the next greater: DISTINCT would read every row."""
    least = select(func.min(values).label("value")).cte(f"every_{values.name}", recursive=True)
    greater = select(func.min(values)).where(values > least.c.value).scalar_subquery()
    every = least.union_all(select(greater).where(least.c.value.is_not(None)))
    return select(every.c.value).where(every.c.value.is_not(None))


_PROVIDERS = _distinct(STORIES.c.provider)
_OCCURRING = union_all(
    *(
        select(literal(column is not STORIES.c.provider), _distinct(column).subquery().c.value)
        for column in (VISITS.c.visitor_country, VISITS.c.country, VISITS.c.host_country, STORIES.c.provider)
    )
)


def bodies(engine: Engine, keys: Sequence[str]) -> list[Any]:
    """Rows of id, digest and body, in no order."""
    with reading(engine) as connection:
        return list(connection.execute(_BODIES, {"keys": list(keys)}).all())


_BODIES = select(VISITS.c.id, VISITS.c.digest, VISITS.c.body).where(VISITS.c.id.in_(bindparam("keys", expanding=True)))
"""Made once, because making it takes longer than the database to answer it."""


def visits_page(
    engine: Engine, wanted: VisitFilter, cursor: str | None, limit: int, lane: str | None = None
) -> RowPage:
    conditions = wanted.conditions()
    if lane is not None:
        conditions.append(VISITS.c.lane == lane)
    return newest(engine, VISITS, "updated", "id", conditions, cursor, limit)


def visits_between(engine: Engine, wanted: VisitFilter, first: date, last: date, limit: int) -> list[Any]:
    """Rows of id and digest of dated visits that touch the days, by first day."""
    days = VISITS.c.last_day >= first.isoformat(), VISITS.c.first_day <= last.isoformat()
    asked = select(VISITS.c.id, VISITS.c.digest).where(*wanted.conditions(), *days)
    with reading(engine) as connection:
        return list(connection.execute(asked.order_by(VISITS.c.first_day, VISITS.c.id).limit(limit)).all())


def visit(engine: Engine, key: str) -> LedgerVisit | None:
    with reading(engine) as connection:
        body = connection.scalar(select(VISITS.c.body).where(VISITS.c.id == key))
    return LedgerVisit.model_validate_json(body) if body else None


def visits_of_story(engine: Engine, key: str) -> list[LedgerVisit]:
    """The visits that the story reports on."""
    with reading(engine) as connection:
        bodies = connection.scalars(
            select(VISITS.c.body).join(REPORTED, REPORTED.c.visit == VISITS.c.id).where(REPORTED.c.story == key)
        ).all()
    return sorted((LedgerVisit.model_validate_json(body) for body in bodies), key=lambda visit: visit.id)


def changes_page(engine: Engine, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> RowPage:
    return newest(engine, CHANGES, "at", "id", conditions, cursor, limit)


def changes_of(engine: Engine, visit: str) -> list[Alert]:
    """Every change of a visit, oldest first."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(CHANGES.c.body).where(CHANGES.c.visit == visit).order_by(CHANGES.c.at, CHANGES.c.id)
        ).all()
    found = [Alert.model_validate_json(row.body) for row in rows]
    return sorted(found, key=lambda alert: (alert.data.visit.revision, alert.time))


def letters_page(engine: Engine, stages: Sequence[str], cursor: str | None, limit: int) -> RowPage:
    conditions = [LETTERS.c.stage.in_(stages)] if stages else []
    return newest(engine, LETTERS, "at", "id", conditions, cursor, limit)


def letter(engine: Engine, key: str) -> DeadLetter | None:
    with reading(engine) as connection:
        body = connection.scalar(select(LETTERS.c.body).where(LETTERS.c.id == key))
    return DeadLetter.model_validate_json(body) if body else None


def providers(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.scalars(_PROVIDERS))


def names_on_board(engine: Engine) -> tuple[list[str], list[str]]:
    """Who visits or is visited, and the places, of the last changed visits: what a form may suggest."""
    with reading(engine) as connection:
        bodies = connection.scalars(select(VISITS.c.body).order_by(VISITS.c.updated.desc()).limit(NAMED)).all()
    visits = [LedgerVisit.model_validate_json(body) for body in bodies]
    people = {party.name for visit in visits for party in (visit.visitor, visit.host) if party and party.name}
    towns = {visit.destination.place for visit in visits if visit.destination.place}
    return sorted(people, key=str.casefold), sorted(towns, key=str.casefold)
