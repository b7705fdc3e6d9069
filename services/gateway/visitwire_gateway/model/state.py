"""Which state the read model is in, another whenever something was written; and what was made in one state, kept until
the next: many users look at the same board.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select

from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import (
    EVENTS,
    META,
)

type State = tuple[str, int]
"""The read model's life and the number of its last event."""
KEPT = 64
MANY = 200
"""Events after which what was made is made anew; far fewer than are kept."""


_STATE = select(META.c.value, select(func.coalesce(func.max(EVENTS.c.number), 0)).scalar_subquery()).where(
    META.c.name == "epoch"
)  # every look at a page asks it, and putting it together takes longer than the answer


def state(engine: Engine) -> State:
    with reading(engine) as connection:
        row = connection.execute(_STATE).one()
    return str(row[0]), int(row[1])


@dataclass
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while it is made: of all who wait for the same after a change, one makes it."""
    at: State = ("", 0)
    value: Any = None


class Cache:
    """Everything a page shows changes with an event, so what was made at the number of the last event still holds
    while that number does. The number is read anew each time: another process may feed the same database."""

    def __init__(self, engine: Engine, most: int = KEPT) -> None:
        """`most` things are kept, those last asked for."""
        self._engine, self._most = engine, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def get[T](self, name: Hashable, make: Callable[[T | None, State], T], now: State | None = None) -> T:
        """What `make` gives, or gave since the last event; it is told what it gave before, and the state `now`, which
        was read before. Nobody may change it."""
        now = now or state(self._engine)  # before making: then what is kept is never older than it says
        with self._lock:
            kept = self._kept.setdefault(name, _Kept())
            self._kept.move_to_end(name)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.at[0] != now[0] or kept.at[1] < now[1]:
                kept.value, kept.at = make(kept.value, now), now
            value: T = kept.value
        return value
