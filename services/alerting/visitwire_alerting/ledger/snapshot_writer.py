"""Puts the earlier of many live reports into a snapshot, with what they come to."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update
from visitwire_schemas import Hand

from visitwire_alerting.ledger.fold.account import ACCOUNT
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Order
from visitwire_alerting.ledger.fold.visits import account_of, visits_of
from visitwire_alerting.ledger.snapshots import PERSONS, Entered, Snapshot, account, all_changed, place
from visitwire_alerting.storage.ledger_tables import accounts, sightings, snapshot_keys, snapshots

MOST = 64
"""Reports that are folded with each story, at most; then the earlier half is put into a snapshot."""
KEPT = 32


def put_away(
    connection: Connection,
    before: Sequence[Snapshot],
    entered: Sequence[Entered],
    said: Sequence[Hand] = (),
    until: Order | None = None,
) -> None:
    """Puts the earlier of the live reports into a snapshot, when there are many: those before `until`, if given.
    `before` are the snapshots that it goes on from, and `said` is what people said of these reports."""
    if len(entered) <= MOST:
        return
    ordered = sorted(entered, key=lambda one: one.sighting.order)
    cut = len(ordered) - KEPT
    if until is not None:
        cut = min(cut, sum(one.sighting.order < until for one in ordered))
    while cut and ordered[cut].sighting.story == ordered[cut - 1].sighting.story:
        cut -= 1
    if cut:
        _make(connection, before, ordered[:cut], said)


def _make(
    connection: Connection, before: Sequence[Snapshot], settled: Sequence[Entered], hands: Sequence[Hand]
) -> None:
    persons = [person for one in before for person in PERSONS.validate_json(one.body)]
    visits = {one.sighting.order: one.visit for one in settled}
    trips = visits_of((one.sighting for one in settled), persons)
    until = place(settled[-1].sighting.order)
    row = {"until": until, "size": len(settled), "body": ""}
    number = connection.execute(insert(snapshots).values(row).returning(snapshots.c.number)).scalar_one()
    for trip in trips:
        if trip.sightings:
            said = account_of(trip.sightings, account(connection, trip.account))
            kept = insert(accounts).values(snapshot=number, body=ACCOUNT.dump_json(said).decode())
            trip.account = connection.execute(kept.returning(accounts.c.number)).scalar_one()
            trip.known_as, trip.settled = visits[trip.sightings[-1].order], said.stories
            _note(trip, hands)
    for person in persons:
        person.rest(settled[-1].sighting.report.published.date())
    body = PERSONS.dump_json(persons).decode()
    connection.execute(update(snapshots).where(snapshots.c.number == number).values(body=body))
    marks = {mark for person in persons for form in person.forms() for mark in form.marks}
    connection.execute(insert(snapshot_keys), [{"key": mark, "snapshot": number} for mark in sorted(marks)])
    held = [one.number for one in settled]
    still = sightings.c.id.in_(held) & sightings.c.snapshot.is_(None)
    all_changed(connection.execute(update(sightings).where(still).values(snapshot=number)), held)
    earlier = [one.number for one in before]
    still = snapshots.c.number.in_(earlier) & snapshots.c.later.is_(None)
    all_changed(connection.execute(update(snapshots).where(still).values(later=number)), earlier)
    _absorb(connection, number, len(settled), set().union(*(person.accounts() for person in persons)))


def _note(trip: Occasion, hands: Sequence[Hand]) -> None:
    """How many of the trip's reports each hand names, by which it finds the trip again."""
    stories = {sighting.story for sighting in trip.sightings}
    for hand in hands:
        shared = len(stories.intersection(hand.about.stories))
        if shared:
            trip.spoken_of[hand.id] = trip.spoken_of.get(hand.id, 0) + shared


def _absorb(connection: Connection, number: int, size: int, kept: set[int]) -> None:
    """Takes the place of earlier snapshots that are no larger, so that there are few: each is twice as large as the one
    after it, and what is opened for a report is hardly more than what came after that."""
    query = select(snapshots.c.number, snapshots.c.size).where(snapshots.c.later == number)
    while small := [row for row in connection.execute(query) if row.size <= size]:
        gone = [row.number for row in small]
        size += sum(row.size for row in small)
        ours = accounts.c.snapshot.in_(gone) & accounts.c.number.in_(kept)
        connection.execute(update(accounts).where(ours).values(snapshot=number))
        connection.execute(update(sightings).where(sightings.c.snapshot.in_(gone)).values(snapshot=number))
        connection.execute(update(snapshots).where(snapshots.c.later.in_(gone)).values(later=number))
        connection.execute(delete(snapshots).where(snapshots.c.number.in_(gone)))
        connection.execute(update(snapshots).where(snapshots.c.number == number).values(size=size))
