"""The lanes of the board: one for each status, and those of visits without a date and of visits that are over."""

from visitwire_schemas import LedgerVisit, VisitStatus
from visitwire_schemas.day_range import days

UNDATED = "undated"
OVER = "over"
LANES = (UNDATED, "invited", "accepted", "planned", "under_way", OVER, "concluded", "postponed", "cancelled")
"""The statuses, a lane for what has no date yet, and one for what is past by its dates and was not told to be over."""
AGEING = (UNDATED, "invited", "accepted", "planned", "under_way")
"""Lanes of what has not ended."""
_OPEN = {VisitStatus.INVITED, VisitStatus.ACCEPTED, VisitStatus.PLANNED}


def lane_of(visit: LedgerVisit) -> str:
    """The board's lane: its status, but a visit to come without any date waits in a lane of its own."""
    return UNDATED if visit.status in _OPEN and days(visit.dates) is None else visit.status.value
