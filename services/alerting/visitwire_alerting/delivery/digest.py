"""A digest: what happened, grouped and by day, and who is where today and this week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from visitwire_schemas import Alert, ChangeKind, LedgerVisit, Precision
from visitwire_schemas.day_range import days
from visitwire_schemas.subscription import Subscription

from visitwire_alerting.ledger.fold.account import arrival
from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_alerting.ledger.fold.progress import OFF
from visitwire_alerting.storage.ledger_tables import visits
from visitwire_alerting.subscriptions.alert_facts import Facts, facts
from visitwire_alerting.subscriptions.matching import compile_filter

GROUPS = ("new", "changed", "off", "confirmed", "taken back")
"""What happened to a visit, in the order in which it is told."""
WEEK = timedelta(days=6)
AT_ONCE = 500


@dataclass(frozen=True)
class DigestMessage(Sequence[Alert]):
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
    if set(change.kinds or (change.kind,)) == {ChangeKind.CONFIRMED}:
        return "confirmed"  # also that it is off
    if visit.status in OFF:
        return "off"
    return "new" if change.before is None or not change.before.focus else "changed"


@dataclass(frozen=True)
class Near:
    """A visit on exact days that begin in the week, with what filters ask about it."""

    first: date
    last: date
    visit: LedgerVisit
    asked: Facts


@dataclass
class Agenda:
    """Who is where in the week from a day on: read once for all digests of an hour, which come together."""

    kept: timedelta = timedelta(minutes=1)
    _read: dict[date, tuple[datetime, tuple[Near, ...]]] = field(default_factory=dict)

    def week(self, connection: Connection, day: date, at: datetime) -> tuple[Near, ...]:
        """By day."""
        read, found = self._read.get(day, (None, ()))
        if read is None or abs(at - read) > self.kept:
            found = tuple(sorted(_near(connection, day), key=lambda one: (one.first, one.visit.id)))
            self._read = {of: one for of, one in self._read.items() if abs(at - one[0]) <= self.kept}
            self._read[day] = at, found
        return found


def digest_of(
    connection: Connection, subscription: Subscription, events: Sequence[Alert], at: datetime, agenda: Agenda
) -> DigestMessage:
    """The digest that goes out at `at`, without what was taken back since its events were told."""
    zone = subscription.digest.zone if subscription.digest else "UTC"
    day = at.astimezone(ZoneInfo(zone)).date()
    standing = set(_standing(connection, [event.subject for event in events]))
    kept = [one for one in events if one.subject in standing or one.data.change.kind is ChangeKind.RETRACTED]
    if not kept:
        return DigestMessage((), day)
    wanted = compile_filter(subscription.filter.model_copy(update={"change": None}))  # whatever happened to them
    followed = [one for one in agenda.week(connection, day, at) if wanted(one.asked)]
    today = [one.visit for one in followed if one.first <= day <= one.last]
    week = [one.visit for one in followed if day < one.first]
    return DigestMessage(tuple(kept), day, tuple(today), tuple(week))


def _standing(connection: Connection, ids: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(ids), AT_ONCE):
        query = select(visits.c.id).where(visits.c.standing, visits.c.id.in_(ids[start : start + AT_ONCE]))
        yield from connection.execute(query).scalars()


def _near(connection: Connection, day: date) -> Iterator[Near]:
    """Visits on exact days from that day to six days on, but those that are off or background."""
    bodies = connection.execute(select(visits.c.body).where(visits.c.standing, visits.c.status.not_in(OFF))).scalars()
    for body in bodies:
        visit = LedgerVisit.model_validate_json(body)
        known = days(visit.dates)
        if known is None or not _exact(visit) or known[1] < day or known[0] > day + WEEK or not visit.focus:
            continue
        told = alert_of(visit, [arrival(None, visit.status)], None, "")
        yield Near(*known, visit, facts(told, day))


def _exact(visit: LedgerVisit) -> bool:
    return visit.dates is not None and visit.dates.precision in (Precision.DAY, Precision.NONE)
