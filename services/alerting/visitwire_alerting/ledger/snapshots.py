"""What long reported visits come to, so that a story of today is folded with the latest reports alone.

The fold takes reports by publication time, so what it has made of the earliest can be kept and gone on from: the result
is the same. A report that comes late, or is killed or corrected, opens the snapshots of its time again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, CursorResult, delete, insert, select, update
from visitwire_schemas import Hand

from visitwire_alerting.ledger.fold.account import Account
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Order, Sighting
from visitwire_alerting.ledger.fold.visitor_form import Form
from visitwire_alerting.ledger.fold.visitors import Visitor
from visitwire_alerting.ledger.fold.visits import account_of, visits_of
from visitwire_alerting.storage.database import Overtaken
from visitwire_alerting.storage.ledger_tables import accounts, sightings, snapshot_keys, snapshots

MOST = 64
"""Reports that are folded with each story, at most; then the earlier half is put into a snapshot."""
KEPT = 32

_PERSONS = TypeAdapter(list[Visitor])


@dataclass(frozen=True)
class Snapshot:
    """What some visitors' reports come to up to a moment."""

    number: int
    until: str
    size: int
    body: str
    persons: list[Visitor] = field(repr=False)
    """To be gone on from, once: taking a report changes them."""

    def forms(self) -> Iterable[Form]:
        return (form for person in self.persons for form in person.forms())


@dataclass(frozen=True)
class Entered:
    """A live report that may be put away: its number, and the visit that it supports, or would if nobody had dismissed
    it."""

    number: int
    visit: str | None
    sighting: Sighting


def place(order: Order) -> str:
    """Where a report stands in time, as text that sorts alike; reports of one story stand at one place."""
    published, story, _ = order
    return f"{published.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')} {story}"


def with_keys(connection: Connection, keys: Collection[str], found: dict[int, Snapshot]) -> list[Snapshot]:
    """The latest snapshots that have one of these marks and are not among `found`, to which they are added."""
    marked = select(snapshot_keys.c.snapshot).where(snapshot_keys.c.key.in_(keys))
    query = select(snapshots).where(snapshots.c.later.is_(None), snapshots.c.number.in_(marked))
    query = query.where(snapshots.c.number.not_in(found)) if found else query
    new = [
        Snapshot(row.number, row.until, row.size, row.body, _PERSONS.validate_json(row.body))
        for row in connection.execute(query.order_by(snapshots.c.number))
    ]
    found.update({one.number: one for one in new})
    return new


def account(connection: Connection, number: int | None) -> Account | None:
    """What a trip's settled reports come to."""
    if number is None:
        return None
    body = connection.execute(select(accounts.c.body).where(accounts.c.number == number)).scalar_one()
    return Account.model_validate_json(body)


def reopen(connection: Connection, numbers: Sequence[int]) -> None:
    """Lets the reports of these snapshots be folded again, from those before on."""
    connection.execute(update(sightings).where(sightings.c.snapshot.in_(numbers)).values(snapshot=None))
    connection.execute(update(snapshots).where(snapshots.c.later.in_(numbers)).values(later=None))
    _all(connection.execute(delete(snapshots).where(snapshots.c.number.in_(numbers))), numbers)


def _all(changed: CursorResult[Any], numbers: Sequence[int]) -> None:
    if changed.rowcount != len(numbers):
        raise Overtaken("another worker put the same reports away")


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
    persons = [person for one in before for person in _PERSONS.validate_json(one.body)]
    visits = {one.sighting.order: one.visit for one in settled}
    trips = visits_of((one.sighting for one in settled), persons)
    until = place(settled[-1].sighting.order)
    row = {"until": until, "size": len(settled), "body": ""}
    number = connection.execute(insert(snapshots).values(row).returning(snapshots.c.number)).scalar_one()
    for trip in trips:
        if trip.sightings:
            said = account_of(trip.sightings, account(connection, trip.account))
            kept = insert(accounts).values(snapshot=number, body=said.model_dump_json())
            trip.account = connection.execute(kept.returning(accounts.c.number)).scalar_one()
            trip.known_as, trip.settled = visits[trip.sightings[-1].order], said.stories
            _note(trip, hands)
    for person in persons:
        person.rest(settled[-1].sighting.report.published.date())
    body = _PERSONS.dump_json(persons).decode()
    connection.execute(update(snapshots).where(snapshots.c.number == number).values(body=body))
    marks = {mark for person in persons for form in person.forms() for mark in form.marks}
    connection.execute(insert(snapshot_keys), [{"key": mark, "snapshot": number} for mark in sorted(marks)])
    held = [one.number for one in settled]
    still = sightings.c.id.in_(held) & sightings.c.snapshot.is_(None)
    _all(connection.execute(update(sightings).where(still).values(snapshot=number)), held)
    earlier = [one.number for one in before]
    still = snapshots.c.number.in_(earlier) & snapshots.c.later.is_(None)
    _all(connection.execute(update(snapshots).where(still).values(later=number)), earlier)
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
