"""Calendars for subscribers, put together from each visit's event, which is written once for each of its states."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.ics import bound, event_text
from visitwire_gateway.memory import Memory
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.projection import OVER
from visitwire_gateway.model.queries import bodies, dated_visits
from visitwire_gateway.model.reading import reading

MOST = 5000
"""Events of a calendar."""
KEPT_EVENTS = 10_000
"""Of half a kilobyte each."""
KEPT = 8
"""Whole calendars, of two megabytes at most."""
AT_ONCE = 500

type State = tuple[str, bool, str]
"""What an event's text depends on: the visit's digest, whether it is over, and the board's address."""


@dataclass
class Calendars:
    engine: Engine
    memory: Memory
    _events: OrderedDict[str, tuple[State, bytes]] = field(default_factory=OrderedDict)

    def of(self, wanted: VisitFilter, precise: bool, today: date, link: str, source: str) -> bytes:
        """Those dated visits that fit; `precise` leaves out what is not known to the day."""
        asked = ("ics", wanted.model_dump_json(), precise, today, link, source)
        return self.memory.get(asked, lambda _before, _now: self._made(wanted, precise, link, source))

    def _made(self, wanted: VisitFilter, precise: bool, link: str, source: str) -> bytes:
        with reading(self.engine):
            rows = dated_visits(self.engine, wanted, MOST, exact=precise)
            return bound(self._texts(rows, link), link, source)

    def _texts(self, rows: Sequence[Any], link: str) -> list[bytes]:
        states = {row.id: (row.digest, row.lane == OVER, link) for row in rows}
        kept = {id: known[1] for id, state in states.items() if (known := self._events.get(id)) and known[0] == state}
        stale = [id for id in states if id not in kept]
        for start in range(0, len(stale), AT_ONCE):
            for row in bodies(self.engine, stale[start : start + AT_ONCE]):
                _, over, _ = states[row.id]
                kept[row.id] = event_text(LedgerVisit.model_validate_json(row.body), link, over)
                self._events[row.id] = (row.digest, over, link), kept[row.id]
        while len(self._events) > KEPT_EVENTS:
            self._events.popitem(last=False)
        return [kept.get(id, b"") for id in states]  # one that went meanwhile has none
