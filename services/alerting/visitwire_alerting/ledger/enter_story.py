"""Enters stories in the ledger: reports, the visits they make, and what is to be told, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update
from visitwire_runtime.database import insert_or
from visitwire_schemas import Alert, ChangeKind, DeskWord, EnrichedStory, Hand, HandKind, LedgerVisit, Story, TakenBack

from visitwire_alerting.ledger import hand_log, live_reports, snapshots, story_reports
from visitwire_alerting.ledger.fold.account import Account
from visitwire_alerting.ledger.fold.alerts import alert_of, fallen, released, taken_back
from visitwire_alerting.ledger.fold.changes import changes
from visitwire_alerting.ledger.fold.hands import Shaped, as_wires_had_it, merged, shape
from visitwire_alerting.ledger.fold.identity import KnownVisit, assign, heir, new_id
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Order, Sighting, sightings
from visitwire_alerting.ledger.fold.versions import StandingVersion, content_of, dump, is_kill, load
from visitwire_alerting.ledger.fold.visits import account_of, visits_of
from visitwire_alerting.ledger.live_reports import Related
from visitwire_alerting.ledger.snapshots import Entered, put_away
from visitwire_alerting.ledger.visitor_locks import hold
from visitwire_alerting.storage.database import Overtaken, committed
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.sql_tables import alerts, claims, stories, visit_updates, visits

TOGETHER = 10
"""Stories entered with one commit on PostgreSQL."""

type Said = tuple[EnrichedStory, tuple[Sighting, ...]]
type Clock = Callable[[], datetime]


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


def record(
    engine: Engine, batch: Sequence[EnrichedStory], clock: Clock = now, news_for: timedelta | None = None
) -> EntryResult:
    """Enters a batch of stories, each folded by itself. The same story again changes nothing.

    On SQLite with one commit, which is what costs; on PostgreSQL a few at a time, since other workers wait meanwhile
    for the visitors that are in them. What a story tells that was published longer ago than `news_for` is marked as
    old; None: nothing is.
    """
    said = [(enriched, sightings(enriched)) for enriched in batch]
    heard = EntryResult()
    size = TOGETHER if engine.dialect.name == "postgresql" else len(said)
    for start in range(0, len(said), max(1, size)):
        heard.add(committed(engine, partial(_record, said=said[start : start + size], clock=clock, news_for=news_for)))
    return heard


def _record(connection: Connection, said: Sequence[Said], clock: Clock, news_for: timedelta | None) -> EntryResult:
    keys = sorted({enriched.key for enriched, _ in said})
    heard = EntryResult()
    rows = [{"key": key, "seen": clock()} for key in keys]
    connection.execute(insert_or(connection, stories).on_conflict_do_nothing(), rows)
    hold(connection, keys, [sighting for _, found in said for sighting in found])
    for enriched, found in said:
        _enter(connection, enriched, found, clock(), news_for, heard)
    return heard


def _enter(
    connection: Connection,
    enriched: EnrichedStory,
    found: Sequence[Sighting],
    at: datetime,
    news_for: timedelta | None,
    heard: EntryResult,
) -> None:
    story, again = enriched.story, enriched.reprocessed
    was = standing_of(connection, story.key)
    knows = was.after(enriched, content_of(found))
    if knows == was:
        return
    _save(connection, story.key, knows)
    held = live_reports.of_story(connection, story.key)
    before = [one.sighting for one in held]
    if is_kill(story) or knows.rank == was.rank:
        after = before if knows.live else []
    else:
        after = list(found) if knows.live else []
    if after == before:
        return
    live_reports.replace(connection, story.key, after)
    withdrawn = is_kill(story) or any(sighting.correction for sighting in after) or not after
    corrected = bool(before) and (withdrawn or again is not None)
    back = taken_back(story, [sighting.report for sighting in before], at) if corrected and again is None else None
    quiet = again is not None and not again.told
    cause = Cause(story.key, corrected, at, back, _old(story, at, news_for), quiet=quiet, heard=heard)
    refold(connection, cause, [*before, *after], {one.visit for one in held if one.visit})


def _old(story: Story, at: datetime, news_for: timedelta | None) -> bool:
    """Whether a story came too late to be news; an embargo that ended since keeps it fresh."""
    told = max(story.published, story.embargoed or story.published)
    return news_for is not None and at - told > news_for


def standing_of(connection: Connection, story: str) -> StandingVersion:
    row = connection.execute(select(stories).where(stories.c.key == story)).one()
    return StandingVersion(load(row.rank), row.kill_version, row.kill_at)


def _save(connection: Connection, story: str, knows: StandingVersion) -> None:
    values = {"rank": dump(knows.rank), "kill_version": knows.kill_version, "kill_at": knows.kill_at}
    connection.execute(update(stories).where(stories.c.key == story).values(values))


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
    desk: DeskWord | None = None
    """Given where it is not a story but a person's word."""
    quiet: bool = False
    """It is an old story that was read again, and nobody is to be told what that changes."""
    heard: EntryResult = field(default_factory=EntryResult)
    """Takes what it brings."""


