"""Makes the read model again where there are no topics to read: from the ledger, and from the stories kept here."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from visitwire_schemas import Alert, EnrichedStory, LedgerVisit, StoryReports

from visitwire_gateway.model.database import take_writers_place
from visitwire_gateway.model.projection import change_row, stories_of, story_rows, visit_values
from visitwire_gateway.model.sql_tables import (
    CHANGES,
    ENTITIES,
    EVENTS,
    JOINED,
    META,
    POSITIONS,
    QUOTES,
    REPORTED,
    STORIES,
    VISITS,
    stamp,
)


def fed_by_topics(engine: Engine) -> bool:
    """Whether its records came from a broker, where they can be read again; in one process none remains."""
    with engine.connect() as connection:
        return bool(connection.scalar(select(func.count()).select_from(POSITIONS)))


def stories_kept(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(STORIES)) or 0)


def remake(
    engine: Engine,
    visits: Iterable[LedgerVisit],
    changes: Iterable[tuple[datetime, Alert]],
    reported: Iterable[StoryReports] = (),
) -> None:
    """Puts the ledger's visits and changes, each with when it was recorded, in the place of those here, and reads each
    kept story anew.

    In one transaction, so that nobody sees half of it and nothing is lost on the way. Dead letters stay as they are.
    """
    with engine.begin() as connection:
        take_writers_place(connection)
        for table in (QUOTES, ENTITIES, REPORTED, JOINED, VISITS, CHANGES, EVENTS):
            connection.execute(delete(table))
        for story in _stories(connection):
            _put_story(connection, story)
        for visit in visits:
            connection.execute(insert(VISITS).values(visit_values(visit)))
            _report(connection, visit)
        for one in reported:
            connection.execute(insert(JOINED).values(story=one.key, body=one.model_dump_json()))
        for at, change in changes:
            if row := change_row(change):
                connection.execute(insert(CHANGES).values(row.change | {"heard": stamp(at)}))
        connection.execute(update(META).where(META.c.name == "epoch").values(value=secrets.token_hex(4)))


def _stories(connection: Connection) -> Iterator[EnrichedStory]:
    keys = list(connection.scalars(select(STORIES.c.key).order_by(STORIES.c.key)))
    for key in keys:
        body = connection.scalars(select(STORIES.c.body).where(STORIES.c.key == key)).one()
        yield EnrichedStory.model_validate_json(body)


def _put_story(connection: Connection, story: EnrichedStory) -> None:
    rows = story_rows(story)
    connection.execute(update(STORIES).where(STORIES.c.key == rows.story["key"]).values(rows.story))
    for table, values in ((QUOTES, rows.quotes), (ENTITIES, rows.entities)):
        if values:
            connection.execute(insert(table), list(values))


def _report(connection: Connection, visit: LedgerVisit) -> None:
    rows = [{"story": story, "visit": visit.id} for story in sorted(stories_of(visit))]
    if rows:
        connection.execute(insert(REPORTED), rows)
