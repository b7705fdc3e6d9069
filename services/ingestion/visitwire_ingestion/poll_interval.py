"""How long until a feed is looked at again: as its definition says, or as its server asks."""

import re
from datetime import datetime, timedelta

from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.formats.dates import when


def wait(feed: Feed, state: FeedState, headers: dict[str, str], status: int, now: datetime, jitter: float) -> timedelta:
    """How long until the next look: what the definition says, or longer where the server asks for it.

    `jitter` from 0 to 1 spreads feeds over a tenth of the time; failures double it, up to an hour.
    """
    seconds = float(feed.every)
    if status in (429, 503) and (asked := _retry_after(headers.get("retry-after", ""), now)):
        seconds = max(seconds, asked)
    if found := re.search(r"max-age=(\d{1,7})", headers.get("cache-control", "")):
        seconds = max(seconds, min(float(found[1]), 86_400.0))
    if state.failures:
        seconds = max(seconds, min(float(feed.every) * 2 ** min(state.failures, 10), 3600.0))
    return timedelta(seconds=seconds * (1 + jitter / 10))


def _retry_after(value: str, now: datetime) -> float | None:
    """Seconds, or an HTTP date; never more than a day."""
    if value.strip().isdigit():
        return min(float(value), 86_400.0)
    asked = when(value)
    return max(0.0, min((asked - now).total_seconds(), 86_400.0)) if asked else None
