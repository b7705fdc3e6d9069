"""Folds the whole ledger again, from the stories themselves, and says whether it comes to what stands.

Ids are the one thing that stories alone do not tell: they come from the visits known so far (the ledger's own, or those
of visits-v1). A visit of the same content keeps its id and revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update
from visitwire_schemas import EnrichedStory, Hand, LedgerVisit

from visitwire_alerting import bag, hand_log
from visitwire_alerting.components import components
from visitwire_alerting.database import reading, writing
from visitwire_alerting.fold import visits_of
from visitwire_alerting.hand import Shaped, as_wires_had_it, shape
from visitwire_alerting.identity import Known, assign, new_id
from visitwire_alerting.occasions import Occasion
from visitwire_alerting.sighting import Sighting, sightings
from visitwire_alerting.tables import claims, snapshots, stories, visit_updates, visits
from visitwire_alerting.tables import sightings as reports
from visitwire_alerting.versions import Standing, content_of, dump, load


@dataclass(frozen=True)
class Told:
    """What is known of a story: its versions, and what the standing one says."""

    standing: Standing
    said: tuple[Sighting, ...]


@dataclass(frozen=True)
class Rebuilt:
    """The ledger as the stories make it, beside the ledger as it stands."""

    told: Mapping[str, Told]
    visits: Mapping[str, LedgerVisit]
    trips: Mapping[str, Occasion]
    before: Mapping[str, LedgerVisit]
    said: tuple[Hand, ...] = ()
    """What people said of them."""

    @property
    def differing(self) -> list[str]:
        """Visits that are not as they stand, by id."""
        return sorted(id for id in {*self.visits, *self.before} if self.visits.get(id) != self.before.get(id))


def read(stories_: Iterable[EnrichedStory]) -> dict[str, Told]:
    """What a stream of stories comes to, whatever its order."""
    told: dict[str, Told] = {}
    for enriched in stories_:
        key, said = enriched.story.key, sightings(enriched)
        was = told.get(key, Told(Standing(), ()))
        now = was.standing.after(enriched, content_of(said))
        told[key] = Told(now, said if now.rank != was.standing.rank else was.said)
    return told


def stored(engine: Engine) -> dict[str, Told]:
    """What the ledger has of its stories."""
    with reading(engine) as connection:
        rows = connection.execute(select(stories)).all()
        return {
            row.key: Told(
                Standing(load(row.rank), row.kill_version, row.kill_at),
                tuple(held.sighting for held in bag.of_story(connection, row.key)),
            )
            for row in rows
        }


def standing(engine: Engine) -> list[LedgerVisit]:
    with reading(engine) as connection:
        bodies = connection.execute(select(visits.c.body).where(visits.c.standing).order_by(visits.c.number))
        return [LedgerVisit.model_validate_json(body) for body in bodies.scalars()]


def said(engine: Engine, known: Sequence[LedgerVisit]) -> list[Hand]:
    """What people said and stands: by the ledger's log, or by the visits where the log was lost."""
    with reading(engine) as connection:
        entries = hand_log.every(connection)
    told = {hand.id: hand for visit in known for hand in visit.hands} if not entries else {}
    return [entry.hand for entry in entries if entry.lifted is None] or list(told.values())


def rebuild(told: Mapping[str, Told], known: Sequence[LedgerVisit], said: Sequence[Hand] = ()) -> Rebuilt:
    """Folds everything again, and lays over it what people `said`. `known` are the visits as they stand, which give
    their ids."""
    live = [sighting for story in told.values() if story.standing.live for sighting in story.said]
    parts = hand_log.tied(components(live), said)
    shaped = [one for part in parts for one in shape(visits_of(part), said) if not one.dismissed]
    given = _ids(shaped, known)
    revisions = {visit.id: visit for visit in known}
    folded: dict[str, LedgerVisit] = {}
    for one, id in zip(shaped, given, strict=True):
        before = revisions.get(id)
        visit = one.fold(id, before.revision if before else 1)
        changed = before is not None and visit != before
        folded[id] = visit.model_copy(update={"revision": visit.revision + 1}) if changed else visit
    return Rebuilt(told, folded, dict(zip(given, [one.trip for one in shaped], strict=True)), revisions, tuple(said))


