"""The visits of a filter without their bodies, kept: after a change only those that changed are read again.

A page that looks at thousands of visits to show a hundred asks these, not the database: a query for a row a visit takes
longer than everything else that a change asks of a page.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from heapq import nlargest
from itertools import islice, takewhile
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, bindparam, func, select

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.lanes import LANES
from visitwire_gateway.model.paging import Lane, Placed, RowPage, decode, encode
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.slim_visit import NEVER, Ends, Slim
from visitwire_gateway.model.sql_tables import EVENTS, VISITS
from visitwire_gateway.model.state import MANY, Cache, State

KEPT = 16
"""Filters; a visit is half a kilobyte in each."""


_SLIM = select(
    func.coalesce(VISITS.c.first_day, NEVER),
    VISITS.c.id,
    func.coalesce(VISITS.c.last_day, NEVER),
    *(VISITS.c[name] for name in Slim._fields[3:]),
)


@dataclass(frozen=True)
class Step:
    """What is other than in a state before: a visit that changed is in both."""

    since: State | None = None
    gone: Sequence[Slim] = ()
    came: Sequence[Slim] = ()


@dataclass(frozen=True)
class Standing:
    """The visits that fit a filter, as they stand."""

    at: State
    by_day: Sequence[Slim]
    by_lane: Mapping[str, Sequence[Slim]]
    """By day in each lane; a lane in which nothing changed is the same sequence as before."""
    by_way: Mapping[Ends, Sequence[Slim]]
    """By day of those that lead from one country to another; the same holds."""
    longest: timedelta
    """That any visit dated to the day takes, or took."""
    step: Step
    by_id: dict[str, Slim]
    """The same for `Stand` alone, which hands it on to the next."""

    def ahead(self, of: date) -> Iterator[Slim]:
        """Those that end on that day or later, those without dates last, by first day."""
        day = of.isoformat()
        return (one for one in self.by_day if one.last >= day)

    def exactly_ahead(self, of: date) -> Iterator[Slim]:
        """Those dated to the day that end on that day or later, by first day."""
        day, begin = of.isoformat(), bisect_left(self.by_day, ((of - self.longest).isoformat(), ""))
        return (one for one in islice(self.by_day, begin, None) if one.last >= day and one.exact)

    def begins(self, on: date) -> Iterator[Slim]:
        """The dated ones that begin on that day or later, by first day."""
        return takewhile(
            lambda one: one.dated, islice(self.by_day, bisect_left(self.by_day, (on.isoformat(), "")), None)
        )

    def between(self, first: date, last: date) -> Iterator[Slim]:
        """The dated ones that touch the days, by first day."""
        begin, end = first.isoformat(), bisect_left(self.by_day, (last.isoformat(), "\U0010ffff"))
        return (one for one in self.by_day[:end] if one.last >= begin)

    def page(self, cursor: str | None, limit: int, *, lane: str | None = None, ahead_of: date | None = None) -> RowPage:
        """A page by first day; `ahead_of` leaves out what ended before that day."""
        every = self.by_day if lane is None else self.by_lane.get(lane, ())
        begin = 0 if cursor is None else bisect_right(every, decode(cursor), key=_place)
        day = ahead_of.isoformat() if ahead_of else ""
        found = list(islice((one for one in islice(every, begin, None) if one.last >= day), limit + 1))
        shown = found[:limit]
        return RowPage(shown, encode(*_place(shown[-1])) if found[limit:] else None)

    def newest(self, cursor: str | None, limit: int) -> RowPage:
        """A page by the last change."""
        last = decode(cursor) if cursor is not None else None
        rest = (one for one in self.by_day if last is None or by_change(one) < last)
        found = nlargest(limit + 1, rest, key=by_change)
        shown = found[:limit]
        return RowPage(shown, encode(*by_change(shown[-1])) if found[limit:] else None)

    def lanes(self, limit: int) -> list[Lane]:
        """Every lane of the board with its count and its first visits by date."""
        found = ((name, self.by_lane.get(name, ())) for name in LANES)
        return [
            Lane(name, len(here), tuple(Placed(one.id, one.digest, one.day) for one in here[:limit]))
            for name, here in found
        ]


def _place(one: Slim) -> tuple[str, str]:
    return one.day, one.id


def by_change(one: Slim) -> tuple[str, str]:
    """Sorts by the last change, ties by id."""
    return one.updated, one.id


class Stand:
    """Keeps what stands for the filters last asked for."""

    def __init__(self, engine: Engine, memory: Cache) -> None:
        self._engine, self._memory = engine, memory

    def of(self, wanted: VisitFilter, now: State | None = None) -> Standing:
        """As of the state `now`, where that has been read already."""

        def made(before: Standing | None, at: State) -> Standing:
            return self._made(wanted, before, at)

        return self._memory.get(wanted.model_dump_json(), made, now)

    def _made(self, wanted: VisitFilter, before: Standing | None, at: State) -> Standing:
        found = self._changed(wanted, before.at[1]) if before and before.at[0] == at[0] else None
        if before is None or found is None:
            return _begun(at, sorted(self._read(wanted.conditions())))
        if not found:
            return replace(before, at=at, step=Step(before.at))
        return _after(before, at, found.keys(), [one for one in found.values() if one is not None])

    def _changed(self, wanted: VisitFilter, after: int) -> dict[str, Slim | None] | None:
        """The visits that changed with the events after `after`, None for one that does not fit or went; nothing at all
        when it is easier to read all again."""
        with reading(self._engine) as connection:
            rows = connection.execute(_changes(wanted.model_dump_json()), {"after": after}).all()
        if len(rows) >= MANY:
            return None
        told = (row for row in rows if row[1] in ("visit", "gone"))
        return {ref: Slim._make(row) if row[1] is not None else None for ref, _, *row in told}

    def _read(self, conditions: list[ColumnElement[bool]]) -> list[Slim]:
        with reading(self._engine) as connection:
            return [Slim._make(row) for row in connection.execute(_SLIM.where(*conditions))]


@lru_cache(maxsize=64)
def _changes(asked: str) -> Select[Any]:
    """The events after a number, each with its visit, if that fits a filter (as JSON). Kept, because making it takes
    longer than the database to answer it."""
    fits = and_(VISITS.c.id == EVENTS.c.ref, *VisitFilter.model_validate_json(asked).conditions())
    columns = _SLIM.selected_columns
    every = select(EVENTS.c.ref, EVENTS.c.kind, *columns).join_from(EVENTS, VISITS, fits, isouter=True)
    return every.where(EVENTS.c.number > bindparam("after")).order_by(EVENTS.c.number).limit(MANY)


def _lengths(rows: Iterable[Slim]) -> timedelta:
    """The longest that any of them, dated to the day, takes."""
    exact = (date.fromisoformat(one.last) - date.fromisoformat(one.day) for one in rows if one.exact)
    return max(exact, default=timedelta(0))


def _begun(at: State, read: list[Slim]) -> Standing:
    by_lane: dict[str, list[Slim]] = defaultdict(list)
    by_way: dict[Ends, list[Slim]] = defaultdict(list)
    for one in read:
        by_lane[one.lane].append(one)
        by_way[one.ends].append(one)
    return Standing(at, read, dict(by_lane), dict(by_way), _lengths(read), Step(), {one.id: one for one in read})


def _after(before: Standing, at: State, changed: Iterable[str], read: list[Slim]) -> Standing:
    by_id = before.by_id
    gone = [known for id in changed if (known := by_id.pop(id, None)) is not None]
    by_id |= {one.id: one for one in read}
    by_day = _moved(list(before.by_day), gone, read)
    by_lane = _touched(before.by_lane, lambda one: one.lane, gone, read)
    by_way = _touched(before.by_way, lambda one: one.ends, gone, read)
    longest = max(before.longest, _lengths(read))
    return Standing(at, by_day, by_lane, by_way, longest, Step(before.at, gone, read), by_id)


def _touched[K](
    before: Mapping[K, Sequence[Slim]], key: Callable[[Slim], K], gone: list[Slim], came: list[Slim]
) -> dict[K, Sequence[Slim]]:
    """The groups, of which only those are new in which something changed."""
    after = dict(before)
    for name in {key(one) for one in (*gone, *came)}:
        those = [[one for one in some if key(one) == name] for some in (gone, came)]
        after[name] = _moved(list(after.get(name, ())), *those)
    return after


def _moved(rows: list[Slim], gone: list[Slim], came: list[Slim]) -> list[Slim]:
    for one in gone:
        del rows[bisect_left(rows, one)]
    for one in came:
        insort(rows, one)
    return rows
