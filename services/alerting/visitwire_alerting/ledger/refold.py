"""Folds again the visits that some reports may concern, and has those written that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import BindParameter, Connection, and_, bindparam, or_, select
from visitwire_schemas import Hand, HandKind, LedgerVisit

from visitwire_alerting.ledger import hand_log, live_reports, snapshots
from visitwire_alerting.ledger.fold.hand_ties import joins_or_parts, may_concern, with_rivals
from visitwire_alerting.ledger.fold.hands import as_wires_had_it, merged, shape
from visitwire_alerting.ledger.fold.identity import KnownVisit, assign, heir
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Order, Sighting
from visitwire_alerting.ledger.fold.visits import visits_of
from visitwire_alerting.ledger.related_reports import Related, related
from visitwire_alerting.ledger.snapshot_writer import put_away
from visitwire_alerting.ledger.snapshots import Entered
from visitwire_alerting.ledger.write_visit import Cause, fall, stand
from visitwire_alerting.storage.ledger_tables import claims, visits


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
        ids.append("" if one.dismissed else stand(connection, cause, one, given.get(place)))
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
            fall(connection, cause, visit.visit, (ids[taken_over] or None) if taken_over is not None else None)
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
        near_by, said = related(connection, touched)
        concerned = lost | {held.visit for held in near_by.held if held.visit}
        persons = [person for snapshot in near_by.snapshots for person in snapshot.persons]
        for person in persons:
            person.remember(concerned)
        every = visits_of((held.sighting for held in near_by.held), persons)
        near = [trip for trip in every if trip.sightings or trip.known_as in concerned]
        trips = sorted(with_rivals(near, every, said), key=lambda trip: trip.first_order)
        about = may_concern(filter(joins_or_parts, said), trips)
        if all(trip.account is None for trip in about):
            orders = (sighting.order for trip in about for sighting in trip.sightings)
            return _Found(near_by, trips, said, min(orders, default=None))
        snapshots.reopen(connection, [snapshot.number for snapshot in near_by.snapshots])


def _id_of(given: Mapping[int, KnownVisit], place: int) -> str | None:
    return given[place].visit.id if place in given else None


def place_of(given: Mapping[int, KnownVisit], visit: KnownVisit) -> int | None:
    """The trip that has the visit's id, dismissed though it may be."""
    return next((place for place, known in given.items() if known.number == visit.number), None)


def _known(connection: Connection, told_by: set[str], concerned: set[str]) -> list[KnownVisit]:
    """The visits that are concerned, and those that fell which these stories once reported."""
    stories = list(told_by)
    rows = connection.execute(_CONCERNED, {"concerned": list(concerned), "stories": stories}).all()
    told: dict[str, set[str]] = {row.id: set() for row in rows}
    for visit, story in connection.execute(_CLAIMED, {"visits": list(told), "stories": stories}):
        told[visit].add(story)
    return [
        KnownVisit(row.number, LedgerVisit.model_validate_json(row.body), row.standing, frozenset(told[row.id]))
        for row in rows
    ]


_STORIES: BindParameter[list[str]] = bindparam("stories", expanding=True)
_FALLEN = and_(
    visits.c.standing.is_(False), visits.c.id.in_(select(claims.c.visit).where(claims.c.story.in_(_STORIES)))
)
_CONCERNED = (
    select(visits.c.number, visits.c.standing, visits.c.body, visits.c.id)
    .where(or_(visits.c.id.in_(bindparam("concerned", expanding=True)), _FALLEN))
    .order_by(visits.c.number)
)
_CLAIMED = select(claims.c.visit, claims.c.story).where(
    claims.c.visit.in_(bindparam("visits", expanding=True)), claims.c.story.in_(_STORIES)
)
