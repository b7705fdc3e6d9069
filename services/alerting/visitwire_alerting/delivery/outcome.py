"""How an attempt ended, and when the next one is."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

SCHEDULE = (1, 5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200, 57600, 72000, 43200)
"""Seconds before each retry: at once for a hiccup, then rarer; three days and three hours in all."""
GIVE_UP = timedelta(days=3)
"""A message that could not be delivered for so long waits no more; it can be replayed."""
DISABLE = timedelta(days=5)
"""An endpoint that failed for so long is disabled and its owner told."""
JITTER = 0.2
"""Each wait is longer by up to this share, so that what failed together does not come back together."""
LONGEST = timedelta(days=1)
"""More than this no Retry-After may ask for."""
LONGEST_ERROR = 200


class Result(StrEnum):
    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"
    """The receiver says never again (410)."""
    UNNEEDED = "unneeded"
    """There was nothing left to tell."""
    REFUSED = "refused"
    """Nothing was or will be sent: the address is not on the public internet."""


@dataclass(frozen=True)
class Outcome:
    result: Result
    status: int | None = None
    error: str | None = None
    retry_after: timedelta | None = None


def wait(attempts: int, outcome: Outcome, draw: random.Random, scale: float = 1.0) -> timedelta:
    """How long to wait after the `attempts`-th attempt failed. `scale` shortens the timetable, for trials."""
    planned = SCHEDULE[min(attempts, len(SCHEDULE)) - 1] * scale
    spread = timedelta(seconds=planned * (1 + JITTER * draw.random()))
    return max(spread, min(outcome.retry_after, LONGEST) * scale) if outcome.retry_after else spread


def retry_after(value: str | None, at: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or an HTTP date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return timedelta(seconds=min(int(value), 10**8))
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(timedelta(0), when.replace(tzinfo=when.tzinfo or UTC) - at)
