"""Calendars for subscribers, put together from each visit's event, which is written once for each of its states."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.cache import Cache
from visitwire_gateway.ics import CalendarHead, bound, event_text
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.projection import OVER
from visitwire_gateway.model.queries import bodies, dated_visits
from visitwire_gateway.model.shared_connection import reading

MOST = 5000
"""Events of a calendar."""
KEPT_EVENTS = 10_000
"""Of half a kilobyte each."""
KEPT = 8
"""Whole calendars, of two megabytes at most."""
AT_ONCE = 500

type State = tuple[str, bool, str]
"""What an event's text depends on: the visit's digest, whether it is over, and the board's address."""


@dataclass(frozen=True)
class Which:
    """Which dated visits a calendar has."""

    filter: str
    """A `VisitFilter` as JSON."""
    exact: bool = True
    """Only those known to the day."""
    past: int | None = None
    """Days after its end for which a visit stays; None for ever."""
    off: bool = True
    """Also what was called off or postponed."""


@dataclass
class Calendars:
    engine: Engine
    memory: Cache
    _events: OrderedDict[tuple[str, bool], tuple[State, bytes]] = field(default_factory=OrderedDict)

    def of(self, which: Which, told: CalendarHead, today: date) -> bytes:
        """Those dated visits that are asked for."""
        return self.memory.get(("ics", which, told, today), lambda _before, _now: self._made(which, told, today))

    def _made(self, which: Which, told: CalendarHead, today: date) -> bytes:
        wanted = VisitFilter.model_validate_json(which.filter)
        since = None if which.past is None else today - timedelta(days=which.past)
        with reading(self.engine):
            rows = dated_visits(self.engine, wanted, MOST, exact=which.exact, since=since, off=which.off)
            return bound(self._texts(rows, told), told)

    def _texts(self, rows: Sequence[Any], told: CalendarHead) -> list[bytes]:
        states = {(row.id, told.vanish): (row.digest, row.lane == OVER, told.link) for row in rows}
        kept = {
            key: known[1] for key, state in states.items() if (known := self._events.get(key)) and known[0] == state
        }
        stale = [id for id, vanish in states if (id, vanish) not in kept]
        for start in range(0, len(stale), AT_ONCE):
            for row in bodies(self.engine, stale[start : start + AT_ONCE]):
                key = row.id, told.vanish
                _, over, link = states[key]
                visit = LedgerVisit.model_validate_json(row.body)
                kept[key] = event_text(visit, link, over, told.vanish)
                self._events[key] = (row.digest, over, link), kept[key]
        while len(self._events) > KEPT_EVENTS:
            self._events.popitem(last=False)
        return [kept.get(key, b"") for key in states]  # one that went meanwhile has none
