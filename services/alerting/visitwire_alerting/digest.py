"""A digest: what happened, grouped and by day, and who is where today and this week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from visitwire_schemas import Alert, ChangeKind, LedgerVisit, Precision

from visitwire_alerting.announce import alert_of
from visitwire_alerting.facts import facts
from visitwire_alerting.fold import arrival
from visitwire_alerting.matching import compile_filter
from visitwire_alerting.span import days
from visitwire_alerting.status import OFF
from visitwire_alerting.subscription import Filter, Subscription
from visitwire_alerting.tables import visits

GROUPS = ("new", "changed", "off", "confirmed", "taken back")
"""What happened to a visit, in the order in which it is told."""
WEEK = timedelta(days=6)
AT_ONCE = 500


@dataclass(frozen=True)
class Digest(Sequence[Alert]):
    """The events of a digest, with the day on which it is read."""

    events: tuple[Alert, ...]
    day: date
    today: tuple[LedgerVisit, ...] = ()
    """Visits under way or due on that day, of those that the subscription follows."""
    week: tuple[LedgerVisit, ...] = ()
    """Those that begin in the six days after it."""

    @overload
    def __getitem__(self, place: int) -> Alert: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Alert]: ...
    def __getitem__(self, place: int | slice) -> Alert | Sequence[Alert]:
        return self.events[place]

    def __len__(self) -> int:
        return len(self.events)

    @property
    def subject(self) -> str:
        """ "Visits: 3 new, 2 changed, 1 off – Monday"."""
        counts = [f"{len(found)} {group}" for group, found in self.groups.items()]
        return f"Visits: {', '.join(counts)} – {self.day:%A}"

    @property
    def groups(self) -> dict[str, list[Alert]]:
        """The events by what happened, each group by day; groups without any are left out."""
        found: dict[str, list[Alert]] = {group: [] for group in GROUPS}
        for event in sorted(self.events, key=_day_of):
            found[group_of(event)].append(event)
        return {group: events for group, events in found.items() if events}


def _day_of(event: Alert) -> tuple[date, str]:
    known = days(event.data.visit.dates)
    return known[0] if known else date.max, event.subject


def group_of(event: Alert) -> str:
    """Which of `GROUPS` an event belongs to, by what it comes to in the end."""
    change, visit = event.data.change, event.data.visit
    if change.kind is ChangeKind.RETRACTED:
        return "taken back"
    if visit.status in OFF:
        return "off"
    if change.before is None or not change.before.focus:
        return "new"
    return "confirmed" if change.kind is ChangeKind.CONFIRMED else "changed"


def digest_of(connection: Connection, subscription: Subscription, events: Sequence[Alert], at: datetime) -> Digest:
    """The digest that goes out at `at`, without what was taken back since its events were told."""
    zone = subscription.digest.zone if subscription.digest else "UTC"
    day = at.astimezone(ZoneInfo(zone)).date()
    standing = set(_standing(connection, [event.subject for event in events]))
    kept = [one for one in events if one.subject in standing or one.data.change.kind is ChangeKind.RETRACTED]
    if not kept:
        return Digest((), day)
    followed = list(_followed(connection, subscription.filter, day))
    today = [visit for first, last, visit in followed if first <= day <= last]
    week = [visit for first, _, visit in followed if day < first]
    return Digest(tuple(kept), day, tuple(today), tuple(week))


def _standing(connection: Connection, ids: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(ids), AT_ONCE):
        query = select(visits.c.id).where(visits.c.standing, visits.c.id.in_(ids[start : start + AT_ONCE]))
        yield from connection.execute(query).scalars()


def _followed(connection: Connection, asked: Filter, day: date) -> Iterator[tuple[date, date, LedgerVisit]]:
    """Visits on exact days from that day to six days on that fit a filter, whatever happened to them; by day."""
    wanted = compile_filter(asked.model_copy(update={"change": None}))
    bodies = connection.execute(select(visits.c.body).where(visits.c.standing, visits.c.status.not_in(OFF))).scalars()
    found = []
    for body in bodies:
        visit = LedgerVisit.model_validate_json(body)
        known = days(visit.dates)
        if known is None or not _exact(visit) or known[1] < day or known[0] > day + WEEK:
            continue
        told = alert_of(visit, [arrival(None, visit.status)], None, "")
        if visit.focus and wanted(facts(told, day)):
            found.append((*known, visit))
    yield from sorted(found, key=lambda one: (one[0], one[2].id))


def _exact(visit: LedgerVisit) -> bool:
    return visit.dates is not None and visit.dates.precision in (Precision.DAY, Precision.NONE)
