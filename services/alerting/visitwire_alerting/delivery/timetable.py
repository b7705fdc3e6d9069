"""When a message may go out: after the wait, outside quiet hours, at the hour of the digest."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from visitwire_schemas import ChangeKind
from visitwire_schemas.subscription import Digest, Quiet, Subscription

INSTANT = timedelta(microseconds=1)
"""By which an embargo ends before the digest of the same hour."""


def due(subscription: Subscription, kinds: frozenset[ChangeKind], at: datetime, released: datetime | None) -> datetime:
    """When an alert with these changes, recorded at `at`, is sent to the subscription."""
    digest = subscription.digest
    if digest:
        when = next_digest(digest, max(at, released - INSTANT) if released else at)
    else:
        when = at + timedelta(seconds=subscription.wait)
        when = max(when, released) if released else when
    quiet = subscription.quiet
    if quiet and kinds.isdisjoint(quiet.but):
        when = after_quiet(quiet, when)
    return when


def next_digest(digest: Digest, at: datetime) -> datetime:
    local = at.astimezone(ZoneInfo(digest.zone))
    today = _at(local, time.fromisoformat(digest.at))
    return (today if today > at else _at(local + timedelta(days=1), time.fromisoformat(digest.at))).astimezone(
        at.tzinfo
    )


def after_quiet(quiet: Quiet, when: datetime) -> datetime:
    """`when`, or the end of the quiet hours that it falls into."""
    local = when.astimezone(ZoneInfo(quiet.zone))
    start, end = time.fromisoformat(quiet.from_), time.fromisoformat(quiet.to)
    clock = local.time()
    if start <= end:
        inside, ends = start <= clock < end, local
    else:
        inside, ends = clock >= start or clock < end, local + timedelta(days=int(clock >= start))
    if not inside:
        return when
    over = _at(ends, end)
    return (over if over > when else over.replace(fold=1)).astimezone(when.tzinfo)  # an hour that comes twice


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0, fold=0)
