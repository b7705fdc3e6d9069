"""The log of what people said of visits, in the ledger's database, and what it ties together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update
from visitwire_schemas import Hand, HandKind, Like

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.live_reports import Related
from visitwire_alerting.ledger.snapshots import Snapshot
from visitwire_alerting.storage.sql_tables import hand_stories, hands, sightings, snapshots


@dataclass(frozen=True)
class HandLogEntry:
    """A line of the log."""

    hand: Hand
    visit: str
    """The id that the visit had when it was said."""
    lifted: datetime | None
    """When it was taken back; None while it stands."""
    lifted_by: str | None


def write(connection: Connection, hand: Hand, visit: str, other: str | None) -> None:
    """Adds a line; `other` is the id of the visit that was merged into this one."""
    row = {"id": hand.id, "visit": visit, "other": other, "at": hand.at, "body": hand.model_dump_json()}
    number = connection.execute(insert(hands).values(row).returning(hands.c.number)).scalar_one()
    rows = [{"hand": number, "story": story} for story in sorted(stories_of(hand))]
    connection.execute(insert(hand_stories), rows)


def after_all(connection: Connection, at: datetime) -> datetime:
    """`at`, or just after the last that was said, if a clock says that this was later: the later word stands."""
    last: datetime | None = connection.execute(select(func.max(hands.c.at))).scalar_one()
    return at if last is None or last < at else last + timedelta(microseconds=1)


def joins_or_parts(hand: Hand) -> bool:
    """Whether it says which reports are of one visit: then all of them are folded with it."""
    return hand.kind in (HandKind.MERGE, HandKind.SPLIT)


def stories_of(hand: Hand) -> frozenset[str]:
    """The keys of the stories by which a hand finds its visits."""
    return frozenset((*hand.about.stories, *(hand.other.stories if hand.other else ())))


def find(connection: Connection, id: str) -> HandLogEntry | None:
    row = connection.execute(select(hands).where(hands.c.id == id)).first()
    return None if row is None else _entry(row)


def mark_lifted(connection: Connection, id: str, by: str, at: datetime) -> bool:
    """False for one that is lifted already."""
    this = (hands.c.id == id) & hands.c.lifted.is_(None)
    return connection.execute(update(hands).where(this).values(lifted=at, lifted_by=by)).rowcount == 1


def of_visit(connection: Connection, visit: str, standing: Iterable[str] = ()) -> list[HandLogEntry]:
    """What was ever said of a visit, the earliest first; `standing` are the ids of the hands that it has in it."""
    asked = or_(hands.c.visit == visit, hands.c.other == visit, hands.c.id.in_(list(standing)))
    return [_entry(row) for row in connection.execute(select(hands).where(asked).order_by(hands.c.at, hands.c.id))]


def parted(connection: Connection, merges: Iterable[str]) -> dict[str, dict[str, Like]]:
    """Of these merges those that were taken back: what either visit was like before, by its id."""
    asked = select(hands).where(hands.c.id.in_(list(merges)), hands.c.lifted.is_not(None), hands.c.other.is_not(None))
    found = ((row, Hand.model_validate_json(row.body)) for row in connection.execute(asked))
    return {hand.id: {row.visit: hand.about, row.other: hand.other} for row, hand in found if hand.other is not None}


def every(connection: Connection) -> list[HandLogEntry]:
    return [_entry(row) for row in connection.execute(select(hands).order_by(hands.c.at, hands.c.id))]


def standing(connection: Connection) -> list[Hand]:
    """All that stands."""
    return [entry.hand for entry in every(connection) if entry.lifted is None]


def _entry(row: Row[Any]) -> HandLogEntry:
    return HandLogEntry(Hand.model_validate_json(row.body), row.visit, row.lifted, row.lifted_by)


def _about(connection: Connection, stories: Collection[str]) -> list[Hand]:
    """The hands that stand and find a visit by one of these stories."""
    mine = select(hand_stories.c.hand).where(hand_stories.c.story.in_(stories))
    query = select(hands.c.body).where(hands.c.number.in_(mine), hands.c.lifted.is_(None))
    return [Hand.model_validate_json(body) for body in connection.execute(query).scalars()]


def related(connection: Connection, seeds: Sequence[Sighting]) -> tuple[Related, list[Hand]]:
    """All that may be of one visit with a seed, the desk's word included, and that word.

    A hand finds its visit among all reports of its stories: those that are in none of the snapshots found are fetched.
    """
    wanted = list(seeds)
    while True:
        found = live_reports.related(connection, wanted)
        said = {hand.id: hand for hand in _put_away(connection, found.snapshots)}
        tied = {sighting.story for sighting in (*wanted, *(held.sighting for held in found.held))}
        asked: set[str] = set()
        while new := tied - asked:
            asked |= new
            fresh = [hand for hand in _about(connection, new) if hand.id not in said]
            said |= {hand.id: hand for hand in fresh}
            tied |= {story for hand in fresh for story in stories_of(hand)}
        missing = _missing(connection, said, found)
        if not missing:
            return found, list(said.values())
        wanted += missing


def _put_away(connection: Connection, found: Iterable[Snapshot]) -> list[Hand]:
    """The hands about trips of these snapshots."""
    ids = {id for snapshot in found for person in snapshot.persons for trip in person.trips for id in trip.spoken_of}
    if not ids:
        return []
    query = select(hands.c.body).where(hands.c.id.in_(ids), hands.c.lifted.is_(None))
    return [Hand.model_validate_json(body) for body in connection.execute(query).scalars()]


def _missing(connection: Connection, said: Collection[str], found: Related) -> list[Sighting]:
    """The live reports of the stories of these hands that were not found, nor are in the snapshots that were."""
    if not said:
        return []
    named = select(hand_stories.c.story).join(hands, hands.c.number == hand_stories.c.hand).where(hands.c.id.in_(said))
    elsewhere = sightings.c.snapshot.is_(None) | sightings.c.snapshot.not_in(_chain(connection, found.snapshots))
    query = select(sightings.c.id, sightings.c.body).where(sightings.c.story.in_(named), elsewhere)
    here = {held.number for held in found.held}
    return [Sighting.model_validate_json(row.body) for row in connection.execute(query) if row.id not in here]


def _chain(connection: Connection, latest: Iterable[Snapshot]) -> set[int]:
    """The numbers of these snapshots and of those that they go on from."""
    found = new = {snapshot.number for snapshot in latest}
    while new:
        query = select(snapshots.c.number).where(snapshots.c.later.in_(new))
        new = set(connection.execute(query).scalars())
        found = found | new
    return found


def _of_stories(connection: Connection, stories: Collection[str]) -> list[Sighting]:
    rows = connection.execute(select(sightings.c.body).where(sightings.c.story.in_(stories))).scalars()
    return [Sighting.model_validate_json(body) for body in rows]


def of_stories(connection: Connection, stories: Collection[str]) -> list[Sighting]:
    """The live reports of these stories, and of those that hands tie to them."""
    tied = {story for hand in _about(connection, stories) for story in stories_of(hand)}
    return _of_stories(connection, tied | set(stories)) if tied else []


def may_concern(said: Iterable[Hand], trips: Iterable[Occasion]) -> list[Occasion]:
    """The trips that what was said may be about: those that one of its stories reports."""
    hands = list(said)
    stories = frozenset(story for hand in hands for story in stories_of(hand))
    ids = {hand.id for hand in hands}
    return [
        trip
        for trip in trips
        if any(sighting.story in stories for sighting in trip.sightings) or not ids.isdisjoint(trip.spoken_of)
    ]


def with_rivals(near: Sequence[Occasion], every: Sequence[Occasion], said: Iterable[Hand]) -> list[Occasion]:
    """`near`, and of `every` trip those among which a hand has to choose between one of `near` and another."""
    found = list(near)
    rest = list(said)
    while about := [hand for hand in rest if may_concern([hand], found)]:
        rest = [hand for hand in rest if hand not in about]
        known = {id(trip) for trip in found}
        found += [trip for trip in may_concern(about, every) if id(trip) not in known]
    return found


def tied(groups: Sequence[Sequence[Sighting]], said: Sequence[Hand]) -> list[list[Sighting]]:
    """Groups of reports that are folded apart, joined where a hand speaks of several."""
    joined = [list(group) for group in groups]
    for hand in said:
        stories = stories_of(hand)
        mine = [group for group in joined if any(one.story in stories for one in group)]
        if len(mine) > 1:
            joined = [group for group in joined if not any(group is one for one in mine)]
            joined.append([sighting for group in mine for sighting in group])
    return joined
