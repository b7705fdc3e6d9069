"""How a visit's status and dates move on from report to report."""

from visitwire_schemas import VisitDates, VisitStatus
from visitwire_schemas.day_range import days, fineness, gap

S = VisitStatus

PROGRESS = {S.INVITED: 0, S.ACCEPTED: 1, S.PLANNED: 2, S.UNDER_WAY: 3, S.CONCLUDED: 4}
OFF = frozenset({S.POSTPONED, S.CANCELLED})
AHEAD = frozenset({S.INVITED, S.ACCEPTED, S.PLANNED, S.POSTPONED, S.CANCELLED})
"""Statuses of a visit that has not begun."""
BEGUN = frozenset({S.UNDER_WAY, S.CONCLUDED})


def advance(now: VisitStatus | None, said: VisitStatus) -> VisitStatus:
    """The status after a later report says `said`.

    A later story that says less ("he was invited in March") takes nothing back; a cancelled or postponed visit is on
    again when a later report says so; what has taken place cannot be called off.
    """
    if now is None:
        return said
    if now in OFF:
        return said if said is not S.INVITED or now is S.CANCELLED else now
    if said in OFF:
        return now if now is S.CONCLUDED else said
    return said if PROGRESS[said] > PROGRESS[now] else now


def settle(now: VisitDates | None, said: VisitDates | None, status: VisitStatus) -> VisitDates | None:
    """The dates after a later report: it may set, narrow or change them; vaguer words that agree change nothing.

    Once the visit has begun a report's day is a day of it ("on Thursday he met …") and no new date.
    """
    ours, theirs = days(now), days(said)
    if theirs is None:
        return now
    if ours is None:
        return said
    if gap(ours, theirs) == 0:
        beyond = theirs[0] < ours[0] or ours[1] < theirs[1]  # a day of it, told alone, moves nothing
        if fineness(said) > fineness(now) or (fineness(said) == fineness(now) and beyond and status not in BEGUN):
            return said
        return now
    return now if status in BEGUN and fineness(now) >= fineness(said) else said
