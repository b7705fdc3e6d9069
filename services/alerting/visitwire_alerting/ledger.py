"""Enters stories in the ledger: reports, the visits they make, and what is to be told, in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update
from visitwire_runtime import Unavailable
from visitwire_schemas import ChangeKind, DeskWord, EnrichedStory, LedgerVisit, Story, TakenBack

from visitwire_alerting import bag, hand_log
from visitwire_alerting.announce import alert_of, fallen, released, taken_back
from visitwire_alerting.changes import changes
from visitwire_alerting.database import insert_or, is_postgresql, writing
from visitwire_alerting.fold import visits_of
from visitwire_alerting.hand import Shaped, as_wires_had_it, merged, shape
from visitwire_alerting.identity import Known, assign, heir, new_id
from visitwire_alerting.occasions import Occasion
from visitwire_alerting.sighting import Sighting, sightings
from visitwire_alerting.tables import alerts, claims, places, stories, visit_updates, visits
from visitwire_alerting.versions import Standing, content_of, dump, is_kill, load

type Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def record(
    engine: Engine, batch: Sequence[EnrichedStory], clock: Clock = now, news_for: timedelta | None = None
) -> None:
    """Enters a batch of stories, each folded by itself, with one commit. The same story again changes nothing.

    What a story tells that was published longer ago than `news_for` is marked as old; None: nothing is.
    """
    said = [(enriched.story, sightings(enriched)) for enriched in batch]
    with writing(engine) as connection:
        _lock(connection, said)
        for story, found in said:
            _enter(connection, story, found, clock(), news_for)


def _lock(connection: Connection, said: Sequence[tuple[Story, tuple[Sighting, ...]]]) -> None:
    """Keeps other workers from these stories and destinations until the commit.

    Stories first, then destinations, each sorted, so that two workers never wait for each other. SQLite has one writer
    at a time anyway.
    """
    keys = sorted({story.key for story, _ in said})
    connection.execute(insert_or(connection, stories).on_conflict_do_nothing(), [{"key": key} for key in keys])
    if not is_postgresql(connection):
        return
    ordered = select(stories.c.key).where(stories.c.key.in_(keys)).order_by(stories.c.key)
    connection.execute(ordered.with_for_update())
    held = {one.sighting.where for key in keys for one in bag.of_story(connection, key)}
    held |= {sighting.where for sighting in hand_log.of_stories(connection, keys)}
    lock_places(connection, held | {sighting.where for _, found in said for sighting in found})


def lock_places(connection: Connection, where: Iterable[str]) -> None:
    """Keeps other workers from folding visits to these destinations until the commit."""
    codes = sorted(where)
    if codes:
        connection.execute(insert_or(connection, places).on_conflict_do_nothing(), [{"code": code} for code in codes])
        rows = select(places.c.code).where(places.c.code.in_(codes)).order_by(places.c.code)
        connection.execute(rows.with_for_update())


def _enter(
    connection: Connection, story: Story, found: Sequence[Sighting], at: datetime, news_for: timedelta | None
) -> None:
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
    back = taken_back(story, [sighting.report for sighting in before], at) if corrected else None
    cause = Cause(story.key, corrected, at, back, _old(story, at, news_for))
    refold(connection, cause, [*before, *after], {one.visit for one in held if one.visit})


def _old(story: Story, at: datetime, news_for: timedelta | None) -> bool:
    """Whether a story came too late to be news; an embargo that ended since keeps it fresh."""
    told = max(story.published, story.embargoed or story.published)
    return news_for is not None and at - told > news_for


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
    """When it was entered."""
    taken_back: TakenBack | None = None
    """Given where it is `corrected`."""
    old: bool = False
    """It was published too long ago to be news."""
    desk: DeskWord | None = None
    """Given where it is no story but a person's word."""


