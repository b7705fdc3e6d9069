"""How long a batch of stories may wait for the model, so that none is late by more than one limit on its account."""

from collections.abc import Callable
from time import monotonic


class Patience:
    """Counts what stories have waited already, and pauses after the server failed.

    A batch that is not full takes whatever waits. So what comes after it came while it was under way, and has waited
    for that batch at most; what comes after a full one may have waited for every batch since the last that was not.
    """

    def __init__(self, limit: float, pause: float, clock: Callable[[], float] = monotonic) -> None:
        self._limit, self._pause, self._clock = limit, pause, clock
        self._waited = self._last = 0.0
        self._left_none = True
        self._until = float("-inf")
        self._begun = 0.0

    def begin(self, is_full: bool) -> float:
        """The seconds that the batch which is taken now may wait; 0 where its stories have waited enough."""
        if self._left_none:
            self._waited = self._last
        self._left_none = not is_full
        self._begun = self._clock()
        return max(0.0, self._limit - self._waited)

    def end(self) -> None:
        """The batch is through."""
        self._last = self._clock() - self._begun
        self._waited += self._last

    @property
    def is_paused(self) -> bool:
        return self._clock() < self._until

    def failed(self) -> None:
        """The server was away, or too slow: nobody is asked for a while."""
        self._until = self._clock() + self._pause
