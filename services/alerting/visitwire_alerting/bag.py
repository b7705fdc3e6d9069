"""Reads and writes the live reports in the database, and finds all that may concern one visit."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from visitwire_alerting.sighting import Sighting
from visitwire_alerting.tables import sighting_keys, sightings


def of_story(connection: Connection, story: str) -> list[Sighting]:
    rows = connection.execute(select(sightings.c.body).where(sightings.c.story == story).order_by(sightings.c.id))
    return [Sighting.model_validate_json(body) for (body,) in rows]


def replace(connection: Connection, story: str, now: Sequence[Sighting]) -> None:
    """Puts `now` in the place of what the story said before."""
    connection.execute(delete(sightings).where(sightings.c.story == story))
    for sighting in now:
        row = {"story": story, "body": sighting.model_dump_json(exclude_defaults=True)}
        number = connection.execute(insert(sightings).values(row).returning(sightings.c.id)).scalar_one()
        keys = [{"key": key, "sighting": number} for key in sorted(sighting.keys)]
        connection.execute(insert(sighting_keys), keys)


def related(connection: Connection, seeds: Iterable[Sighting]) -> list[Sighting]:
    """Every live report that shares a name or an office with a seed, or with one that does, and so on."""
    asked: set[str] = set()
    found: dict[int, Sighting] = {}
    keys = {key for seed in seeds for key in seed.keys}
    while keys:
        asked |= keys
        new = _with_keys(connection, keys, found)
        keys = {key for sighting in new for key in sighting.keys} - asked
    return list(found.values())


def _with_keys(connection: Connection, keys: Collection[str], found: dict[int, Sighting]) -> list[Sighting]:
    query = (
        select(sightings.c.id, sightings.c.body)
        .join(sighting_keys, sighting_keys.c.sighting == sightings.c.id)
        .where(sighting_keys.c.key.in_(keys))
        .distinct()
    )
    new: list[Sighting] = []
    for number, body in connection.execute(query):
        if number not in found:
            found[number] = Sighting.model_validate_json(body)
            new.append(found[number])
    return new
