"""The log of what people said of visits, in the ledger's database, and what it ties together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update
from visitwire_schemas import Hand, Like

from visitwire_alerting.ledger.fold.sighting import Sighting, read_sighting
from visitwire_alerting.storage.ledger_tables import hand_stories, hands, sightings


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
    rows = [{"hand": number, "story": story} for story in sorted(hand.stories)]
    connection.execute(insert(hand_stories), rows)


def after_all(connection: Connection, at: datetime) -> datetime:
    """`at`, or just after the last that was said, if a clock says that this was later: the later word stands."""
    last: datetime | None = connection.execute(select(func.max(hands.c.at))).scalar_one()
    return at if last is None or last < at else last + timedelta(microseconds=1)


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


def about(connection: Connection, stories: Collection[str]) -> list[Hand]:
    """The hands that stand and find a visit by one of these stories."""
    return [Hand.model_validate_json(body) for body in connection.scalars(_ABOUT, {"stories": list(stories)})]


_TIED = select(hand_stories.c.hand).where(hand_stories.c.story.in_(bindparam("stories", expanding=True)))
_ABOUT = select(hands.c.body).where(hands.c.number.in_(_TIED), hands.c.lifted.is_(None))


def _of_stories(connection: Connection, stories: Collection[str]) -> list[Sighting]:
    rows = connection.execute(select(sightings.c.body).where(sightings.c.story.in_(stories))).scalars()
    return [read_sighting(body) for body in rows]


def of_stories(connection: Connection, stories: Collection[str]) -> list[Sighting]:
    """The live reports of these stories, and of those that hands tie to them."""
    tied = {story for hand in about(connection, stories) for story in hand.stories}
    return _of_stories(connection, tied | set(stories)) if tied else []
