"""What was made of the read model, kept until the read model changes: many desks look at the same board."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import Engine

from visitwire_gateway.model.keep import State, state

KEPT = 64


class Memory:
    """Everything a page shows changes with an event, so what was made at the number of the last event still holds
    while that number does. The number is read anew each time: another process may feed the same database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[State, Any]] = OrderedDict()

    def get[T](self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, or gave since the last event. Nobody may change it."""
        now = state(self._engine)  # before making: then what is kept is never older than it says
        with self._lock:
            known = self._kept.get(name)
        if known is not None and known[0] == now:
            value: T = known[1]
            return value
        made = make()
        with self._lock:
            self._kept[name] = now, made
            self._kept.move_to_end(name)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
