"""The lanes of the board: their counts, and the visits that changed last in each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Engine,
    bindparam,
    func,
    null,
    select,
    union_all,
)

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.lanes import LANES
from visitwire_gateway.model.paging import Lane, Placed
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    EVENTS,
    VISITS,
)
from visitwire_gateway.model.state import MANY

type Changed = Mapping[str, str | None]
"""The lane in which each visit that changed now is; None of one that went."""


type Before = tuple[Sequence[Lane], Changed]
"""The lanes as they were, and what changed since."""


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
