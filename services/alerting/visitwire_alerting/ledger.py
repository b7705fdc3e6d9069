"""Enters stories in the ledger: reports, the visits they make, and what is to be told, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update
from visitwire_schemas import ChangeKind, EnrichedStory, LedgerVisit, Story

from visitwire_alerting import bag, snapshots
from visitwire_alerting.account import Account
from visitwire_alerting.announce import alert_of, released
from visitwire_alerting.changes import changes
from visitwire_alerting.database import Overtaken, insert_or, is_postgresql, lock, writing
from visitwire_alerting.fold import account_of, visits_of
from visitwire_alerting.identity import Known, assign, heir, new_id
from visitwire_alerting.occasions import Occasion
from visitwire_alerting.sighting import Sighting, sightings
from visitwire_alerting.snapshots import Entered, put_away
from visitwire_alerting.tables import alerts, claims, stories, visit_updates, visits
from visitwire_alerting.versions import Standing, content_of, dump, is_kill, load

TOGETHER = 10
"""Stories entered with one commit on PostgreSQL."""
TRIES = 5
"""Another worker may reach a visit by a report that neither of two stories shares with the other."""

type Said = tuple[Story, tuple[Sighting, ...]]
type Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def record(engine: Engine, batch: Sequence[EnrichedStory], clock: Clock = now) -> None:
    """Enters a batch of stories, each folded by itself. The same story again changes nothing.

    On SQLite with one commit, which is what costs; on PostgreSQL a few at a time, since other workers wait meanwhile
    for the visitors that are in them.
    """
    said = [(enriched.story, sightings(enriched)) for enriched in batch]
    size = TOGETHER if engine.dialect.name == "postgresql" else len(said)
    for start in range(0, len(said), max(1, size)):
        _record(engine, said[start : start + size], clock)


def _record(engine: Engine, said: Sequence[Said], clock: Clock) -> None:
    for tried in range(TRIES):
        try:
            with writing(engine) as connection:
                _lock(connection, said)
                for story, found in said:
                    _enter(connection, story, found, clock())
            return
        except Overtaken:
            if tried == TRIES - 1:
                raise


def _lock(connection: Connection, said: Sequence[Said]) -> None:
    """Keeps other workers until the commit from these stories, and from every report that may be of a visitor in them.

    Stories first, then visitors, each sorted, so that two workers never wait for each other. SQLite has one writer at a
    time anyway.
    """
    keys = sorted({story.key for story, _ in said})
    connection.execute(insert_or(connection, stories).on_conflict_do_nothing(), [{"key": key} for key in keys])
    if not is_postgresql(connection):
        return
    ordered = select(stories.c.key).where(stories.c.key.in_(keys)).order_by(stories.c.key)
    connection.execute(ordered.with_for_update())
    forms = {sighting.form for _, found in said for sighting in found}
    forms |= {one.sighting.form for key in keys for one in bag.of_story(connection, key)}
    turns: dict[str, bool] = {}
    for form in forms:
        for key, alone in form.turns.items():
            turns[key] = alone or turns.get(key, False)
    lock(connection, turns)


def _enter(connection: Connection, story: Story, found: Sequence[Sighting], at: datetime) -> None:
    was = standing_of(connection, story.key)
    knows = was.after(story, content_of(found))
    if knows == was:
        return
    _save(connection, story.key, knows)
    held = bag.of_story(connection, story.key)
    before = [one.sighting for one in held]
    if is_kill(story) or knows.rank == was.rank:
        after = before if knows.live else []
    else:
        after = list(found) if knows.live else []
    if after == before:
        return
    bag.replace(connection, story.key, after)
    corrected = bool(before) and (is_kill(story) or any(sighting.correction for sighting in after) or not after)
    _refold(connection, Cause(story.key, corrected, at), [*before, *after], {one.visit for one in held if one.visit})


def standing_of(connection: Connection, story: str) -> Standing:
    row = connection.execute(select(stories).where(stories.c.key == story)).one()
    return Standing(load(row.rank), row.kill_version, row.kill_at)


def _save(connection: Connection, story: str, knows: Standing) -> None:
    values = {"rank": dump(knows.rank), "kill_version": knows.kill_version, "kill_at": knows.kill_at}
    connection.execute(update(stories).where(stories.c.key == story).values(values))


@dataclass(frozen=True)
class Cause:
    """The story for which visits are folded again."""

    story: str
    corrected: bool
    """It takes back or corrects what it said before."""
    at: datetime


def _refold(connection: Connection, cause: Cause, touched: Sequence[Sighting], lost: set[str]) -> None:
    """Folds every visit that the touched reports may concern, and writes those that changed.

    `lost` are the visits that the story supported until now.
    """
    found = bag.related(connection, touched)
    live = found.held
    concerned = lost | {held.visit for held in live if held.visit}
    persons = [person for snapshot in found.snapshots for person in snapshot.persons]
    for person in persons:
        person.remember(concerned)
    every = visits_of((held.sighting for held in live), persons)
    trips = [trip for trip in every if trip.sightings or trip.known_as in concerned]
    concerned |= {trip.known_as for trip in trips if trip.known_as}
    known = _known(connection, {cause.story, *(held.sighting.story for held in live)}, concerned)
    given = assign(trips, known)
    numbered = {held.sighting.order: held for held in live}
    ids: list[str] = []
    entered: list[Entered] = []
    for place, trip in enumerate(trips):
        ids.append(_stand(connection, cause, trip, given.get(place)))
        held = [numbered[sighting.order] for sighting in trip.sightings]
        bag.supports(connection, ids[-1], held)
        entered += [Entered(one.number, ids[-1], one.sighting) for one in held]
    kept = {visit.number for visit in given.values()}
    for visit in known:
        if visit.standing and visit.number not in kept:
            taken_over = heir(trips, visit.visit)
            _fall(connection, cause, visit.visit, None if taken_over is None else ids[taken_over])
    put_away(connection, found.snapshots, entered)


def _known(connection: Connection, told_by: set[str], concerned: set[str]) -> list[Known]:
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
        Known(row.number, LedgerVisit.model_validate_json(row.body), row.standing, frozenset(told[row.id]))
        for row in rows
    ]


def _stand(connection: Connection, cause: Cause, trip: Occasion, known: Known | None) -> str:
    account = account_of(trip.sightings, snapshots.account(connection, trip.account))
    if known is None:
        after = account.visit(_free_id(connection, account), 1)
        row = _columns(after, trip) | {"id": after.id}
        connection.execute(insert(visits).values(row))
        before = None
    else:
        old = known.visit
        after = account.visit(old.id, old.revision + 1)
        if known.standing and after.model_copy(update={"revision": old.revision}) == old:
            return old.id
        _update(connection, old, _columns(after, trip))
        before = old if known.standing else None
    _claim(connection, after.id, trip, known.stories if known else frozenset())
    connection.execute(insert(visit_updates).values(visit=after.id, body=after.model_dump_json()))
    new = before is None or not before.focus
    if not new or any(sighting.story == cause.story for sighting in trip.sightings):
        _tell(connection, cause, before, after)  # else two trips were told apart at last, and nothing new was said
    return after.id


def _columns(after: LedgerVisit, trip: Occasion) -> dict[str, object]:
    return {
        "revision": after.revision,
        "standing": True,
        "merged_into": None,
        "visitor_country": after.visitor.country,
        "destination": trip.where,
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
    gone = old.model_copy(update={"revision": old.revision + 1})
    values: dict[str, object] = {
        "revision": gone.revision,
        "standing": False,
        "merged_into": heir,
        "body": gone.model_dump_json(),
    }
    _update(connection, old, values)
    connection.execute(insert(visit_updates).values(visit=old.id, body=None))
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
    alert = alert_of(visit, kinds, before, cause.story)
    row = {"id": alert.id, "visit": visit.id, "at": cause.at, "body": alert.model_dump_json()}
    connection.execute(insert(alerts).values(row | {"not_before": released(alert)}))
