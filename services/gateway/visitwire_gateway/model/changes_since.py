"""What changed since some moment, a visit at a time: grouped as a digest groups it, and in the order of a digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select
from visitwire_alerting.service import GROUPS, alike, as_one, group_of
from visitwire_schemas import Alert, ChangeKind, LedgerVisit
from visitwire_schemas.day_range import days

from visitwire_gateway.marks.since import ReadUpTo, Since
from visitwire_gateway.model.queries import bodies
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import CHANGES, moment, stamp
from visitwire_gateway.model.state import state

MOST = 5000
"""The last changes that are looked at."""
AT_ONCE = 500


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


def news(engine: Engine, since: Since, now: datetime, *, old: bool = False) -> News:
    """What changed since then; `old` asks also for what stories told that were old when they came."""
    with reading(engine) as connection:
        life, number = state(engine)  # before reading: what comes meanwhile is for the next time
        seen = or_(CHANGES.c.number.is_(None), CHANGES.c.number <= number)
        asked = select(CHANGES).where(_came(since, life, now), seen)
        rows = connection.execute(asked.order_by(CHANGES.c.heard.desc(), CHANGES.c.id).limit(MOST + 1)).all()
        by_visit: dict[str, list[_Heard]] = {}
        for row in rows[:MOST]:
            by_visit.setdefault(row.visit, []).append(_Heard(Alert.model_validate_json(row.body), moment(row.heard)))
        fresh = {visit: [one for one in heard if old or not one.alert.data.old] for visit, heard in by_visit.items()}
        told = {visit: heard for visit, heard in fresh.items() if heard}
        items = _items(told, _standing(engine, list(told)))
    return News(tuple(items), ReadUpTo(life, number, now), len(by_visit) - len(told), len(rows) > MOST)


def anything(engine: Engine, since: Since, now: datetime) -> bool:
    """Whether a change came since then that is more than another wire's word for the same."""
    with reading(engine) as connection:
        life, _ = state(engine)
        told = CHANGES.c.kind != ChangeKind.CONFIRMED.value
        asked = select(func.count()).select_from(CHANGES).where(_came(since, life, now), told)
        return bool(connection.scalar(asked))


@dataclass(frozen=True)
class _Heard:
    alert: Alert
    at: datetime


def _came(since: Since, life: str, now: datetime) -> ColumnElement[bool]:
    """That a change came since then, or its embargo ended since then."""
    held, heard, number = CHANGES.c.embargoed, CHANGES.c.heard, CHANGES.c.number
    free = or_(held.is_(None), held <= stamp(now))
    if isinstance(since, datetime):
        return and_(or_(heard >= stamp(since), held > stamp(since)), free)
    here = number > since.number if since.life == life else heard > stamp(since.until)
    return and_(or_(here, held > stamp(since.until)), free)


def _standing(engine: Engine, visits: Sequence[str]) -> dict[str, LedgerVisit]:
    rows = [row for start in range(0, len(visits), AT_ONCE) for row in bodies(engine, visits[start : start + AT_ONCE])]
    return {row.id: LedgerVisit.model_validate_json(row.body) for row in rows}


def _items(told: Mapping[str, Sequence[_Heard]], standing: Mapping[str, LedgerVisit]) -> list[Item]:
    found = [item for visit, heard in told.items() if (item := _item(heard, standing.get(visit)))]
    return sorted(found, key=lambda item: (GROUPS.index(item.group), *_day(item.visit), item.visit.id))


def _day(visit: LedgerVisit) -> tuple[Any, ...]:
    known = days(visit.dates)
    return (known[0] if known else date.max,)


def _item(heard: Sequence[_Heard], stands: LedgerVisit | None) -> Item | None:
    """None of a visit that came to nothing, or that turned out to be another."""
    alerts = sorted((one.alert for one in heard), key=lambda alert: alert.data.visit.revision)
    more = [alert for alert in alerts if alert.data.change.kind is not ChangeKind.CONFIRMED]
    change = (as_one(more) if more else None) or _confirmed(alerts, stands)
    if change is None or (stands is None and change.data.change.kind is not ChangeKind.RETRACTED):
        return None
    last = max(one.at for one in heard)
    return Item(change, stands or change.data.visit, group_of(change), last, stands is None)


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
