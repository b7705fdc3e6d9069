"""What changed since some moment, a visit at a time: grouped as a digest groups it, and in the order of a digest."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Engine, and_, bindparam, func, or_, select
from visitwire_alerting.service import GROUPS, alike, as_one, group_of
from visitwire_schemas import Alert, ChangeKind, LedgerVisit
from visitwire_schemas.day_range import days

from visitwire_gateway.marks.since import ReadUpTo, Since
from visitwire_gateway.model.queries import bodies
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import CHANGES, VISITS, moment, stamp
from visitwire_gateway.model.state import state
from visitwire_gateway.newest_kept import NewestKept

MOST = 5000
"""The last changes that are looked at."""
AT_ONCE = 500
KEPT = 1000
"""Visits of which is kept what happened to them, of some 30 KB each."""


@dataclass(frozen=True)
class Item:
    """What happened to a visit, from the state before its first change to that after its last."""

    change: Alert
    visit: LedgerVisit
    """As it stands; of one that is gone, as it last stood."""
    group: str
    heard: datetime
    """When the last of it came."""
    gone: bool
    state: Hashable = field(default=None, compare=False)
    """Says all that is told here; by it what was drawn of it is found again."""

    @cached_property
    def order(self) -> tuple[int, date, str]:
        """By group, each group by day."""
        known = days(self.visit.dates)
        return GROUPS.index(self.group), known[0] if known else date.max, self.visit.id

    @property
    def revision(self) -> int:
        """Up to which somebody has read it who read this."""
        return max(self.change.data.visit.revision, 0 if self.gone else self.visit.revision)


@dataclass(frozen=True)
class News:
    items: tuple[Item, ...]
    """By group, each group by day."""
    upto: ReadUpTo
    """How far somebody has read who has read all of it."""
    late: int = 0
    """Visits of which stories told that were old when they came, and which are left out."""
    cut: bool = False
    """Whether there were more changes than are looked at."""


type Known = tuple[bool, Item | None]
"""Whether anything is told of a visit, and what."""


class Told:
    """What happened to visits, kept, so that only what is new of it is read: a change never becomes another, and a
    visit is as its digest says."""

    def __init__(self) -> None:
        self._known = NewestKept[Hashable, Known](KEPT)

    def of(self, engine: Engine, life: str, heard: Mapping[str, Sequence[Any]], old: bool) -> list[Known]:
        """Of each visit with the rows of its changes."""
        digests = _digests(engine, list(heard))
        states = {
            visit: (life, visit, digests.get(visit), old, *((row.id, row.number, row.heard) for row in rows))
            for visit, rows in heard.items()
        }
        found = {visit: known for visit, state in states.items() if (known := self._known.get(state)) is not None}
        if fresh := {visit: rows for visit, rows in heard.items() if visit not in found}:
            for visit, known in _read(engine, fresh, states, old).items():
                found[visit] = self._known[states[visit]] = known
        return list(found.values())


def news(engine: Engine, since: Since, now: datetime, *, old: bool = False, told: Told | None = None) -> News:
    """What changed since then; `old` asks also for what stories told that were old when they came. What `told` has kept
    is not read again."""
    with reading(engine) as connection:
        life, number = state(engine)  # before reading: what comes meanwhile is for the next time
        begun, given = _begun(since, life, now)
        rows = connection.execute(_CAME[begun], given | {"last": number}).all()
        by_visit: dict[str, list[Any]] = {}
        for row in rows[:MOST]:
            by_visit.setdefault(row.visit, []).append(row)
        found = (told or Told()).of(engine, life, by_visit, old)
    items = sorted((item for _, item in found if item is not None), key=lambda item: item.order)
    return News(tuple(items), ReadUpTo(life, number, now), sum(not tells for tells, _ in found), len(rows) > MOST)


def anything(engine: Engine, since: Since, now: datetime) -> bool:
    """Whether a change came since then that is more than another wire's word for the same."""
    with reading(engine) as connection:
        life, _ = state(engine)
        begun, given = _begun(since, life, now)
        return bool(connection.scalar(_COUNTED[begun], given))


@dataclass(frozen=True)
class _Heard:
    alert: Alert
    at: datetime


