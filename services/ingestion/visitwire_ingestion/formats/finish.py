"""What every format shares at the end: what the words themselves say about the item."""

import re

from visitwire_schemas import PubStatus, Revision

from visitwire_ingestion.formats.dateline import leading
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.dialect import NONE, Dialect
from visitwire_ingestion.formats.draft import Draft

_KILL = re.compile(
    r"^\W*(?:(?:URGENT|ATTENTION|EDS|EDITORS|BC)\b[\s:.,-]*)*(?:MANDATORY KILL|KILL(?:ED)?\b(?=\s*[-:–—.(/]|\s*$|\s+(?:item|story)\b)"
    r"|BULLETIN KILL|ADVISORY KILL|STORY (?:IS )?WITHDRAWN|STORY KILLED|WITHDRAWN?\b(?=\s*[-:–—(]|\s*$)"
    r"|WITHDRAWAL\b|RETRACTION\b|ANNULATION\b|MELDUNG ZURÜCKGEZOGEN)",
)
_HOLD = re.compile(r"^\W*(?:MANDATORY )?HOLD(?:\b\s*[-:–—(]|\s*$|\s+FOR RELEASE)")
_CORRECTION = re.compile(
    r"\b(?:CORRECT(?:ED|S|ION)|RICHTIGSTELLUNG|KORREKTUR|RECTIFICATIF|CORRIGE|CORRECCIÓN|RECTIFIE)\b"
)
_REFILE = re.compile(r"\b(?:REFILE[SD]?|REFILING)\b")
_REPEAT = re.compile(r"\b(?:REPEAT(?:S|ED|ING)?|RPT|WIEDERHOLUNG|RÉPÉTITION)\b")
_UPDATE = re.compile(
    r"\b(?:UPDATE \d+|UPDATE[SD]?\b(?=[-: ]*\d|-)|\d+(?:ST|ND|RD|TH) ?(?:LD|LEAD|UPDATE)|LEAD-?ALL|WRITETHRU|WRITE-?THRU|(?:\d+(?:ST|ND|RD|TH) )?ADD\b|TAKE \d)",
    re.IGNORECASE,
)
_ALERT = re.compile(
    r"^\W*(?:BC-\S*)?(?:FLASH|ALERT|NEWS ?ALERT|APNEWSALERT|BREAKING|EILMELDUNG|SNAP)\b|NewsAlert", re.IGNORECASE
)
_ADVISORY = re.compile(r"^\W*(?:ADVISORY|NOTE TO EDITORS|EDITORS?' NOTE|ATTENTION EDITORS|MEDIA ADVISORY|PLANNER)\b")
_TAKE = re.compile(
    r"\b((?:UPDATE|TAKE|ADD) \d+|\d+(?:ST|ND|RD|TH) ?(?:LD-?WRITETHRU|LD|LEAD|ADD|UPDATE|WRITETHRU)(?:-WRITETHRU)?)\b",
    re.IGNORECASE,
)
_EMBARGO = re.compile(
    r"\bembargo(?:ed)?\b|\bnot for (?:release|publication|use) (?:before|until)\b|\bSPERRFRIST\b", re.IGNORECASE
)
_EMBARGO_LABEL = re.compile(r"^\W*(?:EMBARGO(?:ED)?|SPERRFRIST)\b")
_EMBARGO_OVER = re.compile(
    r"\bembargo\s+(?:is\s+)?(?:lifted|over|expired)\b|\barms embargo|\btrade embargo|\boil embargo", re.IGNORECASE
)
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT?\s?\d\d:?\d\d(?::?\d\d)?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)")

HELD = "Held: the item is under embargo, and until when could not be read."


def finish(draft: Draft, dialect: Dialect = NONE) -> Draft:
    """The draft, completed by its own words: revision, take, embargo, dateline, and the agency's name."""
    draft.provider = dialect.name or draft.provider
    draft.text = _trimmed(draft.text, dialect)
    near = draft.versioncreated.date() if draft.versioncreated else None
    if draft.dateline is None or draft.dateline.place is None:
        draft.dateline = leading(draft.text, near) or draft.dateline
    draft.take = draft.take or _take(draft)
    draft.revision = draft.revision or revision(draft, dialect)
    if draft.revision == Revision.KILL:
        draft.pubstatus = PubStatus.CANCELED
    elif draft.pubstatus in (None, PubStatus.USABLE) and any(_HOLD.search(line) for line in _labels(draft)):
        draft.pubstatus = PubStatus.WITHHELD
    _embargo(draft)
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


def _labels(draft: Draft) -> list[str]:
    """Where desks write what an item is to the ones before it: never the body's running text."""
    return [each for each in (draft.take, draft.headline, draft.slugline, draft.text.partition("\n")[0][:80]) if each]


def revision(draft: Draft, dialect: Dialect = NONE) -> Revision:
    """What this version is, by the agency's own codes, the publishing status, and the desk's words in capitals."""
    if draft.pubstatus == PubStatus.CANCELED:
        return Revision.KILL
    for signal in draft.signal:
        if signal in dialect.revisions:
            return dialect.revisions[signal]
    labels = _labels(draft)
    desk = " ".join(each for each in (draft.take, draft.headline, draft.slugline) if each)
    if any(_KILL.search(label) for label in labels):
        return Revision.KILL
    for pattern, kind in ((_CORRECTION, Revision.CORRECTION), (_REFILE, Revision.REFILE), (_REPEAT, Revision.REPEAT)):
        if pattern.search(desk):
            return kind
    if any(_ADVISORY.search(label) for label in labels):
        return Revision.ADVISORY
    if any(_ALERT.search(label) for label in (draft.take, draft.headline, draft.slugline) if label):
        return Revision.ALERT
    return Revision.UPDATE if _UPDATE.search(desk) or "sig:update" in draft.signal else Revision.NEW


def _take(draft: Draft) -> str | None:
    found = _TAKE.search(draft.slugline or "") or _TAKE.search(draft.headline or "")
    return found[1] if found else None


def _embargo(draft: Draft) -> None:
    """An embargo that only the words announce: until when, or held when they do not say it clearly."""
    headline = draft.headline if draft.headline and _EMBARGO_LABEL.search(draft.headline) else None
    notes = " ".join(each for each in (draft.ednote, headline) if each)
    if draft.embargoed or not _EMBARGO.search(notes) or _EMBARGO_OVER.search(notes):
        return
    written = _INSTANT.search(notes)
    draft.embargoed = when(written[0].replace("GMT", "Z").replace("UTC", "Z").strip()) if written else None
    if draft.embargoed is None and draft.pubstatus != PubStatus.CANCELED:
        draft.pubstatus = PubStatus.WITHHELD
        draft.ednote = f"{draft.ednote}\n{HELD}" if draft.ednote else HELD
