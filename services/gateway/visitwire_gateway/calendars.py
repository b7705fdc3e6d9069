"""Calendars for subscribers, put together from each visit's event, which is written once for each of its states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched, islice

from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.ics import CalendarHead, bound, event_text
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.lanes import OVER
from visitwire_gateway.model.queries import bodies
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.slim_visit import Slim
from visitwire_gateway.model.standing import Stand, Standing
from visitwire_gateway.model.state import Cache
from visitwire_gateway.month import OFF
from visitwire_gateway.newest_kept import NewestKept

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
    stand: Stand
    _events: NewestKept[tuple[str, bool], tuple[State, bytes]] = field(default_factory=lambda: NewestKept(KEPT_EVENTS))

    def of(self, which: Which, told: CalendarHead, today: date) -> bytes:
        """Those dated visits that are asked for."""
        return self.memory.get(("ics", which, told, today), lambda _before, _now: self._made(which, told, today))

    def _made(self, which: Which, told: CalendarHead, today: date) -> bytes:
        wanted = VisitFilter.model_validate_json(which.filter)
        since = None if which.past is None else today - timedelta(days=which.past)
        with reading(self.engine):
            return bound(self._texts(list(islice(_chosen(self.stand.of(wanted), which, since), MOST)), told), told)

    def _texts(self, rows: Sequence[Slim], told: CalendarHead) -> list[bytes]:
        texts: dict[str, bytes] = {}
        stale: dict[str, Slim] = {}
        for row in rows:
            known = self._events.get((row.id, told.vanish))
            same = known is not None and known[0] == (row.digest, row.lane == OVER, told.link)
            texts[row.id] = known[1] if known is not None and same else b""  # one that went meanwhile has none
            if not same:
                stale[row.id] = row
        for some in batched(stale, AT_ONCE):
            for row in bodies(self.engine, some):
                over, visit = stale[row.id].lane == OVER, LedgerVisit.model_validate_json(row.body)
                texts[row.id] = event_text(visit, told.link, over, told.vanish)
                self._events[row.id, told.vanish] = (row.digest, over, told.link), texts[row.id]
        return list(texts.values())


def _chosen(standing: Standing, which: Which, since: date | None) -> Iterator[Slim]:
    """Those that a calendar has, by first day."""
    day = since.isoformat() if since else ""
    for row in standing.by_day:
        if not row.dated:
            return
        if row.last >= day and (row.exact or not which.exact) and (which.off or row.status not in OFF):
            yield row
