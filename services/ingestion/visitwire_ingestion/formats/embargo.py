"""Embargoes that only words announce: a label before the news, in any of the wires' languages, and the hour at which it
ends; where the words leave two open, the later one.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from visitwire_schemas import PubStatus

from visitwire_ingestion.formats.dates import find_clock, when
from visitwire_ingestion.formats.days import find_day
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo_patterns import (
    ASKED,
    CLOCKS,
    DAY_AND_MONTH,
    EITHER,
    FOUR,
    GLUED,
    HOUR,
    INSIDE,
    INSTANT,
    NOON,
    NOUN,
    SAID,
    TRADE,
    UNTIL,
    WEEKDAY,
    WEEKDAY_NAMES,
)

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
_ANY = date(2000, 1, 1)
_HALF_A_YEAR = timedelta(days=180)
_EARLIEST = timezone(timedelta(hours=-12))
"""Where a day ends last. An hour without a zone is taken there, so that nothing is passed on too early."""


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


def until(said: str, zone: tzinfo | None, near: date | None) -> datetime | None:
    """The hour in the words; None where there is no day, or no hour that is sure.

    `near` is the day on which it was said: a day without a year, or the name of one, is one to come.
    """
    if written := INSTANT.search(said):
        return when(re.sub(r"\s*(?:GMT|UTC)$", "Z", written[0]))
    found = _day(_in_common_notation(said, near), near)
    if found is None:
        return None
    day, rest = found
    clock = find_clock(rest)
    if clock is None:
        return None if re.search(r"\d", rest) else datetime.combine(day, time(23, 59, 59), zone or _EARLIEST)
    spoken = next((ZoneInfo(name) for words, name in CLOCKS if re.search(words, said, re.IGNORECASE)), None)
    return clock.on(day).replace(tzinfo=clock.zone or spoken or zone or _EARLIEST).astimezone(UTC)


def tells_day(line: str) -> bool:
    """Whether the line names a day."""
    return _day(_in_common_notation(line, _ANY), _ANY) is not None


def is_time(line: str, most: int = 3) -> bool:
    """Whether the line below a bare label says when, and nothing else: the day of the visit would be the wrong one.

    `most`: how many other words it may have.
    """
    found = _day(_in_common_notation(line, _ANY), _ANY)
    return found is not None and len(re.findall(r"[^\W\d_]{3,}", found[1])) <= most


def _in_common_notation(said: str, near: date | None) -> str:
    """The words with their hours as everybody writes them: "0600GMT 5OCT" is "06:00 GMT 5 OCT", noon 12:00."""

    def clock(found: re.Match[str]) -> str:
        year = near is not None and abs(int(found[0]) - near.year) < 2
        return found[0] if year else f"{found[1]}:{found[2]}"

    def hour(found: re.Match[str]) -> str:
        number = int(found["a"] or found["b"])
        return f"{number + 12 if found['half'] and number < 12 else number}:00 "

    return FOUR.sub(clock, HOUR.sub(hour, NOON.sub("12:00", GLUED.sub(" ", said))))


def _day(said: str, near: date | None) -> tuple[date, str] | None:
    """The day, and the words without it."""
    found = find_day(said, near + _HALF_A_YEAR if near else None)
    return found or _numbered(said, near) or (_named(said, near) if near else None)


def _numbered(said: str, near: date | None) -> tuple[date, str] | None:
    """5.10., 5/10, 10/5/2026: where both orders are days, the later one."""
    found = DAY_AND_MONTH.search(said) or EITHER.search(said)
    if not found:
        return None
    one, other, year = int(found["a"]), int(found["b"]), found.groupdict().get("y")
    orders = ((one, other),) if "." in found[0] else ((one, other), (other, one))
    days = [made for number, month in orders if (made := _made(year, month, number, near))]
    if not days or (near and max(days) < near):
        return None
    return max(days), f"{said[: found.start()]} {said[found.end() :]}"


def _made(year: str | None, month: int, number: int, near: date | None) -> date | None:
    if year is None and near is None:
        return None
    full = int(year) % 100 + 2000 if year else near.year if near else 0
    try:
        made = date(full, month, number)
        return made.replace(year=full + 1) if near and year is None and made < near else made
    except ValueError:
        return None


def _named(said: str, near: date) -> tuple[date, str] | None:
    """Monday is the next one; on a Monday nobody can be sure which."""
    for weekday, pattern in enumerate(WEEKDAY_NAMES):
        if (found := pattern.search(said)) and (ahead := (weekday - near.weekday()) % 7):
            return near + timedelta(days=ahead), f"{said[: found.start()]} {said[found.end() :]}"
    return None
