"""Takes stories out of the read model for the law's sake; they never come back into it."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, or_, select
from visitwire_alerting.service import tokens
from visitwire_schemas import STORIES_ENRICHED, EnrichedStory

from visitwire_gateway.model.database import take_writers_place
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.sql_tables import (
    CHANGES,
    ENTITIES,
    EVENTS,
    JOINED,
    LETTERS,
    QUOTES,
    REPORTED,
    STORIES,
    VISITS,
)
from visitwire_gateway.model.store_writer import write


def forget_stories(engine: Engine, withdrawn: Sequence[EnrichedStory], visits: Sequence[str]) -> dict[str, int]:
    """Puts a withdrawal in the place of each story; takes away its changes, letters and events, and these visits. Gives
    how many rows of each. Visits that changed come by visits-v1."""
    made = [project(STORIES_ENRICHED.name, STORIES_ENRICHED.encode(one)) for one in withdrawn]
    with engine.connect() as connection:
        keys = [one.key for one in withdrawn]
        kept = STORIES.c.key.in_(keys) & STORIES.c.usable
        there = len(connection.scalars(select(STORIES.c.key).where(kept)).all())
    write(engine, [rows for rows in made if rows is not None])
    gone = {"stories": there}
    with engine.begin() as connection:
        take_writers_place(connection)
        gone["visits"] = connection.execute(delete(VISITS).where(VISITS.c.id.in_(visits))).rowcount
        for one in withdrawn:
            for name, count in _traces(connection, one).items():
                gone[name] = gone.get(name, 0) + count
    return gone


def _traces(connection: Connection, story: EnrichedStory) -> dict[str, int]:
    provider, uri = (json.dumps(part, ensure_ascii=False) for part in (story.story.provider, story.story.uri))
    report = f'"provider":{provider},"uri":{uri}'
    key = json.dumps(story.key, ensure_ascii=False)
    told = f'"provider": {provider}, "uri": {uri}'
    connection.execute(delete(REPORTED).where(REPORTED.c.story == story.key))
    connection.execute(delete(JOINED).where(JOINED.c.story == story.key))
    changes = connection.execute(delete(CHANGES).where(CHANGES.c.body.contains(report, autoescape=True))).rowcount
    letters = LETTERS.c.body.contains(f'"key":{key}', autoescape=True)
    texts = [EVENTS.c.data.contains(words, autoescape=True) for words in (report, told)]
    connection.execute(delete(EVENTS).where(or_(*texts)))
    return {"changes": changes, "dead letters": connection.execute(delete(LETTERS).where(letters)).rowcount}


def naming(engine: Engine, person: str) -> list[str]:
    """The stories that name the person, or quote them."""
    asked = set(tokens(person))
    found: set[str] = set()
    with engine.connect() as connection:
        for table, column in ((ENTITIES, ENTITIES.c.name), (QUOTES, QUOTES.c.speaker)):
            query = select(table.c.story, column).where(column.is_not(None))
            rows = connection.execute(query.execution_options(yield_per=500))
            found |= {row[0] for row in rows if asked <= set(tokens(row[1]))}
    return sorted(found)
