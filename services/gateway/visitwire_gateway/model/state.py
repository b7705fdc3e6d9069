"""Which state the read model is in: another whenever something was written."""

from sqlalchemy import Engine, func, select

from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    EVENTS,
    META,
)

type State = tuple[str, int]
"""The read model's life and the number of its last event."""


_STATE = select(META.c.value, select(func.coalesce(func.max(EVENTS.c.number), 0)).scalar_subquery()).where(
    META.c.name == "epoch"
)  # every look at a page asks it, and putting it together takes longer than the answer


def state(engine: Engine) -> State:
    with reading(engine) as connection:
        row = connection.execute(_STATE).one()
    return str(row[0]), int(row[1])