def refold(connection: Connection, cause: Cause, touched: Sequence[Sighting], lost: set[str]) -> None:
    """Folds every visit that the touched reports may concern, and writes those that changed.

    `lost` are the visits that the story supported until now.
    """
    live, said = hand_log.related(connection, touched)
    shaped = shape(visits_of(held.sighting for held in live), said)
    trips = [one.trip for one in shaped]
    known = _known(connection, {cause.story, *(held.sighting.story for held in live)}, lost | _supported(live))
    given = assign(trips, [replace(one, visit=as_wires_had_it(one.visit)) for one in known])
    numbered = {held.sighting.order: held for held in live}
    ids: list[str] = []
    for place, one in enumerate(shaped):
        ids.append("" if one.dismissed else _stand(connection, cause, one, given.get(place)))
        if ids[-1]:
            bag.supports(connection, ids[-1], [numbered[sighting.order] for sighting in one.trip.sightings])
    kept = {visit.number for place, visit in given.items() if ids[place]}
    for visit in known:
        if visit.standing and visit.number not in kept:
            taken_over = heir(trips, visit.visit) if place_of(given, visit) is None else None
            taken_over = merged(shaped, visit.visit) if taken_over is None else taken_over
            _fall(connection, cause, visit.visit, (ids[taken_over] or None) if taken_over is not None else None)


def place_of(given: Mapping[int, Known], visit: Known) -> int | None:
    """The trip that has the visit's id, dismissed though it may be."""
    return next((place for place, known in given.items() if known.number == visit.number), None)


def _supported(live: Iterable[bag.Held]) -> set[str]:
    return {held.visit for held in live if held.visit}


def _known(connection: Connection, told_by: set[str], supported: set[str]) -> list[Known]:
    """The visits that these reports support now, and those that fell which their stories once reported."""
    fallen = select(claims.c.visit).where(claims.c.story.in_(told_by))
    query = (
        select(visits.c.number, visits.c.standing, visits.c.body, visits.c.id)
        .where(or_(visits.c.id.in_(supported), and_(visits.c.standing.is_(False), visits.c.id.in_(fallen))))
        .order_by(visits.c.number)
    )
    rows = connection.execute(query).all()
    told: dict[str, set[str]] = {row.id: set() for row in rows}
    for visit, story in connection.execute(select(claims.c.visit, claims.c.story).where(claims.c.visit.in_(told))):
        told[visit].add(story)
    return [
        Known(row.number, LedgerVisit.model_validate_json(row.body), row.standing, frozenset(told[row.id]))
        for row in rows
    ]


def _stand(connection: Connection, cause: Cause, shaped: Shaped, known: Known | None) -> str:
    trip = shaped.trip
    if known is None:
        after = shaped.fold(_free_id(connection, trip), 1)
        row = _columns(after, trip) | {"id": after.id}
        connection.execute(insert(visits).values(row))
        before = None
    else:
        old = known.visit
        after = shaped.fold(old.id, old.revision + 1)
        if known.standing and after.model_copy(update={"revision": old.revision}) == old:
            return old.id
        _update(connection, old, _columns(after, trip))
        before = old if known.standing else None
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
        "destination": after.destination.country or trip.sightings[0].where,
        "status": after.status.value,
        "updated": after.updated,
        "body": after.model_dump_json(),
    }


def _update(connection: Connection, old: LedgerVisit, values: dict[str, object]) -> None:
    where = (visits.c.id == old.id) & (visits.c.revision == old.revision)
    if connection.execute(update(visits).where(where).values(values)).rowcount != 1:
        raise Unavailable(f"visit {old.id} was changed by another worker")


def _free_id(connection: Connection, trip: Occasion) -> str:
    salt = 0
    while connection.execute(select(visits.c.number).where(visits.c.id == (id := new_id(trip, salt)))).first():
        salt += 1
    return id


def _claim(connection: Connection, visit: str, trip: Occasion, before: frozenset[str]) -> None:
    new = sorted({sighting.story for sighting in trip.sightings} - before)
    if new:
        rows = [{"story": story, "visit": visit} for story in new]
        connection.execute(insert_or(connection, claims).on_conflict_do_nothing(), rows)


def _fall(connection: Connection, cause: Cause, old: LedgerVisit, heir: str | None) -> None:
    """Nothing supports the visit any more, or its reports turned out to be about `heir`."""
    gone = fallen(old, cause.story, cause.taken_back, cause.desk)
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
    alert = alert_of(visit, kinds, before, cause.story, back=cause.taken_back, old=cause.old, desk=cause.desk)
    row = {"id": alert.id, "visit": visit.id, "at": cause.at, "body": alert.model_dump_json()}
    connection.execute(insert(alerts).values(row | {"not_before": released(alert)}))