def refold(connection: Connection, cause: Cause, touched: Sequence[Sighting], lost: set[str]) -> None:
    """Folds every visit that the touched reports may concern, and writes those that changed.

    `lost` are the visits that the story supported until now.
    """
    found = _found(connection, touched, lost)
    live = found.related.held
    shaped = shape(found.trips, found.said)
    trips = [one.trip for one in shaped]
    concerned = lost | {held.visit for held in live if held.visit} | {trip.known_as for trip in trips if trip.known_as}
    known = _known(connection, {cause.story, *(held.sighting.story for held in live)}, concerned)
    joined = {hand.id for one in known for hand in one.visit.hands if hand.kind is HandKind.MERGE}
    parted = hand_log.parted(connection, joined) if joined else {}
    given = assign(trips, [replace(one, visit=as_wires_had_it(one.visit, parted)) for one in known])
    if any(trip.known_as not in (None, _id_of(given, place)) for place, trip in enumerate(trips)):
        # another id than that which its reports in snapshots have: they are to get it too
        snapshots.reopen(connection, [snapshot.number for snapshot in found.related.snapshots])
        refold(connection, cause, touched, lost)
        return
    numbered = {held.sighting.order: held for held in live}
    ids: list[str] = []
    made: list[Entered] = []
    for place, one in enumerate(shaped):
        ids.append("" if one.dismissed else _stand(connection, cause, one, given.get(place)))
        held = [numbered[sighting.order] for sighting in one.trip.sightings]
        if ids[-1]:
            live_reports.supports(connection, ids[-1], held)
        known_as = _id_of(given, place) if one.dismissed else ids[-1]
        made += [Entered(each.number, known_as, each.sighting) for each in held]
    kept = {visit.number for place, visit in given.items() if ids[place]}
    for visit in known:
        if visit.standing and visit.number not in kept:
            taken_over = heir(trips, visit.visit) if place_of(given, visit) is None else None
            taken_over = merged(shaped, visit.visit) if taken_over is None else taken_over
            _fall(connection, cause, visit.visit, (ids[taken_over] or None) if taken_over is not None else None)
    put_away(connection, found.related.snapshots, made, found.said, found.parted)


@dataclass(frozen=True)
class _Found:
    """What may concern some reports."""

    related: Related
    trips: list[Occasion]
    said: list[Hand]
    """What people said of these trips."""
    parted: Order | None
    """The first report of the trips that somebody may have joined or parted; None where nobody did."""


def _found(connection: Connection, touched: Sequence[Sighting], lost: set[str]) -> _Found:
    """All that may concern the touched reports. Trips that somebody may have joined or parted are there with all of
    theirs, out of snapshots where they were put away."""
    while True:
        related, said = hand_log.related(connection, touched)
        concerned = lost | {held.visit for held in related.held if held.visit}
        persons = [person for snapshot in related.snapshots for person in snapshot.persons]
        for person in persons:
            person.remember(concerned)
        every = visits_of((held.sighting for held in related.held), persons)
        near = [trip for trip in every if trip.sightings or trip.known_as in concerned]
        trips = sorted(hand_log.with_rivals(near, every, said), key=lambda trip: trip.first_order)
        about = hand_log.may_concern(filter(hand_log.joins_or_parts, said), trips)
        if all(trip.account is None for trip in about):
            orders = (sighting.order for trip in about for sighting in trip.sightings)
            return _Found(related, trips, said, min(orders, default=None))
        snapshots.reopen(connection, [snapshot.number for snapshot in related.snapshots])


