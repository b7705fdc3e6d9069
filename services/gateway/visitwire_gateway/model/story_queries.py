"""What the pages and the API ask of stories, their quotes and their entities."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    and_,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from visitwire_schemas import EnrichedStory

from visitwire_gateway.model.paging import RowPage, newest
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    ENTITIES,
    QUOTES,
    STORIES,
    stamp,
)


def open_now(source: Any, now: datetime) -> ColumnElement[bool]:
    """That a story's embargo, if it had one, is over."""
    return or_(source.c.embargoed.is_(None), source.c.embargoed <= stamp(now))


def story(engine: Engine, key: str, now: datetime) -> EnrichedStory | None:
    with reading(engine) as connection:
        body = connection.scalar(select(STORIES.c.body).where(STORIES.c.key == key, open_now(STORIES, now)))
    return EnrichedStory.model_validate_json(body) if body else None


def between(column: Any, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    found = [column >= stamp(since)] if since else []
    return found + ([column < stamp(until)] if until else [])


def stories_page(
    engine: Engine, conditions: Sequence[ColumnElement[bool]], now: datetime, cursor: str | None, limit: int
) -> RowPage:
    return newest(engine, STORIES, "published", "key", [*conditions, open_now(STORIES, now)], cursor, limit)


def quotes_page(
    engine: Engine,
    words: str | None,
    conditions: Sequence[ColumnElement[bool]],
    now: datetime,
    page: tuple[str | None, int],
) -> RowPage:
    """Quotes whose words, speaker or subjects contain all of `words` (a part in quotation marks is a phrase)."""
    all_of = [*conditions, open_now(QUOTES, now)]
    if words and (condition := containing(engine.dialect.name, words)) is not None:
        all_of.append(condition)
    return newest(engine, QUOTES, "published", "id", all_of, *page)


def containing(dialect: str, words: str) -> ColumnElement[bool] | None:
    """The full-text condition on quotes; None when there is no word in it. Operators of the database mean nothing."""
    phrases = [re.findall(r"\w+", part) for part in re.findall(r'"[^"]*"|\S+', words)]
    asked = [" ".join(phrase) for phrase in phrases if phrase][:20]
    if not asked:
        return None
    if dialect == "sqlite":
        matching = " ".join(f'"{phrase}"' for phrase in asked)
        found = table("quote_words", column("rowid"))
        hit = text("quote_words match :matching").bindparams(matching=matching)
        return literal_column("quotes.rowid").in_(select(found.c.rowid).where(hit))
    parts = (func.phraseto_tsquery("simple", phrase) for phrase in asked)
    return and_(*(literal_column("quotes.words").op("@@")(part) for part in parts))


def entities_page(
    engine: Engine, conditions: Sequence[ColumnElement[bool]], now: datetime, cursor: str | None, limit: int
) -> RowPage:
    return newest(engine, ENTITIES, "published", "id", [*conditions, open_now(ENTITIES, now)], cursor, limit)
