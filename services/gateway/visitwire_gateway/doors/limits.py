"""How often one may ask: a bucket of requests for each, refilled evenly."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

MOST = 20_000
"""Buckets kept; the longest unused is forgotten first."""


class Limiter:
    """Allows `rate` requests a minute, and as many at once."""

    def __init__(self, rate: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str) -> float:
        """0 where one may go on, else the seconds until one may."""
        now = self._clock()
        left, since = self._buckets.pop(who, (float(self._rate), now))
        left = min(self._rate, left + (now - since) * self._rate / 60)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return 0 if allowed else (1 - left) * 60 / self._rate
