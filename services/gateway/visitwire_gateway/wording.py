"""How the pages say things: statuses, changes, dates, ages; in the words of the alerts."""

from datetime import datetime

from visitwire_alerting.service import CHANGES, STATUSES, dates_words, time_words
from visitwire_schemas import Hand, HandKind, LedgerVisit, Party, Precision, VisitDates, VisitStatus

from visitwire_gateway.model.slim_visit import Slim

__all__ = ["dates_words", "time_words"]

LANE_WORDS = {"undated": "No date yet", "over": "Over, not reported"} | {
    status.value: words.capitalize() for status, words in STATUSES.items()
}
STATUS_WORDS = {status: LANE_WORDS[status.value] for status in VisitStatus}
CHANGE_WORDS = {kind: words.capitalize() for kind, words in CHANGES.items()}


def party_words(party: Party | None) -> str:
    """ "Prime Minister Narendra Modi"; what the story gives of it."""
    return "" if party is None else " ".join(filter(None, (party.label, party.name))) or "Somebody unnamed"


def title_words(party: Party) -> str:
    """The name; where there is none, the office or delegation."""
    return party.name or party.label or "Somebody unnamed"


def window_words(row: Slim) -> str:
    """A row's dates in words; "" where it has none."""
    if not row.dated:
        return ""
    return dates_words(VisitDates(start=row.day, end=row.last, precision=Precision(row.precision)))


DID = {HandKind.DISMISS: "Dismissed as false", HandKind.MERGE: "Merged", HandKind.SPLIT: "Split off"}


def said_words(hand: Hand) -> str:
    """ "Status: Postponed; Dates: 4–6 Dec 2026; no Host"."""
    if hand.right is None:
        return DID.get(hand.kind, "Corrected")
    right, who = hand.right, hand.right.visitor or Party()
    where = right.destination
    values = {
        "Visitor": ", ".join(filter(None, (who.label, who.name, who.country))),
        "Destination": ", ".join(filter(None, (where.place, where.country))) if where else "",
        "Host": party_words(right.host),
        "Status": STATUS_WORDS[right.status] if right.status else "",
        "Dates": dates_words(right.dates),
        "On the word of": " ".join(filter(None, (right.announced_by.label, right.announced_by.name)))
        if right.announced_by
        else "",
    }
    none = [f"no {name.replace('_', ' ')}" for name in right.none]
    return "; ".join([*(f"{name}: {value}" for name, value in values.items() if value), *none])


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
