"""Folds the whole ledger again, from the stories themselves, and says whether it comes to what stands.

Ids are the one thing that stories alone do not tell: they come from the visits known so far (the ledger's own, or those
of visits-v1). A visit of the same content keeps its id and revision. What is worked on lies on disk: memory grows with
the visitors and destinations that there are, not with the stories.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update
from visitwire_schemas import EnrichedStory, Hand, LedgerVisit

from visitwire_alerting.ledger import hand_log, live_reports
from visitwire_alerting.ledger.fold.components import Groups
from visitwire_alerting.ledger.fold.hands import Shaped, as_wires_had_it, shape
from visitwire_alerting.ledger.fold.identity import KnownVisit, assign, new_id
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.versions import StandingVersion, dump
from visitwire_alerting.ledger.fold.visits import visits_of
from visitwire_alerting.ledger.rebuild_store import RebuildStore
from visitwire_alerting.ledger.rebuild_stories import RebuildInput, content
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.ledger_tables import claims, snapshots, stories, visit_updates, visits
from visitwire_alerting.storage.ledger_tables import sightings as reports


def read(stories_: Iterable[EnrichedStory]) -> RebuildInput:
    """What a stream of stories comes to."""
    told = RebuildInput()
    for enriched in stories_:
        told.take(enriched)
    return told


def stored(engine: Engine) -> RebuildInput:
    """What the ledger has of its stories."""
    told = RebuildInput()
    told.fill(engine)
    return told


def standing(engine: Engine) -> list[LedgerVisit]:
    return list(each_standing(engine))


def each_standing(engine: Engine) -> Iterator[LedgerVisit]:
    """Every visit that stands, one by one."""
    query = select(visits.c.body).where(visits.c.standing).order_by(visits.c.number)
    with reading(engine) as connection:
        for body in connection.execute(query.execution_options(yield_per=100)).scalars():
            yield LedgerVisit.model_validate_json(body)


def standing_ids(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.execute(select(visits.c.id).where(visits.c.standing)).scalars())


def said(engine: Engine, known: Iterable[LedgerVisit]) -> list[Hand]:
    """What people said and stands: by the ledger's log, or by the visits where the log was lost."""
    with reading(engine) as connection:
        entries = hand_log.every(connection)
    told = {hand.id: hand for visit in known for hand in visit.hands} if not entries else {}
    return [entry.hand for entry in entries if entry.lifted is None] or list(told.values())


@dataclass(frozen=True)
class Rebuilt:
    """The ledger as the stories make it, beside the ledger as it stands."""

    told: RebuildInput
    said: tuple[Hand, ...] = ()
    """What people said of the visits."""

    @property
    def stories(self) -> int:
        return self._store.count("told")

    @property
    def count(self) -> int:
        """Of visits."""
        return self._store.count("folded")

    @property
    def _store(self) -> RebuildStore:
        return self.told.store

    def visits(self) -> Iterator[LedgerVisit]:
        for row in self._store.each("select body from folded order by number"):
            yield LedgerVisit.model_validate_json(row[0])

    def trips(self) -> Iterator[tuple[LedgerVisit, "Trip"]]:
        """Each visit with what it is made of."""
        for trip, body in self._store.each("select trip, body from folded order by number"):
            yield LedgerVisit.model_validate_json(body), Trip(**json.loads(trip))

    def differing(self) -> Iterator[tuple[str, LedgerVisit | None, LedgerVisit | None]]:
        """Visits that are not as they stand, by id: how they stand, and as they were rebuilt."""
        query = """
            select folded.id as id, known.body, folded.body from folded left join known using (id)
              where known.body is not folded.body
            union all
            select known.id, known.body, null from known left join folded using (id) where folded.id is null
            order by id"""
        for id, before, after in self._store.each(query):
            yield id, _visit(before), _visit(after)


def _visit(body: str | None) -> LedgerVisit | None:
    return None if body is None else LedgerVisit.model_validate_json(body)


@dataclass(frozen=True)
class Trip:
    """What a rebuilt visit is made of."""

    where: str
    reports: list[list[object]]
    """The key of each report's story, and which of that story's visits it is."""


def rebuild(told: RebuildInput, known: Iterable[LedgerVisit], said: Sequence[Hand] = ()) -> Rebuilt:
    """Folds everything again, and lays over it what people `said`. `known` are the visits as they stand, which give
    their ids."""
    for table in ("reports", "known", "known_stories", "folded"):
        told.store.do(f"delete from {table}")
    for visit in known:
        told.know(visit)
    return refolded(told, said)


def refolded(told: RebuildInput, said: Sequence[Hand] = ()) -> Rebuilt:
    """The same, where `told` knows the visits that stand."""
    work = _Work(told, said)
    work.part()
    for part in list(told.store.parts()):
        work.fold(part)
    for part in [row[0] for row in told.store.each("select distinct part from folded where id is null")]:
        work.name(part)
    return Rebuilt(told, tuple(said))


