"""Cursors: an opaque word that says after which row the next page begins."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ConfigDict
from sqlalchemy import ColumnElement, Engine, Select, Table, func, literal, select, tuple_

from visitwire_gateway.api_model import Shape
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.slim_visit import NEVER


class BadCursor(ValueError):
    """The cursor was not made here."""


class Page[T](Shape):
    """Some of what was asked for."""

    model_config = ConfigDict(json_schema_extra={"description": "Some of what was asked for."})
    """Given again, as a generic model's own words do not reach what is made of it."""

    items: list[T]
    """What fits, in the order that the route says."""
    next: str | None = None
    """The `cursor` of the next page; null on the last."""


@dataclass(frozen=True)
class RowPage:
    rows: Sequence[Any]
    next: str | None


def encode(time: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{time} {key}".encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[str, str]:
    """Raises `BadCursor`."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise BadCursor("the cursor was not made here; leave it out to begin at the first page") from None
    time, parted, key = text.partition(" ")
    if not parted or "\0" in text:
        raise BadCursor("the cursor was not made here; leave it out to begin at the first page")
    return time, key


def soonest(
    engine: Engine, table: Table, day: str, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int
) -> RowPage:
    """A page of a table by a column with days, the earliest first and those without a day last, ties by id."""
    columns = func.coalesce(table.c[day], NEVER), table.c.id
    asked: Select[Any] = select(table).where(*conditions)
    if cursor is not None:
        asked = asked.where(tuple_(*columns) > tuple_(*map(literal, decode(cursor))))
    with reading(engine) as connection:
        rows = connection.execute(asked.order_by(*columns).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return RowPage(rows, encode(getattr(rows[-1], day) or NEVER, rows[-1].id) if more else None)


def newest(
    engine: Engine,
    table: Table,
    time: str,
    key: str,
    conditions: Sequence[ColumnElement[bool]],
    cursor: str | None,
    limit: int,
) -> RowPage:
    """A page of a table by a time column, newest first, ties by key."""
    columns = table.c[time], table.c[key]
    asked: Select[Any] = select(table).where(*conditions)
    if cursor is not None:
        at, last = decode(cursor)
        asked = asked.where(tuple_(*columns) < (at, last))  # one bound of an index, however deep the page lies
    asked = asked.order_by(columns[0].desc(), columns[1].desc()).limit(limit + 1)
    with reading(engine) as connection:
        rows = connection.execute(asked).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return RowPage(rows, encode(getattr(rows[-1], time), getattr(rows[-1], key)) if more else None)


class Placed(NamedTuple):
    """A visit in its lane. (SQLAlchemy's rows need twenty times as long to give a column by name.)"""

    id: str
    digest: str
    updated: str
    """When it was changed last; where the lane is by date, its first day."""


@dataclass(frozen=True)
class Lane:
    name: str
    count: int
    visits: tuple[Placed, ...]
    """The last changed first, or the soonest."""

    @property
    def cursor(self) -> str:
        """Where the lane goes on after its last row here."""
        return encode(self.visits[-1].updated, self.visits[-1].id)
