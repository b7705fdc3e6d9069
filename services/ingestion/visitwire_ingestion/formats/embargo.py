"""Embargoes that only words announce: a label before the news, in any of the wires' languages, and its hour."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from visitwire_schemas import PubStatus

from visitwire_ingestion.formats.dates import find_clock, find_day, when
from visitwire_ingestion.formats.draft import Draft

HELD = "Held: the item is under embargo, and until when could not be read."
_DAY = (
    r"(?:[a-z]{3,8}day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)
_UNTIL = (
    r"(?:until|till?|til|bis|jusqu|hasta|fino|até|tot|до|not before|expires|for (?:release|publication|use|broadcast)"
    rf"|(?:to|for|le|am|el|il)? ?\d|(?:for |to )?{_DAY})"
)
_NOUN = r"(?:embargo|эмбарго|sperrfrist|sperrvermerk)"
_SAID = (
    r"(?:embargoed|embargado|embargoté|sous embargo|under (?:strict )?embargo|unter (?:sperrfrist|embargo)"
    r"|bajo embargo)"
)
_BEFORE_IT = (
    r"^[\W_]*(?:(?:strictly|strict|media|press|news|note|nb|attention|achtung|urgent|please note|content|material"
    r"|(?:this|the) (?:story|item|release|report|article) is)\b[\s:,.*/-]*){0,4}"
)
_LABEL = re.compile(
    rf"{_BEFORE_IT}(?:(?:{_NOUN}|{_SAID})(?:[\W_]*$|\s*[:(\[]|\s+[-–—|]\s*(?=\d|{_DAY})|\s+{_UNTIL})|{_SAID}\s*[-–—|,;/]\s"
    r"|not for (?:release|publication|use|broadcast) (?:before|until|till)\b|hold for release (?:until|at)\b"
    r"|no publicar (?:antes|hasta)\b|ne pas (?:publier|diffuser) avant\b|nicht zur veröffentlichung vor\b)",
    re.IGNORECASE,
)
"""A line that opens with the label and goes on as labels do: "Embargo on oil" and "embargo-busting" do not."""
_CAPITALS = re.compile(r"^\W*(?:STRICT(?:LY)? )?(?:EMBARGO(?:ED)?|SPERRFRIST)(?:\s*[:.*|;/]|\s+[-–—]\s|\s*$|\s+\d)")
_INSIDE = re.compile(
    rf"\b{_SAID}\s*(?:[:(]|{_UNTIL})|\bnot for (?:release|publication) (?:before|until)\b|\b(?:sperrfrist|embargo)\s*:",
    re.IGNORECASE,
)
"""The label inside a short first paragraph, where only its full form is one."""
_NOTE = re.compile(rf"\b(?:{_NOUN}|{_SAID}|not for (?:release|publication|use) (?:before|until))\b", re.IGNORECASE)
_OVER = re.compile(
    r"\bembargo\s+(?:(?:is|was|has been|now|hereby)\s+)*(?:lifted|over|expired|removed|broken|ended|ends|none)\b"
    r"|\b(?:no|not under|lifts?|lifted|without|free of|ohne|frei von)\s+(?:an?\s+|the\s+|any\s+)?(?:embargo|sperrfrist)"
    r"|\bembargo(?:ed)?\s*:\s*(?:no|none|nein|keine|n/a)\b|\b(?:sperrfrist|embargo) (?:aufgehoben|levé|levantado)",
    re.IGNORECASE,
)
_TRADE = re.compile(
    r"\b(?:oil|arms|weapons?|trade|gas|gold|grain|food|military|economic|technology|fuel|export|import|travel|waffen\w*|öl)"
    r"[ -]?embargo|\b(?:sanction|tariff|blockade|embargo on|embargo against|embargo gegen|embargo contre)",
    re.IGNORECASE,
)
"""The word as news: trade that is forbidden."""
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT?\s?\d\d:?\d\d(?::?\d\d)?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)")
_UHR = re.compile(r"\buhr\b", re.IGNORECASE)
_ANY = date(2000, 1, 1)
_LINES = 4
"""Lines at the start of a text where a desk announces an embargo."""
_HALF_A_YEAR = timedelta(days=180)
_SHORT = 300
"""Characters of a paragraph that may hold the label inside; a longer one tells the news."""
_EARLIEST = timezone(timedelta(hours=-12))
"""Where a day ends last. An hour without a zone is taken there, so that nothing is passed on too early."""


def embargo(draft: Draft, zone: tzinfo | None, received: datetime | None = None) -> None:
    """Notes until when the words embargo the item; holds it where they do not say it clearly."""
    if draft.embargoed or draft.pubstatus == PubStatus.CANCELED:
        return
    said = next(_announced(draft), None)
    if said is None:
        return
    near = draft.versioncreated or draft.firstcreated or received
    draft.embargoed = _until(said, zone or _zone(draft), near.date() if near else None)
    if draft.embargoed is None:
        draft.pubstatus = PubStatus.WITHHELD
        draft.ednote = f"{draft.ednote}\n{HELD}" if draft.ednote else HELD


def is_label(line: str) -> bool:
    """Whether the line is nothing but a notice of an embargo, and no headline."""
    return (
        bool(_LABEL.match(line)) and not _OVER.search(line) and not _TRADE.search(line) and bool(find_day(line, _ANY))
    )


def _labelled(line: str) -> bool:
    label = _LABEL.match(line) or _CAPITALS.match(line) or (len(line) <= _SHORT and _INSIDE.search(line))
    return bool(label) and not _OVER.search(line) and not _TRADE.search(line)


def _announced(draft: Draft) -> Iterator[str]:
    """What announces an embargo: the notes to editors first, then how the item begins."""
    note = draft.ednote or ""
    if _NOTE.search(note) and not _OVER.search(note) and not _TRADE.search(note):
        yield note
    opening = [each for each in (draft.headline, draft.slugline) if each] + draft.text.split("\n")[:_LINES]
    for line, after in zip(opening, [*opening[1:], ""], strict=True):
        if _labelled(line):
            yield f"{line} {after}" if not re.search(r"\d", line) and _is_time(after) else line


def _is_time(line: str) -> bool:
    """Whether the line below a bare label says when, and nothing else: the day of the visit would be the wrong one."""
    found = find_day(line, _ANY)
    return found is not None and len(re.findall(r"[^\W\d_]{3,}", found[1])) < 4


def _zone(draft: Draft) -> tzinfo | None:
    """The clock that the item's own date was written by, where that is no universal one."""
    created = draft.versioncreated
    offset = created.utcoffset() if created else None
    return created.tzinfo if created and offset else None


def _until(said: str, zone: tzinfo | None, near: date | None) -> datetime | None:
    """The hour in the words; None where there is no day, or no hour that is sure."""
    if written := _INSTANT.search(said):
        return when(re.sub(r"\s*(?:GMT|UTC)$", "Z", written[0]))
    found = find_day(said, near + _HALF_A_YEAR if near else None)  # a day without a year is one to come
    if found is None:
        return None
    day, rest = found
    clock = find_clock(rest)
    if clock is None:
        return None if re.search(r"\d", rest) else datetime.combine(day, time(23, 59, 59), zone or _EARLIEST)
    german = ZoneInfo("Europe/Berlin") if _UHR.search(said) else None
    made = datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second)
    return made.replace(tzinfo=clock.zone or german or zone or _EARLIEST).astimezone(UTC)