class _Work:
    def __init__(self, told: RebuildInput, said: Sequence[Hand]) -> None:
        self._told, self._store, self._said = told, told.store, said

    def part(self) -> None:
        """Puts every live report into its group."""
        groups = Groups()
        for sighting in self._told.live():
            groups.meet(sighting.form)
        for sighting in self._told.live():
            groups.join(sighting.form)
        for sighting in self._told.live():
            self._store.report(groups.of(sighting.form), sighting)
        self._store.index()
        for hand in self._said:
            parts = self._store.parts_of(hand.stories)
            if len(parts) > 1:
                self._store.tie(parts)

    def shaped(self, part: str) -> list[Shaped]:
        """The visits of a group as wires and the desk make them."""
        said = self._store.reports_of(part)
        keys = {sighting.story for sighting in said}
        about = [hand for hand in self._said if hand.stories & keys]
        return [one for one in shape(visits_of(said), about) if not one.dismissed]

    def fold(self, part: str) -> None:
        """Keeps the visits of a group; those of the same content as one that stands with its id."""
        for seat, one in enumerate(self.shaped(part)):
            same = "select number, id, body from known where content = ? and taken is null order by number desc limit 1"
            row = self._store.one(same, content(one.fold()))
            if row is not None:
                self._store.do("update known set taken = 1 where number = ?", row[0])
            self._keep(part, seat, row[1] if row else None, one, row[2] if row else None)

    def _keep(self, part: str, seat: int, id: str | None, one: Shaped, body: str | None) -> None:
        made = Trip(one.trip.where, [[said.story, said.ordinal] for said in one.trip.sightings])
        row = part, seat, id, json.dumps(vars(made)), body
        self._store.do("insert into folded (part, seat, id, trip, body) values (?, ?, ?, ?, ?)", *row)

    def name(self, part: str) -> None:
        """Gives those of a group that have no id yet the id of the visit that each likeliest is, else a new one."""
        query = "select seat from folded where part = ? and id is null order by seat"
        seats = [row[0] for row in self._store.each(query, part)]
        shaped = self.shaped(part)
        loose = [shaped[seat] for seat in seats]
        given = assign([one.trip for one in loose], self._left({s.story for one in loose for s in one.trip.sightings}))
        for number, one in enumerate(loose):
            before = given[number].visit if number in given else None
            visit = self._named(one, before.id if before else self._new(one.trip))
            update = "update folded set id = ?, body = ? where part = ? and seat = ?"
            self._store.do(update, visit.id, visit.model_dump_json(), part, seats[number])

    def _named(self, one: Shaped, id: str) -> LedgerVisit:
        row = self._store.one("update known set taken = 1 where id = ? returning body", id)
        if row is None:
            return one.fold(id, 1)
        before = LedgerVisit.model_validate_json(row[0])
        visit = one.fold(id, before.revision)
        return visit if visit == before else visit.model_copy(update={"revision": visit.revision + 1})

    def _left(self, stories_: set[str]) -> list[KnownVisit]:
        """The visits known by one of these stories whose ids are not taken."""
        query = """select known.number, body from known join known_stories using (number)
            where story = ? and taken is null"""
        found = {number: body for story in stories_ for number, body in self._store.each(query, story)}
        visits_ = {number: LedgerVisit.model_validate_json(body) for number, body in sorted(found.items())}
        return [
            KnownVisit(number, as_wires_had_it(one), True, frozenset(report.story for report in one.reports))
            for number, one in visits_.items()
        ]

    def _new(self, trip: Occasion) -> str:
        salt = 0
        while self._is_taken(id := new_id(trip.sightings[0], salt)):
            salt += 1
        return id

    def _is_taken(self, id: str) -> bool:
        query = "select 1 from folded where id = ? union all select 1 from known where id = ? and taken"
        return self._store.one(query, id, id) is not None


def apply(engine: Engine, rebuilt: Rebuilt) -> None:
    """Puts the rebuilt ledger in the place of the one that stands, in one transaction, and publishes what differs.

    Nobody is alerted: nothing happened but the counting again.
    """
    with writing(engine) as connection:
        connection.execute(update(reports).values(snapshot=None))
        connection.execute(delete(snapshots))
        connection.execute(update(visits).values(standing=False))
        for key, standing_, said_ in rebuilt.told.every():
            _put_story(connection, key, standing_, said_)
        _put_hands(connection, rebuilt)
        for id, _, visit in rebuilt.differing():
            body = visit.model_dump_json() if visit else None
            connection.execute(insert(visit_updates).values(visit=id, body=body))
        for visit, trip in rebuilt.trips():
            _put_visit(connection, visit, trip)


def _put_hands(connection: Connection, rebuilt: Rebuilt) -> None:
    """Those that the log lost come back to it, from the visits that had them."""
    there = {entry.hand.id for entry in hand_log.every(connection)}
    lost = [hand for hand in rebuilt.said if hand.id not in there]
    of = {hand.id: visit.id for visit in rebuilt.told.known() for hand in visit.hands} if lost else {}
    for hand in lost:
        hand_log.write(connection, hand, of.get(hand.id, ""), None)


def _put_story(connection: Connection, key: str, standing_: StandingVersion, said_: Sequence[Sighting]) -> None:
    live_reports.replace(connection, key, ())
    connection.execute(delete(stories).where(stories.c.key == key))
    values = {"rank": dump(standing_.rank), "kill_version": standing_.kill_version}
    connection.execute(insert(stories).values(key=key, kill_at=standing_.kill_at, **values))
    live_reports.replace(connection, key, said_)


def _put_visit(connection: Connection, visit: LedgerVisit, trip: Trip) -> None:
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
    theirs = {(story, ordinal) for story, ordinal in trip.reports}
    keys = sorted({str(story) for story, _ in theirs})
    for story in keys:
        connection.execute(delete(claims).where(claims.c.story == story, claims.c.visit == visit.id))
        connection.execute(insert(claims).values(story=story, visit=visit.id))
    held = [one for story in keys for one in live_reports.of_story(connection, story)]
    live_reports.supports(
        connection, visit.id, [one for one in held if (one.sighting.story, one.sighting.ordinal) in theirs]
    )