def _id_of(given: Mapping[int, KnownVisit], place: int) -> str | None:
    return given[place].visit.id if place in given else None


def place_of(given: Mapping[int, KnownVisit], visit: KnownVisit) -> int | None:
    """The trip that has the visit's id, dismissed though it may be."""
    return next((place for place, known in given.items() if known.number == visit.number), None)


def _known(connection: Connection, told_by: set[str], concerned: set[str]) -> list[KnownVisit]:
    """The visits that are concerned, and those that fell which these stories once reported."""
    fallen = select(claims.c.visit).where(claims.c.story.in_(told_by))
    query = (
        select(visits.c.number, visits.c.standing, visits.c.body, visits.c.id)
        .where(or_(visits.c.id.in_(concerned), and_(visits.c.standing.is_(False), visits.c.id.in_(fallen))))
        .order_by(visits.c.number)
    )
    rows = connection.execute(query).all()
    told: dict[str, set[str]] = {row.id: set() for row in rows}
    claimed = select(claims.c.visit, claims.c.story).where(claims.c.visit.in_(told), claims.c.story.in_(told_by))
    for visit, story in connection.execute(claimed):
        told[visit].add(story)
    return [
        KnownVisit(row.number, LedgerVisit.model_validate_json(row.body), row.standing, frozenset(told[row.id]))
        for row in rows
    ]


def _stand(connection: Connection, cause: Cause, shaped: Shaped, known: KnownVisit | None) -> str:
    trip = shaped.trip
    account = account_of(trip.sightings, snapshots.account(connection, trip.account))
    if known is None:
        after = shaped.over(account.visit(_free_id(connection, account), 1))
        row = _columns(after, trip) | {"id": after.id}
        connection.execute(insert(visits).values(row))
        before = None
    else:
        old = known.visit
        after = shaped.over(account.visit(old.id, old.revision + 1))
        if known.standing and after.model_copy(update={"revision": old.revision}) == old:
            return old.id
        _update(connection, old, _columns(after, trip))
        before = old if known.standing else None
        if before is None:
            story_reports.mark_visit(connection, old.id)
    cause.heard.changed[after.id] = after
    _claim(connection, after.id, trip, known.stories if known else frozenset())
    connection.execute(insert(visit_updates).values(visit=after.id, body=after.model_dump_json()))
    new = before is None or not before.focus
    again = cause.desk is not None and known is not None  # what was dismissed, or merged, stands again
    if not new or again or any(sighting.story == cause.story for sighting in trip.sightings):
        _tell(connection, cause, before, after)  # else two trips were told apart at last, and nothing new was said
    return after.id


def _columns(after: LedgerVisit, trip: Occasion) -> dict[str, object]:
    return {
        "revision": after.revision,
        "standing": True,
        "merged_into": None,
        "visitor_country": after.visitor.country,
        "destination": after.destination.country or trip.where,
        "status": after.status.value,
        "updated": after.updated,
        "body": after.model_dump_json(),
    }


def _update(connection: Connection, old: LedgerVisit, values: dict[str, object]) -> None:
    where = (visits.c.id == old.id) & (visits.c.revision == old.revision)
    if connection.execute(update(visits).where(where).values(values)).rowcount != 1:
        raise Overtaken(f"visit {old.id} was changed by another worker")


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


def _fall(connection: Connection, cause: Cause, old: LedgerVisit, heir: str | None) -> None:
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
    connection.execute(insert(visit_updates).values(visit=old.id, body=None))
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
    connection.execute(insert(alerts).values(row | {"not_before": released(alert)}))