def _begun(since: Since, life: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """Which of the questions below asks for what came since then, and what it is to be given."""
    if isinstance(since, datetime):
        return "from", {"time": stamp(since), "now": stamp(now)}
    given = {"time": stamp(since.until), "now": stamp(now)}
    return ("after", given | {"number": since.number}) if since.life == life else ("later", given)


_TIME: BindParameter[str] = bindparam("time")
_BEGUN = {
    "from": CHANGES.c.heard >= _TIME,
    "later": CHANGES.c.heard > _TIME,
    "after": CHANGES.c.number > bindparam("number"),
}


def _since(begun: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a change came since then, or its embargo ended since then. Each along an index of its own: with OR between
    them a database looks at every change."""
    held = CHANGES.c.embargoed
    fresh = select(CHANGES.c.id).where(begun).union(select(CHANGES.c.id).where(held > _TIME))
    return and_(CHANGES.c.id.in_(fresh), or_(held.is_(None), held <= bindparam("now")))


_CAME = {
    name: select(CHANGES.c.id, CHANGES.c.visit, CHANGES.c.number, CHANGES.c.heard)
    .where(_since(begun), or_(CHANGES.c.number.is_(None), CHANGES.c.number <= bindparam("last")))
    .order_by(CHANGES.c.heard.desc(), CHANGES.c.id)
    .limit(MOST + 1)
    for name, begun in _BEGUN.items()
}
"""Made once, because making them takes longer than the database to answer them; so are those below."""
_COUNTED = {
    name: select(func.count()).select_from(CHANGES).where(_since(begun), CHANGES.c.kind != ChangeKind.CONFIRMED.value)
    for name, begun in _BEGUN.items()
}
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_DIGESTS = select(VISITS.c.id, VISITS.c.digest).where(VISITS.c.id.in_(_KEYS))
_BODIES = select(CHANGES.c.id, CHANGES.c.body).where(CHANGES.c.id.in_(_KEYS))


def _digests(engine: Engine, visits: Sequence[str]) -> dict[str, str]:
    """Of the state in which each of these visits stands; one that is gone has none."""
    with reading(engine) as connection:
        return {
            row.id: row.digest for some in _parts(visits) for row in connection.execute(_DIGESTS, {"keys": list(some)})
        }


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _read(
    engine: Engine, heard: Mapping[str, Sequence[Any]], states: Mapping[str, Hashable], old: bool
) -> dict[str, Known]:
    changes = _changes(engine, [row.id for rows in heard.values() for row in rows])
    every = {
        visit: [_Heard(changes[row.id], moment(row.heard)) for row in rows if row.id in changes]
        for visit, rows in heard.items()
    }
    told = {visit: [one for one in rows if old or not one.alert.data.old] for visit, rows in every.items()}
    standing = _standing(engine, [visit for visit, rows in told.items() if rows])
    return {
        visit: (bool(rows), _item(rows, standing.get(visit), states[visit]) if rows else None)
        for visit, rows in told.items()
    }


def _changes(engine: Engine, keys: Sequence[str]) -> dict[str, Alert]:
    with reading(engine) as connection:
        return {
            row.id: Alert.model_validate_json(row.body)
            for some in _parts(keys)
            for row in connection.execute(_BODIES, {"keys": list(some)})
        }


def _standing(engine: Engine, visits: Sequence[str]) -> dict[str, LedgerVisit]:
    rows = [row for some in _parts(visits) for row in bodies(engine, some)]
    return {row.id: LedgerVisit.model_validate_json(row.body) for row in rows}


def _item(heard: Sequence[_Heard], stands: LedgerVisit | None, state: Hashable) -> Item | None:
    """None of a visit that came to nothing, or that turned out to be another."""
    alerts = sorted((one.alert for one in heard), key=lambda alert: alert.data.visit.revision)
    more = [alert for alert in alerts if alert.data.change.kind is not ChangeKind.CONFIRMED]
    change = (as_one(more) if more else None) or _confirmed(alerts, stands)
    if change is None or (stands is None and change.data.change.kind is not ChangeKind.RETRACTED):
        return None
    last = max(one.at for one in heard)
    return Item(change, stands or change.data.visit, group_of(change), last, stands is None, state)


def _confirmed(alerts: Sequence[Alert], stands: LedgerVisit | None) -> Alert | None:
    """That a visit is as it was, on the word of more sources; None where it is not."""
    before, last = alerts[0].data.change.before, alerts[-1]
    if stands is None or before is None or not before.focus or not alike(before, stands):
        return None
    if stands.sources_independent <= before.sources_independent:
        return None
    kind = ChangeKind.CONFIRMED
    change = last.data.change.model_copy(update={"kind": kind, "kinds": (kind,), "before": before})
    return last.model_copy(update={"data": last.data.model_copy(update={"change": change})})
