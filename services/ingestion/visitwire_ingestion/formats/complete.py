"""What every format shares at the end: what the words themselves say about the item."""

from collections.abc import Iterable
from datetime import datetime

from visitwire_schemas import PubStatus, Revision, Story, WireItem

from visitwire_ingestion.formats.dateline import leading
from visitwire_ingestion.formats.dialect import NONE, Dialect
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo import embargo
from visitwire_ingestion.formats.language import language
from visitwire_ingestion.formats.revision import HOLD, labels, revision, take, victim


def stories(drafts: Iterable[Draft], item: WireItem, dialect: Dialect = NONE) -> list[Story]:
    """The drafts that a format made of the item, completed."""
    return [finish(each, dialect, item.received).story(item) for each in drafts]


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
    embargo(draft, dialect.zone if dialect.name else None, received)
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
