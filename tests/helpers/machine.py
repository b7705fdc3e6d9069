"""What this machine can do while tests run."""

import os


def busy() -> float:
    """How many times its processors this machine has work for, and 1 at least: so much longer does all take."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))


def live() -> float:
    """Milliseconds in which a page shows what happened: two seconds, and more on a busy machine."""
    return 2000 * busy()