def _ids(shaped: Sequence[Shaped], known: Sequence[LedgerVisit]) -> list[str]:
    """An id for each trip: that of the visit with the same content, else of the likeliest, else a new one."""
    trips = [one.trip for one in shaped]
    by_content = {_content(visit): visit.id for visit in known}
    same = {place: by_content.get(_content(one.fold())) for place, one in enumerate(shaped)}
    taken = set(same.values())
    loose = [place for place, id in same.items() if id is None]
    left = [
        Known(number, as_wires_had_it(visit), True, frozenset(report.story for report in visit.reports))
        for number, visit in enumerate(known)
        if visit.id not in taken
    ]
    given = assign([trips[place] for place in loose], left)
    for number, place in enumerate(loose):
        same[place] = given[number].visit.id if number in given else _new(trips[place], taken)
        taken.add(same[place])
    return [id for _, id in sorted(same.items()) if id is not None]


def _new(trip: Occasion, taken: set[str | None]) -> str:
    salt = 0
    while (id := new_id(trip.sightings[0], salt)) in taken:
        salt += 1
    return id


def _content(visit: LedgerVisit) -> str:
    return visit.model_dump_json(exclude={"id", "revision"})


def apply(engine: Engine, rebuilt: Rebuilt) -> None:
    """Puts the rebuilt ledger in the place of the one that stands, in one transaction, and publishes what differs.

    Nobody is alerted: nothing happened but the counting again.
    """
    with writing(engine) as connection:
        connection.execute(update(reports).values(snapshot=None))
        connection.execute(delete(snapshots))
        connection.execute(update(visits).values(standing=False))
        for key, told in rebuilt.told.items():
            _put_story(connection, key, told)
        _put_hands(connection, rebuilt)
        for id in rebuilt.differing:
            body = rebuilt.visits[id].model_dump_json() if id in rebuilt.visits else None
            connection.execute(insert(visit_updates).values(visit=id, body=body))
        for id, visit in rebuilt.visits.items():
            _put_visit(connection, visit, rebuilt.trips[id])


def _put_hands(connection: Connection, rebuilt: Rebuilt) -> None:
    """Those that the log lost come back to it, from the visits that had them."""
    there = {entry.hand.id for entry in hand_log.every(connection)}
    of = {hand.id: visit.id for visit in rebuilt.before.values() for hand in visit.hands}
    for hand in rebuilt.said:
        if hand.id not in there:
            hand_log.write(connection, hand, of.get(hand.id, ""), None)


def _put_story(connection: Connection, key: str, told: Told) -> None:
    bag.replace(connection, key, ())
    connection.execute(delete(stories).where(stories.c.key == key))
    values = {"rank": dump(told.standing.rank), "kill_version": told.standing.kill_version}
    connection.execute(insert(stories).values(key=key, kill_at=told.standing.kill_at, **values))
    bag.replace(connection, key, told.said if told.standing.live else ())


def _put_visit(connection: Connection, visit: LedgerVisit, trip: Occasion) -> None:
    values = {
        "revision": visit.revision,
        "standing": True,
        "merged_into": None,
        "visitor_country": visit.visitor.country,
        "destination": visit.destination.country or trip.where,
        "status": visit.status.value,
        "updated": visit.updated,
        "body": visit.model_dump_json(),
    }
    if connection.execute(update(visits).where(visits.c.id == visit.id).values(values)).rowcount == 0:
        connection.execute(insert(visits).values(id=visit.id, **values))
    for story in {sighting.story for sighting in trip.sightings}:
        connection.execute(delete(claims).where(claims.c.story == story, claims.c.visit == visit.id))
        connection.execute(insert(claims).values(story=story, visit=visit.id))
    keys = {sighting.order for sighting in trip.sightings}
    stories_ = {sighting.story for sighting in trip.sightings}
    held = [one for story in sorted(stories_) for one in bag.of_story(connection, story) if one.sighting.order in keys]
    bag.supports(connection, visit.id, held)
