"""What the pages and the API ask of the read model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Engine,
    Select,
    and_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    table,
    text,
    union_all,
)
from visitwire_schemas import Alert, DeadLetter, EnrichedStory, LedgerVisit

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.paging import Rows, encode, newest, soonest
from visitwire_gateway.model.projection import LANES
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    CHANGES,
    ENTITIES,
    EVENTS,
    LETTERS,
    QUOTES,
    REPORTED,
    STORIES,
    VISITS,
    stamp,
)

NAMED = 300
"""The last changed visits whose names a form suggests."""
MANY = 200
"""Events after which a board is read anew; far fewer than are kept."""


class Placed(NamedTuple):
    """A visit in its lane. (SQLAlchemy's rows need twenty times as long to give a column by name.)"""

    id: str
    digest: str
    updated: str
    """When it was changed last; where the lane is by date, its first day."""


@dataclass(frozen=True)
class Lane:
    name: str
    count: int
    visits: tuple[Placed, ...]
    """The last changed first, or the soonest."""

    @property
    def cursor(self) -> str:
        """Where the lane goes on after its last row here."""
        return encode(self.visits[-1].updated, self.visits[-1].id)


type Changed = Mapping[str, str | None]
"""The lane in which each visit that changed now is; None of one that went."""
type Before = tuple[Sequence[Lane], Changed]
"""The lanes as they were, and what changed since."""


def visits_by_day(engine: Engine, wanted: VisitFilter, cursor: str | None, limit: int) -> Rows:
    """Visits by their first day, the earliest first, those without dates last."""
    return soonest(engine, VISITS, "first_day", wanted.conditions(), cursor, limit)


def lanes(engine: Engine, wanted: VisitFilter, limit: int, before: Before | None = None) -> list[Lane]:
    """Every lane of the board with its count and its `limit` last changed visits.

    A part of the query for each lane, along an index: one over all lanes would have to look at every visit. Lanes that
    were known before are read again only where one of the changed visits was or is.
    """
    was, changed = before or ((), {})
    if before and not changed:
        return list(was)
    now = set(changed.values())
    same = {
        lane.name: lane.visits
        for lane in was
        if lane.name not in now and not any(one.id in changed for one in lane.visits)
    }
    stale = [name for name in LANES if name not in same]
    places = {f"lane{at}": name for at, name in enumerate(stale)}
    with reading(engine) as connection:
        rows = connection.execute(_of_lanes(wanted.model_dump_json(), limit, len(stale)), places).all()
    counts = {name: count for name, count, *_ in rows if count is not None}
    read: dict[str, list[Placed]] = {name: [] for name in stale}
    for name, count, *placed in rows:
        if count is None:
            read[name].append(Placed._make(placed))
    return [Lane(name, counts.get(name, 0), same[name] if name in same else tuple(read[name])) for name in LANES]


def changed_visits(engine: Engine, after: int) -> Changed | None:
    """The visits that changed or went with the events after `after`; None when it is easier to read all again."""
    with reading(engine) as connection:
        rows = connection.execute(_CHANGED, {"after": after}).all()
    return None if len(rows) >= MANY else {ref: lane for ref, kind, lane in rows if kind in ("visit", "gone")}


_CHANGED = (
    select(EVENTS.c.ref, EVENTS.c.kind, VISITS.c.lane)
    .join_from(EVENTS, VISITS, VISITS.c.id == EVENTS.c.ref, isouter=True)
    .where(EVENTS.c.number > bindparam("after"))
    .order_by(EVENTS.c.number)
    .limit(MANY)
)


@lru_cache(maxsize=256)
def _of_lanes(asked: str, limit: int, read: int) -> CompoundSelect[Any]:
    """The count of each lane, and the last changed visits of so many, each lane's in their order, of those that fit a
    filter (as JSON). Kept, because making it takes longer than the database to answer it."""
    conditions = VisitFilter.model_validate_json(asked).conditions()
    counted = select(VISITS.c.lane, func.count(), null(), null(), null()).where(*conditions).group_by(VISITS.c.lane)
    newest_first = (
        select(VISITS.c.lane, VISITS.c.id, VISITS.c.digest, VISITS.c.updated)
        .where(VISITS.c.lane == bindparam(f"lane{at}"), *conditions)
        .order_by(VISITS.c.updated.desc(), VISITS.c.id.desc())
        .limit(limit)
        .subquery()
        for at in range(read)
    )
    return union_all(
        counted, *(select(one.c.lane, null(), one.c.id, one.c.digest, one.c.updated) for one in newest_first)
    )


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


def visits_page(engine: Engine, wanted: VisitFilter, cursor: str | None, limit: int, lane: str | None = None) -> Rows:
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


def open_now(source: Any, now: datetime) -> ColumnElement[bool]:
    """That a story's embargo, if it had one, is over."""
    return or_(source.c.embargoed.is_(None), source.c.embargoed <= stamp(now))


def story(engine: Engine, key: str, now: datetime) -> EnrichedStory | None:
    with reading(engine) as connection:
        body = connection.scalar(select(STORIES.c.body).where(STORIES.c.key == key, open_now(STORIES, now)))
    return EnrichedStory.model_validate_json(body) if body else None


def between(column: Any, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    found = [column >= stamp(since)] if since else []
    return found + ([column < stamp(until)] if until else [])


def stories_page(
    engine: Engine, conditions: Sequence[ColumnElement[bool]], now: datetime, cursor: str | None, limit: int
) -> Rows:
    return newest(engine, STORIES, "published", "key", [*conditions, open_now(STORIES, now)], cursor, limit)


def quotes_page(
    engine: Engine,
    words: str | None,
    conditions: Sequence[ColumnElement[bool]],
    now: datetime,
    page: tuple[str | None, int],
) -> Rows:
    """Quotes whose words, speaker or subjects contain all of `words` (a part in quotation marks is a phrase)."""
    all_of = [*conditions, open_now(QUOTES, now)]
    if words and (condition := containing(engine.dialect.name, words)) is not None:
        all_of.append(condition)
    return newest(engine, QUOTES, "published", "id", all_of, *page)


def containing(dialect: str, words: str) -> ColumnElement[bool] | None:
    """The full-text condition on quotes; None when there is no word in it. Operators of the database mean nothing."""
    phrases = [re.findall(r"\w+", part) for part in re.findall(r'"[^"]*"|\S+', words)]
    asked = [" ".join(phrase) for phrase in phrases if phrase][:20]
    if not asked:
        return None
    if dialect == "sqlite":
        matching = " ".join(f'"{phrase}"' for phrase in asked)
        found = table("quote_words", column("rowid"))
        hit = text("quote_words match :matching").bindparams(matching=matching)
        return literal_column("quotes.rowid").in_(select(found.c.rowid).where(hit))
    parts = (func.phraseto_tsquery("simple", phrase) for phrase in asked)
    return and_(*(literal_column("quotes.words").op("@@")(part) for part in parts))


def entities_page(
    engine: Engine, conditions: Sequence[ColumnElement[bool]], now: datetime, cursor: str | None, limit: int
) -> Rows:
    return newest(engine, ENTITIES, "published", "id", [*conditions, open_now(ENTITIES, now)], cursor, limit)


def changes_page(engine: Engine, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> Rows:
    return newest(engine, CHANGES, "at", "id", conditions, cursor, limit)


def changes_of(engine: Engine, visit: str) -> list[Alert]:
    """Every change of a visit, oldest first."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(CHANGES.c.body).where(CHANGES.c.visit == visit).order_by(CHANGES.c.at, CHANGES.c.id)
        ).all()
    found = [Alert.model_validate_json(row.body) for row in rows]
    return sorted(found, key=lambda alert: (alert.data.visit.revision, alert.time))


def letters_page(engine: Engine, stages: Sequence[str], cursor: str | None, limit: int) -> Rows:
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
