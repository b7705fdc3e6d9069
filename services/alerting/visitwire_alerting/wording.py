"""A change in words, as a desk would say it."""

from visitwire_language.gazetteer.display import in_sentence
from visitwire_schemas import Alert, Announcer, ChangeKind, LedgerVisit, Party, VisitDates, VisitStatus

CHANGES = {
    ChangeKind.ANNOUNCED: "announced",
    ChangeKind.INVITED: "invited",
    ChangeKind.ACCEPTED: "accepted",
    ChangeKind.DATES_SET: "dates set",
    ChangeKind.DATES_CHANGED: "dates changed",
    ChangeKind.UNDER_WAY: "under way",
    ChangeKind.CONCLUDED: "concluded",
    ChangeKind.POSTPONED: "postponed",
    ChangeKind.CANCELLED: "cancelled",
    ChangeKind.DENIED: "ruled out",
    ChangeKind.CORRECTED: "corrected",
    ChangeKind.RETRACTED: "retracted",
    ChangeKind.CONFIRMED: "confirmed by another source",
}

STATUSES = {status: status.value.replace("_", " ") for status in VisitStatus}


def headline(event: Alert) -> str:
    """ "Vladimir Putin to India: accepted, no date"."""
    visit, change = event.data.visit, event.data.change
    kinds = ", ".join(CHANGES[kind] for kind in change.kinds or (change.kind,))
    now = "" if change.kind in (ChangeKind.RETRACTED,) else f", {dates(visit.dates)}"
    if change.kind is ChangeKind.CORRECTED:
        kinds = f"{kinds} (now {STATUSES[visit.status]})"
    return f"{route(visit)}: {kinds}{now}"


def route(visit: LedgerVisit) -> str:
    return f"{who(visit.visitor)} to {where(visit)}"


def who(party: Party | Announcer) -> str:
    return party.name or party.label or "somebody"


def where(visit: LedgerVisit) -> str:
    place, code = visit.destination.place, visit.destination.country
    return ", ".join(part for part in (place, in_sentence(code) if code else None) if part) or "a place not named"


def dates(given: VisitDates | None) -> str:
    if given is None or given.start is None:
        return "no date"
    return given.start if given.end in (None, given.start) else f"{given.start} to {given.end}"


def because(event: Alert) -> str:
    """On whose word, by which story, with the sentence."""
    if not event.data.evidence:
        return "no report stands any more"
    last = event.data.evidence[-1]
    word = f"{who(last.announced_by)}: " if last.announced_by else ""
    return (
        f"{word}“{last.sentence or last.headline or last.uri}” ({last.provider}, {last.published:%d %B %Y %H:%M} UTC)"
    )
