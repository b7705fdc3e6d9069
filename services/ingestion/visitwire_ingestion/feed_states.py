"""What is known of each feed, in the database: whose turn it is, and that one worker at a time looks at it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Engine, select
from visitwire_runtime.database import upsert

from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.life import utc
from visitwire_ingestion.sql_tables import feeds as table

LEASE = timedelta(minutes=5)
"""How long a worker has a feed to itself while it fetches it."""


def claim(engine: Engine, feed: Feed, now: datetime) -> FeedState | None:
    """The feed's state when its time has come and no other worker is at it, which it then cannot be for a while."""
    with engine.begin() as connection:
        row = connection.execute(select(table).where(table.c.name == feed.name).with_for_update()).one_or_none()
        state = _known(row.state) if row is not None else FeedState()
        if row is not None and now < _due(feed, state, utc(row.next)):
            return None
        if state.url not in (None, feed.url):  # another address is another feed
            state = FeedState(url=feed.url)
        upsert(connection, table, [{"name": feed.name}], {"next": now + LEASE, "state": state.model_dump_json()})
        return state


def _due(feed: Feed, state: FeedState, due: datetime) -> datetime:
    """When it is the feed's turn: a definition whose `url` was corrected need not wait out what the failures of the
    old address cost, but a period at most."""
    if state.asked is None or state.url in (None, feed.url):
        return due
    return min(due, state.asked + timedelta(seconds=feed.every))


def _known(state: str) -> FeedState:
    """What was saved; where it is of another release, or broken, the feed starts anew."""
    try:
        return FeedState.model_validate_json(state)
    except ValidationError:
        return FeedState()


def save(engine: Engine, feed: Feed, state: FeedState, due: datetime) -> None:
    with engine.begin() as connection:
        upsert(connection, table, [{"name": feed.name}], {"next": due, "state": state.model_dump_json()})


def states(engine: Engine) -> Mapping[str, FeedState]:
    """What is known of every feed that was ever looked at."""
    found: dict[str, FeedState] = {}
    with engine.connect() as connection:
        for row in connection.execute(select(table.c.name, table.c.state)):
            with suppress(ValueError):
                found[row.name] = FeedState.model_validate_json(row.state)
    return found
