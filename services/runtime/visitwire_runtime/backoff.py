"""How long to wait before the next attempt."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Seconds between attempts: doubled from `first` up to `most`, with a fifth of jitter."""

    first: float = 0.5
    most: float = 30

    def after(self, attempt: int) -> float:
        return float(min(self.first * 2.0 ** min(attempt, 30), self.most)) * random.uniform(0.8, 1.2)
