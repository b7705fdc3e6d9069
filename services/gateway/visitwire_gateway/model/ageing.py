"""Visits that are past by their dates, and of whose end no wire told, leave the lanes of what is to come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, or_, select, update

from visitwire_gateway.model.database import take_writers_place
from visitwire_gateway.model.events import Event
from visitwire_gateway.model.lanes import AGEING, OVER, UNDATED
from visitwire_gateway.model.sql_tables import VISITS, stamp
from visitwire_gateway.model.store_writer import event_of_visit

GRACE = timedelta(days=3)
"""After its last day, in which a wire may still tell of its end."""
SILENCE = timedelta(days=21)
"""Without a word after which a visit under way without dates is taken to be over."""
SOME = 500
EVERY = timedelta(minutes=10)
"""Between two looks, beside one after each batch of records."""

type Clock = Callable[[], datetime]


class Ageing:
    """Looks for such visits as time goes on. Used by the one thread that feeds the read model, so that events stay in
    their order."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._looked: datetime | None = None

    def look(self, changed: bool) -> list[Event]:
        """Moves what is over by now; `changed` says that records were kept since the last look."""
        now = self._clock()
        if not changed and self._looked is not None and abs(now - self._looked) < EVERY:
            return []
        self._looked = now
        return age(self._engine, now)


def age(engine: Engine, now: datetime) -> list[Event]:
    """Moves visits that are past into the lane of what is over and was not reported; an event for each."""
    with engine.begin() as connection:
        take_writers_place(connection)
        rows = connection.execute(_past(now)).all()
        return [_moved(connection, row.id, row.body) for row in rows]


def _past(now: datetime) -> Select[Any]:
    table = VISITS.c
    by_dates = table.last_day < (now - GRACE).date().isoformat()
    silent = and_(table.first_day.is_(None), table.lane == "under_way", table.updated < stamp(now - SILENCE))
    dated = and_(table.lane.in_([lane for lane in AGEING if lane != UNDATED]), by_dates)
    return select(table.id, table.body).where(or_(dated, silent)).order_by(table.id).limit(SOME)


def _moved(connection: Connection, id: str, body: str) -> Event:
    connection.execute(update(VISITS).where(VISITS.c.id == id).values(lane=OVER))
    return event_of_visit(connection, id, body)
