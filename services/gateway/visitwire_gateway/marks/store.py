"""Marks as rows: each writes only what it is about, so that two windows of one user lose nothing of each other's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import BindParameter, Engine, Select, bindparam, func, or_, select, update
from sqlalchemy.exc import OperationalError
from visitwire_runtime.database import upsert

from visitwire_gateway.auth.sql_tables import USERS
from visitwire_gateway.auth.who import Who
from visitwire_gateway.marks.seen import VisitMarks, seen
from visitwire_gateway.marks.since import ReadUpTo
from visitwire_gateway.marks.sql_tables import MARKS, READERS
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import moment, stamp

log = structlog.get_logger()

type Values = dict[str, Any]
SOME = 500
"""Visits asked for with one question."""
ACKNOWLEDGED = MARKS.c.acknowledged.is_not(None)
LASTING = (
    MARKS.c.starred.is_(True),
    MARKS.c.followed.is_(True),
    MARKS.c.assigned_at.is_not(None),
    MARKS.c.note.is_not(None),
    ACKNOWLEDGED,
)
"""Marks that are seen on the visit into which another was merged: all but that somebody has read it."""


@dataclass(frozen=True)
class Colleague:
    reader: str
    name: str


class NotTheirs(ValueError):
    """There is nobody of that name at this desk."""


type Heirs = Callable[[Collection[str]], Mapping[str, str]]
"""Of these visits, those that were merged, each with the visit in which it is now."""


def _none(visits: Collection[str]) -> Mapping[str, str]:
    return {}


class Marks:
    def __init__(self, engine: Engine, clock: Callable[[], datetime], heirs: Heirs = _none) -> None:
        """Over the tables that `People` makes. Marks stay on the visit on which they were made, are seen on that into
        which it was merged, and so are back as soon as it stands again."""
        self._engine, self._clock, self._heirs = engine, clock, heirs
        self._came: dict[tuple[str, str], date] = {}

    def place(self, who: Who) -> ReadUpTo | None:
        """How far they said that they have read."""
        asked = select(READERS).where(READERS.c.tenant == who.tenant, READERS.c.reader == who.reader)
        with reading(self._engine) as connection:
            row = connection.execute(asked).first()
        return ReadUpTo(row.life, row.number, moment(row.until)) if row and row.life else None

    def move(self, who: Who, place: ReadUpTo) -> None:
        """They have read everything up to there."""
        values = {"life": place.life, "number": place.number, "until": stamp(place.until)}
        with self._engine.begin() as connection:
            upsert(connection, READERS, [{"tenant": who.tenant, "reader": who.reader}], values)

    def came(self, who: Who, zone: ZoneInfo) -> datetime | None:
        """When they were here before, if this is the first time today, by their own day; else None. It is noted that
        they are here now."""
        now, key = self._clock(), (who.tenant, who.reader or "")
        today = now.astimezone(zone).date()
        if self._came.get(key) == today:
            return None
        try:
            before = self._note(who, now)
        except OperationalError as why:  # nobody is kept from the board for that
            log.warning("it was not noted that a reader came", why=str(why.orig))
            return None
        self._came[key] = today
        return before if before is not None and before.astimezone(zone).date() < today else None

    def _note(self, who: Who, now: datetime) -> datetime | None:
        mine = READERS.c.tenant == who.tenant, READERS.c.reader == who.reader
        with self._engine.begin() as connection:
            before = connection.scalar(select(READERS.c.came).where(*mine))
            upsert(connection, READERS, [{"tenant": who.tenant, "reader": who.reader}], {"came": stamp(now)})
        return moment(before) if before else None

    def read(self, who: Who, visit: str, revision: int | None) -> None:
        """They have read the visit up to that revision; None: they have not."""
        self._mark(who, visit, {"read": revision})

    def star(self, who: Who, visit: str, on: bool) -> None:
        self._mark(who, visit, {"starred": on}, all_of_it=not on)

    def follow(self, who: Who, visit: str, on: bool) -> None:
        self._mark(who, visit, {"followed": on}, all_of_it=not on)

    def note(self, who: Who, visit: str, text: str) -> None:
        """In place of what they noted before; an empty text takes it away."""
        kept = text.strip() or None
        values = {"note": kept, "noted_at": stamp(self._clock()) if kept else None}
        self._mark(who, visit, values, all_of_it=kept is None)

    def acknowledge(self, who: Who, visit: str, revision: int | None) -> None:
        """They know of the visit as it stands at that revision; None takes that back."""
        at = None if revision is None else stamp(self._clock())
        values: Values = {"acknowledged": revision, "acknowledged_at": at}
        self._mark(who, visit, values if revision is None else values | {"read": revision}, all_of_it=revision is None)

    def assign(self, who: Who, visit: str, name: str | None) -> str | None:
        """Whose the visit is from now on, and nobody else's; None: nobody's. Their name. Raises `NotTheirs`."""
        whose = next((one for one in self.colleagues(who) if one.name == name), None)
        if name is not None and whose is None:
            raise NotTheirs(f"There is nobody called {name[:80]} at this desk.")
        parts = [visit, *(self._parts(who, [visit])[visit] if name is None else ())]
        here = MARKS.c.tenant == who.tenant, MARKS.c.visit.in_(parts)
        with self._engine.begin() as connection:
            connection.execute(update(MARKS).where(*here).values(assigned_at=None, assigned_by=None))
            if whose is not None:
                key = {"tenant": who.tenant, "visit": visit, "reader": whose.reader}
                upsert(connection, MARKS, [key], {"assigned_at": stamp(self._clock()), "assigned_by": who.name})
        return name

    def _mark(self, who: Who, visit: str, values: Values, all_of_it: bool = False) -> None:
        """`all_of_it`: also on what was merged into it, where something is taken away that was seen from there."""
        parts = self._parts(who, [visit])[visit] if all_of_it else []
        theirs = MARKS.c.tenant == who.tenant, MARKS.c.reader == who.reader
        with self._engine.begin() as connection:
            upsert(connection, MARKS, [{"tenant": who.tenant, "visit": visit, "reader": who.reader}], values)
            if parts:
                connection.execute(update(MARKS).where(*theirs, MARKS.c.visit.in_(parts)).values(values))

    def _parts(self, who: Who, visits: Collection[str]) -> dict[str, list[str]]:
        """By each of these visits those that were merged into it and that somebody marked."""
        found: dict[str, list[str]] = {visit: [] for visit in visits}
        for part, heir in self._merged(_OF_TENANT, {"tenant": who.tenant}).items():
            if heir in found:
                found[heir].append(part)
        return found

    def _merged(self, marked_by: Select[Any], whose: Mapping[str, Any]) -> Mapping[str, str]:
        """Of the visits with marks that last, those that were merged, each with its heir."""
        with reading(self._engine) as connection:
            marked = list(connection.scalars(marked_by, whose))
        try:
            return self._heirs(marked) if marked else {}
        except OperationalError as why:  # no page is to go without its marks for that
            log.warning("it was not found which visits were merged", why=str(why.orig))
            return {}

    def colleagues(self, who: Who) -> list[Colleague]:
        """Everybody of the tenant who may be assigned a visit, by name."""
        with reading(self._engine) as connection:
            found = [Colleague(row.id, row.name) for row in connection.execute(_COLLEAGUES, {"tenant": who.tenant})]
        known = who.reader is None or any(one.reader == who.reader for one in found)
        return found if known else [*found, Colleague(who.reader or "", who.name)]

    def of(self, who: Who, visits: Collection[str]) -> dict[str, VisitMarks]:
        """The marks on these visits; a visit without any is left out."""
        parts = self._parts(who, visits)
        whose = {part: heir for heir, those in parts.items() for part in those} | {visit: visit for visit in visits}
        found: dict[str, list[Any]] = {}
        wanted = list(whose)
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), SOME):
                asked = {"tenant": who.tenant, "visits": wanted[start : start + SOME]}
                for row in connection.execute(_WITH_NAMES, asked):
                    found.setdefault(whose[row.visit], []).append(row)
        return {visit: seen(who, visit, rows) for visit, rows in found.items()}

    def kept(self, who: Who) -> dict[str, VisitMarks]:
        """Those visits that they starred, follow, were assigned or wrote a note on."""
        mine = MARKS.c.tenant == who.tenant, MARKS.c.reader == who.reader
        kept = or_(*(one for one in LASTING if one is not ACKNOWLEDGED))
        with reading(self._engine) as connection:
            visits = list(connection.scalars(select(MARKS.c.visit).where(*mine, kept)))
        merged = self._merged(_OF_READER, {"tenant": who.tenant, "reader": who.reader})
        return dict(sorted(self.of(who, {merged.get(visit, visit) for visit in visits}).items()))


# Made once, because making them takes longer than the database to answer them.
_TENANT: BindParameter[str] = bindparam("tenant")
_OF_TENANT = select(MARKS.c.visit).distinct().where(MARKS.c.tenant == _TENANT, or_(*LASTING))
_OF_READER = _OF_TENANT.where(MARKS.c.reader == bindparam("reader"))
_COLLEAGUES = select(USERS.c.id, USERS.c.name).where(USERS.c.tenant == _TENANT).order_by(USERS.c.name)
_NAME = func.coalesce(USERS.c.name, MARKS.c.reader).label("name")
_WITH_NAMES = (
    select(*MARKS.c, _NAME)
    .outerjoin(USERS, USERS.c.id == MARKS.c.reader)
    .where(MARKS.c.tenant == _TENANT, MARKS.c.visit.in_(bindparam("visits", expanding=True)))
    .order_by(_NAME)
)
