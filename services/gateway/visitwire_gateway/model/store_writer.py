"""Writes what the projection made, a batch in one transaction, and says what happened as numbered events.

Twice is the same as once: a row that is there already, or is older than what is there, changes nothing and makes no
event.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update
from visitwire_schemas import EnrichedStory

from visitwire_gateway.model.database import take_writers_place
from visitwire_gateway.model.events import Event
from visitwire_gateway.model.projection import ChangeRow, JoinRow, LetterRow, Rows, StoryRows, VisitRow
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    CHANGES,
    ENTITIES,
    EVENTS,
    JOINED,
    LETTERS,
    POSITIONS,
    QUOTES,
    REPORTED,
    STORIES,
    VISITS,
    Values,
    stamp,
)

KEPT_EVENTS = 20_000
"""Events that a reader who was away may still ask for."""


@dataclass(frozen=True)
class Position:
    """How far a partition was read: the offset of the next record."""

    topic: str
    partition: int
    offset: int


def write(engine: Engine, batch: Iterable[Rows], positions: Sequence[Position] = ()) -> list[Event]:
    """Keeps the rows and how far the topics were read, together; returns what was new. One writes at a time, so that
    whoever sees an event has seen all with lower numbers."""
    with engine.begin() as connection:
        take_writers_place(connection)
        events = [event for rows in batch for event in _kept(connection, rows)]
        for position in positions:
            _put(connection, POSITIONS, {"topic": position.topic, "partition": position.partition}, vars(position))
        if events and events[-1].number % 1000 < len(events):
            connection.execute(delete(EVENTS).where(EVENTS.c.number <= events[-1].number - KEPT_EVENTS))
        return events


def positions(engine: Engine) -> dict[tuple[str, int], int]:
    """The offset to go on from, by topic and partition."""
    with reading(engine) as connection:
        rows = connection.execute(select(POSITIONS.c.topic, POSITIONS.c.partition, POSITIONS.c.offset))
        return {(topic, partition): offset for topic, partition, offset in rows}


def visits_kept(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(VISITS)) or 0)


def mark_replayed(engine: Engine, letter: str, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(update(LETTERS).where(LETTERS.c.id == letter).values(replayed=stamp(at)))


def _kept(connection: Connection, rows: Rows) -> list[Event]:
    match rows:
        case StoryRows():
            return _story(connection, rows)
        case VisitRow():
            return _visit(connection, rows)
        case ChangeRow():
            return _change(connection, rows)
        case LetterRow():
            return _letter(connection, rows)
        case JoinRow():
            return _join(connection, rows)


def _join(connection: Connection, rows: JoinRow) -> list[Event]:
    if rows.body is None:
        connection.execute(delete(JOINED).where(JOINED.c.story == rows.story))
    else:
        _put(connection, JOINED, {"story": rows.story}, {"story": rows.story, "body": rows.body})
    return []


def _story(connection: Connection, rows: StoryRows) -> list[Event]:
    key = rows.story["key"]
    known = connection.execute(select(STORIES.c.version, STORIES.c.body).where(STORIES.c.key == key)).first()
    if known is not None and _stands(known.version, known.body, rows.story):
        return []
    _put(connection, STORIES, {"key": key}, rows.story)
    for table, values in ((QUOTES, rows.quotes), (ENTITIES, rows.entities)):
        connection.execute(delete(table).where(table.c.story == key))
        if values:
            connection.execute(insert(table), list(values))
    told = {name: rows.story[name] for name in ("provider", "uri", "version", "published", "headline", "visits")}
    if rows.story["embargoed"] is not None:
        return []
    return [_event(connection, "story", key, told)]


def _stands(version: int, body: str, came: Values) -> bool:
    """Whether a story is kept as it is: what came is the same, an earlier version, or an older reading of this one."""
    if version != came["version"] or body == came["body"] or not came["usable"]:
        return bool(version > came["version"] or body == came["body"])
    kept, new = (EnrichedStory.model_validate_json(text) for text in (body, came["body"]))
    return kept.reading > new.reading


def _visit(connection: Connection, rows: VisitRow) -> list[Event]:
    known = connection.execute(
        select(VISITS.c.revision, VISITS.c.digest, VISITS.c.body).where(VISITS.c.id == rows.id)
    ).first()
    if rows.visit is None:
        connection.execute(delete(VISITS).where(VISITS.c.id == rows.id))
        _reported(connection, rows)
        return [] if known is None else [_event(connection, "gone", rows.id, {"id": rows.id}, known.body)]
    if known is not None and (known.revision > rows.visit["revision"] or known.digest == rows.visit["digest"]):
        return []
    _put(connection, VISITS, {"id": rows.id}, rows.visit)
    _reported(connection, rows)
    return [_event(connection, "visit", rows.id, {}, rows.visit["body"])]


def event_of_visit(connection: Connection, id: str, body: str) -> Event:
    """That a visit is to be shown anew."""
    return _event(connection, "visit", id, {}, body)


def _reported(connection: Connection, rows: VisitRow) -> None:
    """Keeps the stories of a visit; mostly one is new, of hundreds."""
    known = set(connection.scalars(select(REPORTED.c.story).where(REPORTED.c.visit == rows.id)))
    if gone := known - rows.stories:
        connection.execute(delete(REPORTED).where(REPORTED.c.visit == rows.id, REPORTED.c.story.in_(gone)))
    if fresh := rows.stories - known:
        connection.execute(insert(REPORTED), [{"story": story, "visit": rows.id} for story in sorted(fresh)])


def _change(connection: Connection, rows: ChangeRow) -> list[Event]:
    values = rows.change
    if connection.scalar(select(CHANGES.c.id).where(CHANGES.c.id == values["id"])) is not None:
        return []
    event = _event(connection, "change", values["visit"], {}, values["body"])
    connection.execute(insert(CHANGES).values(values | {"number": event.number}))
    return [event]


def _letter(connection: Connection, rows: LetterRow) -> list[Event]:
    values = rows.letter
    if connection.scalar(select(LETTERS.c.id).where(LETTERS.c.id == values["id"])) is not None:
        return []
    connection.execute(insert(LETTERS).values(values))
    told = {name: values[name] for name in ("id", "stage", "reason", "at")}
    return [_event(connection, "dead-letter", values["id"], told)]


def _put(connection: Connection, table: Table, key: Values, values: Values) -> None:
    same = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*same).values(values)).rowcount == 0:
        connection.execute(insert(table).values(values))


def _event(connection: Connection, kind: str, ref: str, told: Values, body: str | None = None) -> Event:
    """`body`, where given, is JSON already and is what the stream sends."""
    data = body if body is not None else json.dumps(told, ensure_ascii=False)
    made = connection.execute(insert(EVENTS).values(kind=kind, ref=ref, data=data))
    key = made.inserted_primary_key
    assert key is not None  # every table with a key of its own answers it
    return Event(int(key[0]), kind, ref, data)
