"""Embargoes that only words announce: a label before the news, in any of the wires' languages, and its hour."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from visitwire_schemas import PubStatus

from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo_hour import is_time, tells_day, until
from visitwire_ingestion.formats.embargo_patterns import ASKED, INSIDE, NOUN, SAID, TRADE, UNTIL, WEEKDAY

HELD = "Held: the item is under embargo, and until when could not be read."
_BEFORE_IT = (
    r"^[\W_]*(?:(?:strictly|strict|media|press|news|note|nb|attention|achtung"
    r"|redaktionen|editors|eds|adv ?\d{0,2}|urgent|please note|content|material"
    r"|(?:please )?check against delivery|(?:this|the) (?:story|item|release|report|article) is)\b[\s:,.*/-]*){0,4}"
)
_LABEL = re.compile(
    rf"{_BEFORE_IT}(?:(?:{NOUN}|{SAID})(?:[\W_]*$|\s*[:(\[]|\s+[-–—|]\s*(?=\d|{WEEKDAY})|\s+{UNTIL})"
    rf"|{SAID}(?:\s*(?:[-–—|/]\s|[,;]\s*(?:\d|{WEEKDAY}|{UNTIL}))| (?:copy|material|release|news)\s*:)|{ASKED}"
    rf"|for release\s*(?::|at\b|on\b|from\b|after\b|\d|{WEEKDAY})|(?:release|frei (?:für|ab))\s*:?\s*(?:\d|{WEEKDAY}))",
    re.IGNORECASE,
)
"""A line that opens with the label and goes on as labels do: "Embargo on oil" and "embargo-busting" do not."""
_CAPITALS = re.compile(r"^\W*(?:STRICT(?:LY)? )?(?:EMBARGO(?:ED)?|SPERRFRIST)(?:\s*[:.*|;/]|\s+[-–—]\s|\s*$|\s+\d)")
_BARE = re.compile(r"^[\W_]*(?:STRICTLY )?(?:UNDER )?(?:EMBARGO(?:ED)?|SPERRFRIST)[\W_]*$")
_INSIDE = re.compile(
    rf"(?<!was )(?<!were )(?<!been )\b{SAID}\s*(?:[:(]|{UNTIL})|{INSIDE}|[(\[]\s*{NOUN}\s+{UNTIL}",
    re.IGNORECASE,
)
"""The label inside a headline or a short first paragraph, where only its full form is one."""
_NOTE = re.compile(rf"\b(?:{NOUN}|{SAID}|not for (?:release|publication|use) (?:before|until))\b", re.IGNORECASE)
_OVER = re.compile(
    r"\bembargo\s+(?:(?:is|was|has been|now|hereby)\s+)*(?:lifted|over|expired|removed|broken|ended|ends|none)\b"
    r"|\b(?:no|not under|lifts?|lifted|without|free of|ohne|frei von)\s+(?:an?\s+|the\s+|any\s+)?(?:embargo|sperrfrist)"
    r"|\bimmediate (?:release|publication)|\bfor release\s*:?\s*(?:immediate|at once|now\b|upon receipt|on receipt)"
    r"|\b(?:embargo(?:ed)?|sperrfrist|sperrefrist)\s*:\s*(?:no|none|nein|keine?s?|n/a|nej|nei|aucun|ning[uú]no?|nessuno|geen|brak)\b|\b(?:sperrfrist|embargo)\b.{0,30}\b(?:aufgehoben|levé|levantado|lifted|hävs|oppheves|ophæves|revocato)\b",
    re.IGNORECASE,
)
_TRADE = re.compile(TRADE, re.IGNORECASE)
_BEGINS = re.compile(rf"{_BEFORE_IT}(?:{NOUN}|{SAID})(?!\w)", re.IGNORECASE)
_NOT_UNDER = frozenset({"", "false", "no", "none", "null", "n/a", "0", "-"})
"""What templates write into the field of an item that is under no embargo."""
_LINES = 4
"""Lines at the start of a text where a desk announces an embargo."""
_INSIDE_LINES = 2
"""Lines of a text that may hold the label inside: the byline, and the first paragraph."""
_SHORT = 300
"""Characters of a paragraph that may hold the label inside; a longer one tells the news."""


def embargo(draft: Draft, zone: tzinfo | None, received: datetime | None = None) -> None:
    """Notes until when the words embargo the item; holds it where they do not say it clearly."""
    if draft.embargoed or draft.pubstatus == PubStatus.CANCELED:
        return
    announced = list(_announced(draft))
    if not announced:
        return
    near = draft.versioncreated or draft.firstcreated or received
    ends = (until(said, zone or _zone(draft), near.date() if near else None) for said in announced)
    draft.embargoed = max((end for end in ends if end), default=None)  # a subject names it, the text below says when
    if draft.embargoed is None:
        _hold(draft)


def stated(draft: Draft, said: object, zone: tzinfo | None = None) -> None:
    """Notes the embargo that a format's own field tells of; one whose end cannot be read holds the item."""
    words = "" if said is None else str(said).strip()
    if words.casefold() in _NOT_UNDER or draft.pubstatus == PubStatus.CANCELED:
        return
    near = draft.versioncreated or draft.firstcreated
    draft.embargoed = when(said, zone or UTC) or until(words, zone, near.date() if near else None)
    if draft.embargoed is None:
        _hold(draft)


def _hold(draft: Draft) -> None:
    draft.pubstatus = PubStatus.WITHHELD
    draft.ednote = f"{draft.ednote}\n{HELD}" if draft.ednote else HELD


def is_label(line: str) -> bool:
    """Whether the line is nothing but a notice of an embargo, and no headline."""
    return _labelled(line) and bool(_BARE.match(line) or tells_day(line))


def _labelled(line: str) -> bool:
    found = _LABEL.match(line) or _CAPITALS.match(line) or (_BEGINS.match(line) and is_time(line, 4))
    return bool(found) and "?" not in line and _holds(line)


def _holds(line: str) -> bool:
    return not _OVER.search(line) and not _TRADE.search(line)


def _announced(draft: Draft) -> Iterator[str]:
    """What announces an embargo: the notes to editors first, then how the item begins."""
    note = "\n".join(each for each in (draft.ednote, draft.usageterms) if each)
    if _holds(note) and (_NOTE.search(note) or any(_LABEL.match(line) for line in note.split("\n"))):
        yield note
    said = [each for each in (draft.headline, draft.slugline) if each]
    said += (draft.abstract or "").split("\n")[:1]
    opening = said + draft.text.split("\n")[:_LINES]
    for place, (line, after) in enumerate(zip(opening, [*opening[1:], ""], strict=True)):
        inside = place < len(said) + _INSIDE_LINES and len(line) <= _SHORT and _INSIDE.search(line) and _holds(line)
        if inside or _labelled(line):
            yield f"{line} {after}" if not re.search(r"\d", line) and is_time(after) else line


def _zone(draft: Draft) -> tzinfo | None:
    """The clock that the item's own date was written by, where that is not a universal one."""
    created = draft.versioncreated
    offset = created.utcoffset() if created else None
    return created.tzinfo if created and offset else None
