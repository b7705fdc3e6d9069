"""From how a visit is told, and when, to its status."""

from datetime import date, timedelta

from visitwire_language.time.period import Period
from visitwire_schemas import Precision, VisitStatus

from visitwire_visits.clauses import View
from visitwire_visits.lexicon import Lexicon

FIXED = {"invited", "accepted", "cancelled", "postponed"}
_LONG = timedelta(days=21)
RECENT = timedelta(days=4)
AHEAD = {VisitStatus.INVITED, VisitStatus.ACCEPTED, VisitStatus.PLANNED}
"""Of visits still to come."""
FORWARD = {*AHEAD, VisitStatus.POSTPONED, VisitStatus.CANCELLED}
"""Of visits that have not begun: those, and what was to come."""


def status_of(
    lexicon: Lexicon, aspect: str, told: View, period: Period | None, today: date | None, here: bool
) -> tuple[VisitStatus | None, int]:
    """The status and how surely it is told (see `Sighting.strength`); (None, -1) where it tells of no visit.

    `here`: the story is filed from the place that is visited.
    """
    if told.tense in FIXED:
        return _fixed(told)
    if told.tense == "kept":
        return VisitStatus.PLANNED, 5
    if aspect == "invitation":
        return (None, -1) if told.negated or not told.tense else (VisitStatus.INVITED, 4)
    if told.negated:
        return (VisitStatus.CANCELLED, 4) if told.tense == "ahead" else (None, -1)
    if told.tense == "before":
        past = bool(period and today and period.last < today)
        return (VisitStatus.CONCLUDED if past else VisitStatus.PLANNED), 2
    if told.tense in ("", "during", "beginning"):
        return _by_date(told.tense, period, today, here)
    table = lexicon.aspects[aspect]
    status = table.get(_key(told.tense, period, today, here, table), "")
    if not status:
        return None, -1
    return _checked(VisitStatus(status), told, period, today, here, aspect)


def _fixed(told: View) -> tuple[VisitStatus | None, int]:
    if told.negated:
        return (VisitStatus.CANCELLED, 4) if told.tense == "accepted" else (None, -1)
    return VisitStatus(told.tense), 5


def _key(tense: str, period: Period | None, today: date | None, here: bool, table: object) -> str:
    """The row of the aspect's table: with its suffix where the table tells the difference."""
    assert isinstance(table, dict)
    old = bool(period and today and period.last < today - RECENT)
    if old and f"{tense}_old" in table:
        return f"{tense}_old"
    if not old and period is not None and f"{tense}_recent" in table:
        return f"{tense}_recent"
    if here and f"{tense}_here" in table and not (period and today and period.last < today - timedelta(days=2)):
        return f"{tense}_here"
    return tense


def _checked(
    status: VisitStatus, told: View, period: Period | None, today: date | None, here: bool, aspect: str
) -> tuple[VisitStatus, int]:
    """The date has the last word where the tense is loose."""
    strength = {"ahead": 4, "maybe": 3, "present": 3, "progressive": 4, "ended": 4}.get(told.tense, 4)
    if period is None or today is None:
        return status, strength
    if status in (VisitStatus.UNDER_WAY, VisitStatus.CONCLUDED) and period.start > today:
        return VisitStatus.PLANNED, 4
    starts = told.tense == "present" and aspect != "awaiting"
    if status is VisitStatus.PLANNED and starts and period.start <= today <= period.last:
        return VisitStatus.UNDER_WAY, 3
    over = period.last < today - (timedelta(0) if period.end or period.precision is not Precision.DAY else _LONG)
    if status is VisitStatus.UNDER_WAY and over:
        return VisitStatus.CONCLUDED, 4
    on_that_day = period.start <= today <= period.last
    stays = aspect == "stay" and here and period.end is None
    meets = aspect == "event" and told.tense == "past"
    if status is VisitStatus.CONCLUDED and on_that_day and (stays or meets):
        return VisitStatus.UNDER_WAY, 3
    return status, strength


def _by_date(tense: str, period: Period | None, today: date | None, here: bool) -> tuple[VisitStatus | None, int]:
    if tense == "beginning":
        started = bool(period and today and period.start <= today)
        return (VisitStatus.UNDER_WAY if started or (period is None and here) else VisitStatus.PLANNED), 3
    if period is None or today is None:
        if tense == "during":
            return (VisitStatus.UNDER_WAY if here else VisitStatus.CONCLUDED), 1
        return None, 0
    if period.start > today:
        return VisitStatus.PLANNED, 2
    if period.last < today:
        return VisitStatus.CONCLUDED, 2
    if tense == "during":
        return (VisitStatus.UNDER_WAY if here else VisitStatus.CONCLUDED), 2
    if (period.last - period.start).days >= 5 and (today - period.start).days <= 1:
        return VisitStatus.PLANNED, 2  # "this week", said on its first day or two
    return (VisitStatus.UNDER_WAY if here or period.end is None else VisitStatus.PLANNED), 2
