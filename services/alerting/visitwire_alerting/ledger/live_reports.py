"""Reads and writes the live reports in the database, and finds all that may concern one visit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from visitwire_alerting.ledger import snapshots, story_reports
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.snapshots import Snapshot
from visitwire_alerting.storage.sql_tables import sighting_keys, sightings


@dataclass(frozen=True)
class Held:
    """A live report in the database, and the visit that it supports; None for one just entered."""

    number: int
    visit: str | None
    sighting: Sighting


def of_story(connection: Connection, story: str) -> list[Held]:
    rows = connection.execute(select(sightings).where(sightings.c.story == story).order_by(sightings.c.id))
    return [Held(row.id, row.visit, Sighting.model_validate_json(row.body)) for row in rows]


def of_visit(connection: Connection, visit: str) -> list[Held]:
    """The live reports that support a visit."""
    rows = connection.execute(select(sightings).where(sightings.c.visit == visit).order_by(sightings.c.id))
    return [Held(row.id, row.visit, Sighting.model_validate_json(row.body)) for row in rows]


def replace(connection: Connection, story: str, now: Sequence[Sighting]) -> None:
    """Puts `now` in the place of what the story said before."""
    connection.execute(delete(sightings).where(sightings.c.story == story))
    for sighting in now:
        row = {"story": story, "body": sighting.model_dump_json(exclude_defaults=True)}
        number = connection.execute(insert(sightings).values(row).returning(sightings.c.id)).scalar_one()
        keys = [{"key": key, "sighting": number} for key in sorted(sighting.form.marks)]
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
        numbers = [one.number for one in moved]
        connection.execute(update(sightings).where(sightings.c.id.in_(numbers)).values(visit=visit))
        story_reports.mark(connection, {one.sighting.story for one in moved})


@dataclass(frozen=True)
class Related:
    """All that may be of one visitor with some reports, or with one that may, and so on."""

    snapshots: list[Snapshot] = field(default_factory=list)
    """What the earlier reports come to."""
    held: list[Held] = field(default_factory=list)
    """The live reports that no snapshot holds."""


def related(connection: Connection, seeds: Sequence[Sighting]) -> Related:
    """All that may concern the same visits as the seeds. Snapshots that one of the reports falls into are opened."""
    while True:
        found = _reach(connection, seeds)
        last = min((one.order for one in (*seeds, *(held.sighting for held in found.held))), default=None)
        late = [one for one in found.snapshots if last and one.until >= snapshots.place(last)]
        if not late:
            return found
        snapshots.reopen(connection, [one.number for one in late])


def _reach(connection: Connection, seeds: Iterable[Sighting]) -> Related:
    asked: set[str] = set()
    held: dict[int, Held] = {}
    settled: dict[int, Snapshot] = {}
    keys = {key for seed in seeds for key in seed.form.asks}
    while keys:
        asked |= keys
        new = _with_keys(connection, keys, held)
        keys = {key for one in new for key in one.sighting.form.asks}
        for snapshot in snapshots.with_keys(connection, asked, settled):
            keys |= {key for form in snapshot.forms() for key in form.asks}
        keys -= asked
    return Related(list(settled.values()), list(held.values()))


def _with_keys(connection: Connection, keys: Collection[str], found: dict[int, Held]) -> list[Held]:
    query = (
        select(sightings.c.id, sightings.c.visit, sightings.c.body)
        .join(sighting_keys, sighting_keys.c.sighting == sightings.c.id)
        .where(sighting_keys.c.key.in_(keys), sightings.c.snapshot.is_(None))
        .distinct()
    )
    new: list[Held] = []
    for row in connection.execute(query):
        if row.id not in found:
            found[row.id] = Held(row.id, row.visit, Sighting.model_validate_json(row.body))
            new.append(found[row.id])
    return new
