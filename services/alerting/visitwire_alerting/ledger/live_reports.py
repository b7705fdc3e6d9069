"""Reads and writes the live reports in the database, and finds all that may concern one visit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from visitwire_alerting.ledger import story_reports
from visitwire_alerting.ledger.fold.sighting import Sighting, read_sighting
from visitwire_alerting.storage.ledger_tables import sighting_keys, sightings

_ENTER = insert(sightings).returning(sightings.c.id, sort_by_parameter_order=True)
_OF_STORY = select(sightings).where(sightings.c.story == bindparam("of")).order_by(sightings.c.id)
_SUPPORTS = (
    update(sightings)
    .where(sightings.c.id.in_(bindparam("numbers", expanding=True)))
    .values(visit=bindparam("supported"))
)


@dataclass(frozen=True)
class Held:
    """A live report in the database, and the visit that it supports; None for one just entered."""

    number: int
    visit: str | None
    sighting: Sighting


def of_story(connection: Connection, story: str) -> list[Held]:
    rows = connection.execute(_OF_STORY, {"of": story})
    return [Held(row.id, row.visit, read_sighting(row.body)) for row in rows]


def of_visit(connection: Connection, visit: str) -> list[Held]:
    """The live reports that support a visit."""
    rows = connection.execute(select(sightings).where(sightings.c.visit == visit).order_by(sightings.c.id))
    return [Held(row.id, row.visit, read_sighting(row.body)) for row in rows]


def replace(connection: Connection, story: str, now: Sequence[Sighting]) -> None:
    """Puts `now` in the place of what the story said before."""
    connection.execute(delete(sightings).where(sightings.c.story == story))
    enter(connection, story, now)


def enter(connection: Connection, story: str, now: Sequence[Sighting]) -> None:
    """Enters what a story says that said nothing before."""
    if now:
        rows = [{"story": story, "body": sighting.model_dump_json(exclude_defaults=True)} for sighting in now]
        numbers = connection.execute(_ENTER, rows).scalars().all()
        marked = zip(numbers, now, strict=True)
        keys = [{"key": key, "sighting": number} for number, one in marked for key in sorted(one.form.marks)]
        connection.execute(insert(sighting_keys), keys)
    story_reports.mark(connection, [story])


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Takes these reports away."""
    these = sightings.c.id.in_(numbers)
    story_reports.mark(connection, connection.scalars(select(sightings.c.story).where(these)).all())
    connection.execute(delete(sightings).where(these))


def supports(connection: Connection, visit: str, held: Iterable[Held]) -> None:
    """Notes which visit these reports support."""
    moved = [one for one in held if one.visit != visit]
    if moved:
        connection.execute(_SUPPORTS, {"numbers": [one.number for one in moved], "supported": visit})
        story_reports.mark(connection, {one.sighting.story for one in moved})
