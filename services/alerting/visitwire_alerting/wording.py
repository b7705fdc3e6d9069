"""A change in words, as a desk would say it. Pages, mail, chat and commands say it alike."""

from visitwire_language.gazetteer.display import country_name, in_sentence
from visitwire_schemas import (
    Alert,
    Announcer,
    ByHand,
    ChangeKind,
    LedgerVisit,
    Party,
    Report,
    TakenBack,
    VisitDates,
    VisitStatus,
)

from visitwire_alerting.date_wording import dates_words, time_words

CHANGES = {
    ChangeKind.ANNOUNCED: "announced",
    ChangeKind.INVITED: "invited",
    ChangeKind.ACCEPTED: "accepted",
    ChangeKind.DATES_SET: "dates set",
    ChangeKind.DATES_CHANGED: "dates changed",
    ChangeKind.UNDER_WAY: "under way",
    ChangeKind.CONCLUDED: "concluded",
    ChangeKind.POSTPONED: "postponed",
    ChangeKind.CANCELLED: "called off",
    ChangeKind.DENIED: "denied",
    ChangeKind.CORRECTED: "corrected",
    ChangeKind.RETRACTED: "taken back",
    ChangeKind.CONFIRMED: "confirmed by another source",
}

STATUSES = {
    status: "called off" if status is VisitStatus.CANCELLED else status.value.replace("_", " ")
    for status in VisitStatus
}
TOOK_BACK = {
    "kill": "took its story back",
    "correction": "corrected its story",
    "update": "no longer says so",
}
DID = {
    "correct": "corrected it",
    "dismiss": "dismissed it as false",
    "merge": "said that two visits are one",
    "split": "said that these are two visits",
    "lift": "took back what the desk had said",
}
TEST = "org.visitwire.test"
"""The type of an event that only tries a channel."""


def headline(event: Alert) -> str:
    """ "President Vladimir Putin (Russia) to India: accepted, no date"."""
    visit, change = event.data.visit, event.data.change
    kinds = ", ".join(CHANGES[kind] for kind in change.kinds or (change.kind,))
    now = "" if change.kind in (ChangeKind.RETRACTED,) else f", {dates(visit.dates)}"
    if change.kind is ChangeKind.CORRECTED:
        kinds = f"{kinds} (now {STATUSES[visit.status]})"
    return f"{_before(event)}{route(visit)}: {kinds}{now}"


def _before(event: Alert) -> str:
    if event.type == TEST:
        return "Test: "
    return "Old story: " if event.data.old else ""


def route(visit: LedgerVisit) -> str:
    return f"{visitor(visit.visitor)} to {where(visit)}"


def visitor(party: Party) -> str:
    """ "President Amina Odhiambo (Kenya)"."""
    words = " ".join(filter(None, (party.label, party.name))) or "Somebody"
    return f"{words} ({country_name(party.country)})" if party.country else words


def who(party: Party | Announcer) -> str:
    return " ".join(filter(None, (party.label, party.name))) or "somebody"


def where(visit: LedgerVisit) -> str:
    place, code = visit.destination.place, visit.destination.country
    country = country_name(code) if code else None
    parts = (place, None if place == country else code and in_sentence(code))
    return ", ".join(filter(None, parts)) or "a place not named"


def dates(given: VisitDates | None) -> str:
    return dates_words(given) or "no date"


def because(event: Alert) -> str:
    """On whose word, by which story, with the sentence; of what was taken back who did it and when, and never the
    words taken back."""
    change = event.data.change
    if change.desk is not None:
        return by_desk(change.desk)
    last = event.data.evidence[-1] if event.data.evidence else None
    if change.taken_back is not None:
        back = took_back(change.taken_back)
        gone = change.kind is ChangeKind.RETRACTED or last is None or not last.sentence
        return back if gone or last is None else f"{back}; {_said(last)}"
    return "no report stands any more" if last is None else _said(last)


def by_desk(word: ByHand) -> str:
    """ "ada at the desk corrected it (30 Nov 2026, 10:30 UTC): the office says so"."""
    note = f": {word.note}" if word.note else ""
    return f"{word.by} at the desk {DID[word.did]} ({time_words(word.at)}){note}"


def took_back(back: TakenBack) -> str:
    """ "mercury took its story back (30 Nov 2026, 10:30 UTC): the office denies it"."""
    note = f": {back.note}" if back.note else ""
    return f"{back.provider} {TOOK_BACK[back.how]} ({time_words(back.at)}){note}"


def _said(report: Report) -> str:
    word = f"{who(report.announced_by)}: " if report.announced_by else ""
    said = report.sentence or report.headline or report.uri
    return f"{word}“{said}” ({report.provider}, {time_words(report.published)})"
