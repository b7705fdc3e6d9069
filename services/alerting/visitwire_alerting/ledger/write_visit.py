"""Writes a visit as it stands now, or that it fell, and what is to be told of that."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update
from visitwire_runtime.database import insert_or
from visitwire_schemas import Alert, ByHand, ChangeKind, LedgerVisit, TakenBack

from visitwire_alerting.ledger import snapshots, story_reports
from visitwire_alerting.ledger.fold.account import Account
from visitwire_alerting.ledger.fold.alerts import alert_of, fallen, released
from visitwire_alerting.ledger.fold.changes import changes
from visitwire_alerting.ledger.fold.hands import Shaped
from visitwire_alerting.ledger.fold.identity import KnownVisit, new_id
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.visits import account_of
from visitwire_alerting.storage.database import Overtaken
from visitwire_alerting.storage.ledger_tables import alerts, claims, visit_updates, visits


@dataclass
class EntryResult:
    """What some stories brought."""

    changed: dict[str, LedgerVisit | None] = field(default_factory=dict)
    """The visits that are another now, by id; None for one that nothing supports any more."""
    alerts: list[Alert] = field(default_factory=list)
    """What was recorded to be told."""
    held: list[Alert] = field(default_factory=list)
    """What would have been, and was held back: it came of reading the past again."""

    def add(self, other: "EntryResult") -> None:
        self.changed |= other.changed
        self.alerts += other.alerts
        self.held += other.held


@dataclass(frozen=True)
class Cause:
    """The story for which visits are folded again."""

    story: str
    corrected: bool
    """It takes back or corrects what it said before."""
    at: datetime
    """When it was entered."""
    taken_back: TakenBack | None = None
    """Given where it is `corrected`."""
    old: bool = False
    """It was published too long ago to be news."""
    desk: ByHand | None = None
    """Given where it is not a story but a person's word."""
    quiet: bool = False
    """It is an old story that was read again, and nobody is to be told what that changes."""
    heard: EntryResult = field(default_factory=EntryResult)
    """Takes what it brings."""


def stand(connection: Connection, cause: Cause, shaped: Shaped, known: KnownVisit | None) -> str:
    trip = shaped.trip
    account = account_of(trip.sightings, snapshots.account(connection, trip.account))
    if known is None:
        after = shaped.over(account.visit(_free_id(connection, account), 1))
        body = after.model_dump_json()
        connection.execute(insert(visits), _columns(after, trip, body) | {"id": after.id})
        before = None
    else:
        old = known.visit
        after = shaped.over(account.visit(old.id, old.revision + 1))
        if known.standing and after.model_copy(update={"revision": old.revision}) == old:
            return old.id
        body = after.model_dump_json()
        _update(connection, old, _columns(after, trip, body))
        before = old if known.standing else None
        if before is None:
            story_reports.mark_visit(connection, old.id)
    cause.heard.changed[after.id] = after
    _claim(connection, after.id, trip, known.stories if known else frozenset())
    connection.execute(insert(visit_updates), {"visit": after.id, "body": body})
    new = before is None or not before.focus
    again = cause.desk is not None and known is not None  # what was dismissed, or merged, stands again
    if not new or again or any(sighting.story == cause.story for sighting in trip.sightings):
        _tell(connection, cause, before, after)  # else two trips were told apart at last, and nothing new was said
    return after.id


def _columns(after: LedgerVisit, trip: Occasion, body: str) -> dict[str, object]:
    return {
        "revision": after.revision,
        "standing": True,
        "merged_into": None,
        "visitor_country": after.visitor.country,
        "destination": after.destination.country or trip.where,
        "status": after.status.value,
        "updated": after.updated,
        "body": body,
    }


def _update(connection: Connection, old: LedgerVisit, values: dict[str, object]) -> None:
    if connection.execute(_UPDATE, {"of": old.id, "then": old.revision, **values}).rowcount != 1:
        raise Overtaken(f"visit {old.id} was changed by another worker")


_UPDATE = update(visits).where(visits.c.id == bindparam("of"), visits.c.revision == bindparam("then"))


def _free_id(connection: Connection, account: Account) -> str:
    if account.first is None:
        raise ValueError("no story reports the visit")
    salt = 0
    while connection.execute(select(visits.c.number).where(visits.c.id == (id := new_id(account.first, salt)))).first():
        salt += 1
    return id


def _claim(connection: Connection, visit: str, trip: Occasion, before: frozenset[str]) -> None:
    new = sorted({sighting.story for sighting in trip.sightings} - before)
    if new:
        rows = [{"story": story, "visit": visit} for story in new]
        connection.execute(insert_or(connection, claims).on_conflict_do_nothing(), rows)


def fall(connection: Connection, cause: Cause, old: LedgerVisit, heir: str | None) -> None:
    """Nothing supports the visit any more, or its reports turned out to be about `heir`."""
    cause.heard.changed[old.id] = None
    gone = fallen(old, cause.story, cause.taken_back, cause.desk)
    values: dict[str, object] = {
        "revision": gone.revision,
        "standing": False,
        "merged_into": heir,
        "body": gone.model_dump_json(),
    }
    _update(connection, old, values)
    connection.execute(insert(visit_updates), {"visit": old.id, "body": None})
    story_reports.mark_visit(connection, old.id)
    if heir is None:
        _tell(connection, cause, old, None, gone)


def _tell(
    connection: Connection,
    cause: Cause,
    before: LedgerVisit | None,
    after: LedgerVisit | None,
    gone: LedgerVisit | None = None,
) -> None:
    kinds: tuple[ChangeKind, ...] = changes(before, after, cause.corrected)
    visit = after or gone
    if not kinds or visit is None:
        return
    alert = alert_of(visit, kinds, before, cause.story, back=cause.taken_back, old=cause.old, desk=cause.desk)
    if cause.quiet:
        cause.heard.held.append(alert)
        return
    cause.heard.alerts.append(alert)
    row = {"id": alert.id, "visit": visit.id, "at": cause.at, "body": alert.model_dump_json()}
    connection.execute(insert(alerts), row | {"not_before": released(alert)})
