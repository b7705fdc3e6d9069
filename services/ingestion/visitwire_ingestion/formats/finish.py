"""What every format shares at the end: what the words themselves say about the item."""

import re
from datetime import datetime

from visitwire_schemas import PubStatus, Revision

from visitwire_ingestion.formats.dateline import leading
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import NONE, Dialect
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.revision import HOLD, labels, revision, take, victim
from visitwire_ingestion.formats.tongue import language

_EMBARGO = re.compile(
    r"\bembargo(?:ed)?\b|\bnot for (?:release|publication|use) (?:before|until)\b|\bsperrfrist\b", re.IGNORECASE
)
_LABEL = re.compile(r"^\W*(?:EMBARGO(?:ED)?|SPERRFRIST)\b")
_OVER = re.compile(r"\bembargo\s+(?:is\s+|was\s+)?(?:lifted|over|expired)\b", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT?\s?\d\d:?\d\d(?::?\d\d)?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)")

HELD = "Held: the item is under embargo, and until when could not be read."


def finish(draft: Draft, dialect: Dialect = NONE, received: datetime | None = None) -> Draft:
    """The draft, completed by its own words: the agency's name, dateline, take, revision, hold, embargo, language.

    `received` dates a dateline without a year where the item has no date of its own.
    """
    named = draft.provider if dialect.format == "newsml1" else None  # NewsML 1 gives the provider's own domain
    draft.provider = named or dialect.name or draft.provider
    draft.text = _trimmed(draft.text, dialect)
    if draft.dateline is None or draft.dateline.place is None:
        near = draft.versioncreated or received
        draft.dateline = leading(draft.text, near.date() if near else None) or draft.dateline
    draft.take = draft.take or take(draft)
    draft.revision = draft.revision or revision(draft, dialect)
    if draft.revision == Revision.KILL:
        draft.pubstatus = PubStatus.CANCELED
        if named := victim(draft):
            draft.identifiers["kills"] = named
    elif draft.pubstatus in (None, PubStatus.USABLE) and any(HOLD.search(label) for label in labels(draft)):
        draft.pubstatus = PubStatus.WITHHELD
    _embargo(draft)
    draft.language = draft.language or language(draft.text)  # what the wire declares is never doubted
    return draft


def _trimmed(text: str, dialect: Dialect) -> str:
    if not dialect.drop and dialect.end is None:
        return text
    kept = []
    for line in text.split("\n"):
        if dialect.end and dialect.end.search(line):
            break
        if not any(pattern.search(line) for pattern in dialect.drop):
            kept.append(line)
    return "\n".join(kept).rstrip("\n")


def _embargo(draft: Draft) -> None:
    """An embargo that only the words announce: until when, or held when they do not say it clearly."""
    headline = draft.headline if draft.headline and _LABEL.search(draft.headline) else None
    notes = " ".join(each for each in (draft.ednote, headline) if each)
    if draft.embargoed or not _EMBARGO.search(notes) or _OVER.search(notes):
        return
    written = _INSTANT.search(notes)
    draft.embargoed = when(re.sub(r"\s*(?:GMT|UTC)$", "Z", written[0])) if written else None
    if draft.embargoed is None and draft.pubstatus != PubStatus.CANCELED:
        draft.pubstatus = PubStatus.WITHHELD
        draft.ednote = f"{draft.ednote}\n{HELD}" if draft.ednote else HELD
