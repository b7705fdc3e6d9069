"""How far behind the machine is: a bare timer in a process of its own, which shares nothing with the product.

`python -m tests.soak.machine FILE` beats until its parent is gone, and writes a line for each beat: when it ended, and
the seconds for which it would have run and was not let.
"""

import os
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import monotonic, process_time, sleep

BEAT = 0.25
"""Seconds between two beats."""
_WORK = bytes(4_000_000)
"""What is hashed at each beat, some milliseconds of it: who only sleeps is served before who works."""


@dataclass(frozen=True)
class Machine:
    """The beats of a run, as the times at which they ended and the sum of what was lost until then."""

    times: Sequence[float]
    sums: Sequence[float]

    def lost(self, start: float, end: float) -> float:
        """Seconds between the two times in which the machine let nobody of our priority run."""
        return self._until(end) - self._until(start)

    def _until(self, time: float) -> float:
        beat = bisect_right(self.times, time)
        return self.sums[beat - 1] if beat else 0.0


def beats(file: Path) -> Machine:
    """What the timer wrote. The usual delay is not a delay: a machine that is idle is late by that too."""
    rows = [line.split() for line in file.read_text().splitlines() if line.count(" ") == 1]
    lags = [float(lag) for _, lag in rows]
    usual = min(median(lags), BEAT / 25) if lags else 0.0
    return Machine([float(time) for time, _ in rows], list(accumulate(max(0.0, lag - usual) for lag in lags)))


def beat(file: Path) -> None:
    """Beats until the process that started it is gone."""
    parent = os.getppid()
    with file.open("w", buffering=1) as out:
        while os.getppid() == parent:
            began, worked = monotonic(), process_time()
            sleep(BEAT)
            sha256(_WORK).digest()
            lag = monotonic() - began - BEAT - (process_time() - worked)
            out.write(f"{monotonic():.3f} {lag:.4f}\n")


if __name__ == "__main__":
    beat(Path(sys.argv[1]))
