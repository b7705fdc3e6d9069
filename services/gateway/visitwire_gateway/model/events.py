"""What happened to the read model, as numbered events, for readers that follow it."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import EVENTS, META


@dataclass(frozen=True)
class Event:
    """Something that a page may want to show: `kind` visit, gone, change, story or dead-letter; `ref` is its id."""

    number: int
    kind: str
    ref: str
    data: str
    """JSON, as the stream sends it."""


def epoch(engine: Engine) -> str:
    """The name of this read model's life; event numbers of another life mean nothing in it."""
    with reading(engine) as connection:
        return str(connection.scalar(select(META.c.value).where(META.c.name == "epoch")))


def last_number(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(select(func.max(EVENTS.c.number))) or 0)


def oldest_number(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(select(func.min(EVENTS.c.number))) or 0)


def events_after(engine: Engine, number: int, limit: int = 1000) -> list[Event] | None:
    """The events after `number`, oldest first; None when some of them are no longer kept."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(EVENTS).where(EVENTS.c.number > number).order_by(EVENTS.c.number).limit(limit)
        ).all()
        oldest = connection.scalar(select(func.min(EVENTS.c.number)))
    if oldest is not None and number + 1 < oldest:
        return None
    return [Event(row.number, row.kind, row.ref, row.data) for row in rows]
