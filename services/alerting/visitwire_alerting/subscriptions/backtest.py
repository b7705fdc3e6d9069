"""What a filter would have sent: the facts of the last weeks' alerts, kept in memory and asked anew for every filter.

A form that asks at every keystroke must not read a month of alerts each time; their facts are a few hundred bytes each.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from sqlalchemy import Connection, Engine, select
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Filter

from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.subscriptions.alert_facts import Facts, facts
from visitwire_alerting.subscriptions.matching import Compiled, Verdict, compile_filter

LONGEST = 90
"""Days that are kept in mind."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RecordedAlert:
    """An alert that was recorded."""

    number: int
    at: datetime
    not_before: datetime | None
    facts: Facts
    old: bool = False
    """Its story was old when it came."""


@dataclass(frozen=True)
class BacktestResult:
    """What a filter would have sent of what was recorded, the latest first."""

    of: tuple[RecordedAlert, ...]
    sent: tuple[RecordedAlert, ...]
    near: tuple[tuple[RecordedAlert, Verdict], ...]
    """Stopped by one condition alone."""


class Backtest:
    """Asked from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[int, RecordedAlert] = {}
        self._lock = threading.Lock()

    def ask(self, asked: Filter, now: datetime, days: int = 30) -> BacktestResult:
        """What the filter would have sent of `recorded`."""
        return _tried(compile_filter(asked), self.recorded(now, days))

    def recorded(self, now: datetime, days: int = 30) -> tuple[RecordedAlert, ...]:
        """The alerts of the last `days` (`LONGEST` at most), the latest first. What is still under embargo, and what
        was old when it came, is left out."""
        with self._lock, reading(self._engine) as connection:
            self._remember(connection, now)
            since = now - timedelta(days=min(days, LONGEST))
            of = [
                one
                for one in self._known.values()
                if one.at >= since and not (one.old or (one.not_before or since) > now)
            ]
        return tuple(sorted(of, key=lambda one: -one.number))

    def _remember(self, connection: Connection, now: datetime) -> None:
        """Takes up what was recorded since, forgets what is old. Numbers may come late, in another transaction."""
        floor = now - timedelta(days=LONGEST)
        there = set(connection.execute(select(alerts.c.number).where(alerts.c.at >= floor)).scalars())
        self._known = {number: told for number, told in self._known.items() if number in there}
        for some in batched(sorted(there - self._known.keys()), AT_ONCE):
            for row in connection.execute(select(alerts).where(alerts.c.number.in_(some))):
                alert = Alert.model_validate_json(row.body)
                asked = facts(alert, row.at.date())
                self._known[row.number] = RecordedAlert(row.number, row.at, row.not_before, asked, alert.data.old)


def count(asked: Filter, of: Sequence[RecordedAlert]) -> int:
    """How many of them the filter would have sent."""
    asks = compile_filter(asked)
    return sum(asks(told.facts) for told in of)


def _tried(asks: Compiled, of: Sequence[RecordedAlert]) -> BacktestResult:
    sent, near = [], []
    for told in of:
        stopped = [condition for condition in asks.conditions if not condition.test(told.facts)]
        if not stopped:
            sent.append(told)
        elif len(stopped) == 1:
            only = stopped[0]
            near.append((told, Verdict(only.name, only.asked, only.found(told.facts), False)))
    return BacktestResult(tuple(of), tuple(sent), tuple(near))


def read(engine: Engine, told: Sequence[RecordedAlert]) -> list[Alert]:
    """The alerts themselves, in the same order."""
    with reading(engine) as connection:
        asked = select(alerts.c.number, alerts.c.body).where(alerts.c.number.in_([one.number for one in told]))
        bodies = {row.number: row.body for row in connection.execute(asked)}
    return [Alert.model_validate_json(bodies[one.number]) for one in told if one.number in bodies]
