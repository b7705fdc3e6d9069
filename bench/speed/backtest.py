"""Bench: what a filter would have sent of 10,000 changes, by the facts kept in memory and by reading the month anew.

python -m bench.speed.backtest
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from visitwire_alerting.ledger import visit_history
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_alerting.storage.database import reading
from visitwire_alerting.subscriptions.matching import matches
from visitwire_runtime.settings import Settings
from visitwire_schemas.subscription import Filter

from tests.unit.gateway.samples import NOW, many
from tests.unit.gateway.subscription_samples import month, record

CHANGES = 10_000
ASKED = Filter.model_validate({"destination": ["IT", "South Asia"], "office": ["minister of trade"], "sources": 1})


def anew(ledger: Alerting) -> int:
    """As `visitwire subscriptions test` does it."""
    with reading(ledger.engine) as connection:
        told = visit_history.alerts_since(connection, NOW - timedelta(days=30))
        return sum(matches(ASKED, alert, at.date()) for at, alert in told)


def kept(ledger: Alerting) -> int:
    return len(ledger.backtest.ask(ASKED, NOW).sent)


def main() -> None:
    with TemporaryDirectory() as folder:
        ledger = open_alerting(Settings(data_dir=Path(folder)))
        record(ledger, month(many(CHANGES)))
        first, found = _timed(kept, ledger, 1)
        again, same = _timed(kept, ledger, 7)
        reading, other = _timed(anew, ledger, 3)
        assert found == same == other
        print(f"{CHANGES:,} changes, of which the filter would have sent {found:,}; best of several:")
        print(f"  read anew            {reading:8.1f} ms")
        print(f"  kept, the first time {first:8.1f} ms")
        print(f"  kept, then           {again:8.1f} ms, {reading / again:.0f} times faster")


def _timed(ask: Callable[[Alerting], int], ledger: Alerting, times: int) -> tuple[float, int]:
    """Milliseconds of the fastest, and what it found."""
    best, found = float("inf"), 0
    for _ in range(times):
        began = time.perf_counter()
        found = ask(ledger)
        best = min(best, (time.perf_counter() - began) * 1000)
    return best, found


if __name__ == "__main__":
    main()
