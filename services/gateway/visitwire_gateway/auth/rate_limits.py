"""How often one may ask: a bucket of requests for each, refilled evenly."""

from collections.abc import Callable
from time import monotonic

from visitwire_gateway.newest_kept import NewestKept

MOST = 20_000
"""Buckets kept; the longest unused is forgotten first."""


class Limiter:
    """Allows `rate` requests in `per` seconds, and as many at once."""

    def __init__(self, rate: int, clock: Callable[[], float] = monotonic, per: float = 60) -> None:
        self._rate, self._clock, self._per = rate, clock, per
        self._buckets = NewestKept[str, tuple[float, float]](MOST)

    def wait(self, who: str) -> float:
        """0 where one may go on, else the seconds until one may."""
        now = self._clock()
        left, since = self._buckets.pop(who, (float(self._rate), now))
        left = min(self._rate, left + (now - since) * self._rate / self._per)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        return 0 if allowed else (1 - left) * self._per / self._rate

    def give_back(self, who: str) -> None:
        """One request that was allowed is not to count."""
        if who in self._buckets:
            left, since = self._buckets[who]
            self._buckets[who] = (min(self._rate, left + 1), since)
