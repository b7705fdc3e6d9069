"""How the pages say things: statuses, changes, dates, ages."""

import calendar
from datetime import UTC, date, datetime

from visitwire_alerting.span import days
from visitwire_schemas import ChangeKind, LedgerVisit, Party, Precision, VisitDates, VisitStatus

LANE_WORDS = {
    "undated": "No date yet",
    "invited": "Invited",
    "accepted": "Accepted",
    "planned": "Planned",
    "under_way": "Under way",
    "concluded": "Concluded",
    "postponed": "Postponed",
    "cancelled": "Called off",
}
STATUS_WORDS = {status: LANE_WORDS[status.value] for status in VisitStatus}
CHANGE_WORDS = {
    ChangeKind.ANNOUNCED: "Announced",
    ChangeKind.INVITED: "Invited",
    ChangeKind.ACCEPTED: "Accepted",
    ChangeKind.DATES_SET: "Dates set",
    ChangeKind.DATES_CHANGED: "Dates changed",
    ChangeKind.UNDER_WAY: "Under way",
    ChangeKind.CONCLUDED: "Concluded",
    ChangeKind.POSTPONED: "Postponed",
    ChangeKind.CANCELLED: "Called off",
    ChangeKind.DENIED: "Denied",
    ChangeKind.CORRECTED: "Corrected",
    ChangeKind.RETRACTED: "Taken back",
    ChangeKind.CONFIRMED: "Confirmed by another wire",
}
TENTATIVE = {VisitStatus.INVITED, VisitStatus.ACCEPTED, VisitStatus.POSTPONED}
"""A visit in these may not happen when it says."""


def dates_words(dates: VisitDates | None) -> str:
    """ "26–28 Mar 2026", "March 2026", "2nd quarter of 2026", "2026"; "" when nothing can be placed."""
    window = days(dates)
    if dates is None or window is None:
        return ""
    first, last = window
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole and dates.precision is Precision.QUARTER:
        return f"{_ordinal((first.month + 2) // 3)} quarter of {first.year}"
    if whole and dates.precision is not Precision.DAY:
        return _months(first, last)
    return _days(first, last)


def _months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first:%b} – {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} – {last:%b %Y}"


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {first:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b %Y}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{start} – {last.day} {last:%b %Y}"


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


def time_words(at: datetime) -> str:
    """ "2 Mar 2026, 09:41 UTC"."""
    here = at.astimezone(UTC)
    return f"{here.day} {here:%b %Y, %H:%M} UTC"


def party_words(party: Party | None) -> str:
    """ "Prime Minister Narendra Modi"; what the story gives of it."""
    return "" if party is None else " ".join(filter(None, (party.label, party.name))) or "Somebody unnamed"


def title_words(party: Party) -> str:
    """The name; where there is none, the office or delegation."""
    return party.name or party.label or "Somebody unnamed"


def last_change(visit: LedgerVisit) -> tuple[str, datetime]:
    """What changed last, and when."""
    if visit.history:
        latest = visit.history[-1]
        return CHANGE_WORDS[latest.change], latest.at
    return STATUS_WORDS[visit.status], visit.updated


def summary(visit: LedgerVisit, country: str) -> str:
    """ "Narendra Modi to Russia"; `country` is the destination's name."""
    where = ", ".join(filter(None, (visit.destination.place, country))) or "a place not named"
    return f"{title_words(visit.visitor)} to {where}"
