"""IPTC 7901, the text format of European wires: SOH header STX text ETX date EOT."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from visitwire_schemas import WireItem

from visitwire_ingestion.formats.days import MONTHS
from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number, urgency
from visitwire_ingestion.formats.plain_text import blocks

_HEADER = re.compile(
    r"^(?P<source>[A-Za-z]+)(?P<number>\d+)\s+(?P<priority>\d)\s+(?P<category>\S+)\s+(?P<words>\d+)?(?:\s+(?P<rest>[^\n]*))?"
)
_BARE = re.compile(r"^[a-z]{3}\d{3,6} [1-9] [a-z]{1,3} +\d{1,4}(?: [^\n]{0,40})?$", re.MULTILINE | re.IGNORECASE)
"""The header of a transmission whose control characters a gateway took out: "bsf037 4 pl 174 gef 1388"."""
_SENT = re.compile(
    r"(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)\s*(?P<zone>GMT|UTC|Z|[+-]\d{2,4})?\s+(?P<month>[^\W\d]{3,})\.?\s*(?P<y>\d{2,4})?"
)
_TAKE = re.compile(
    r"^\(?(?:EXTRA|URGENT|EILT?|FLASH|BULLETIN|ADVISORY|PREVIEW|FEATURE|ROUNDUP|REFILE|REPEAT|CORRECT\w*|KILL|HOLD"
    r"|NEWS ?FEATURE|Achtung|\d+(?:ST|ND|RD|TH) (?:LEAD|ADD|UPDATE|ROUNDUP)|(?:LEAD|ADD|UPDATE|TAKE) \d+"
    r"|.{0,20}\b(?:LEAD|ROUNDUP|SUMMARY|ADD))\b[^a-z]*\)?$"
    r"|^\((?i:(?:\d+\. ?)?(?:zusammenfassung|neufassung|korrektur|berichtigung|wiederholung|überblick|synthèse"
    r"|rectificatif))\b[^)]{0,60}\)$"
)
_KEYWORD = re.compile(r"[^\s/]+(?:/[^\s/]+)*/")
"""The keyword line of senders that put it behind STX: "Kalvia/Sorvia/"."""


def read(item: WireItem, text: str, dialect: Dialect) -> list[Draft]:
    """One draft for each SOH of the transmission."""
    return [_draft(part, item, dialect) for part in _items(text)]


def bare(text: str) -> str | None:
    """The transmission with its control characters again, where a gateway took them out; None when it is none.

    Header and keyword line are the first two lines; what follows is the text, and its last line the date.
    """
    lines = text.replace("\r\n", "\n").strip().split("\n")
    if not _BARE.fullmatch(lines[0].rstrip()):
        return None
    keyword = next((place for place, line in enumerate(lines) if place and line.strip()), None)
    if keyword is None:
        return None
    last = len(lines) - 1 if _SENT.match(lines[-1]) and keyword < len(lines) - 1 else len(lines)
    head, body = lines[: keyword + 1], lines[keyword + 1 : last]
    return "\n".join(["\x01" + head[0], *head[1:], "\x02" + "\n".join(body), "\x03" + "\n".join(lines[last:])])


def _items(text: str) -> Iterator[str]:
    parts = re.split("\x01", text.replace("\r\n", "\n").replace("\r", "\n"))
    yield from (part for part in parts[1:] if part.strip())


def _draft(part: str, item: WireItem, dialect: Dialect) -> Draft:
    head, _, rest = part.partition("\x02")
    body, _, tail = rest.partition("\x03")
    made = Draft(type="text", preformatted=False)
    _header(made, head)
    made.transmitted = _sent(tail, item.received, dialect.zone)
    made.firstcreated = made.versioncreated = made.transmitted
    lines, text = _heading(body)
    _headings(made, lines)
    made.text = "\n".join(text)
    _identify(made, item, dialect)
    return made


def _header(made: Draft, head: str) -> None:
    """ "eca062 4 i 211 ccccb   dpa 061", then the keyword line: "Germany-politics/"."""
    found = _HEADER.match(head.strip("\n "))
    lines = [line.strip() for line in head.strip("\n").split("\n")[1:] if line.strip()]
    made.slugline = lines[0].strip("/ ") or None if lines else None
    if not found:
        return
    made.sequence = found["number"]
    made.priority = found["priority"]
    made.urgency = urgency(found["priority"])
    made.service = found["category"]
    made.wordcount = number(found["words"])
    made.identifiers["source"] = found["source"]
    routed = (found["rest"] or "").split()
    named = re.search(r"\b([A-Za-z]{2,6}) (\d{2,4})$", " ".join(routed))
    if named:
        made.provider = named[1].lower()
        made.identifiers["item"] = f"{named[1].lower()}{int(named[2])}"


def _heading(body: str) -> tuple[list[str], list[str]]:
    """The heading's lines, to the one that ends in "=", and the paragraphs."""
    lines = body.lstrip("\n").split("\n")
    for place, line in enumerate(lines[:12]):
        if line.rstrip().endswith("="):
            heading = [each.strip() for each in lines[:place]] + [line.rstrip()[:-1].strip()]
            return [each for each in heading if each], blocks("\n".join(lines[place + 1 :]))
    paragraphs = blocks(body)
    short = len(paragraphs) > 1 and len(paragraphs[0]) <= 120 and not paragraphs[0].endswith(".")
    return (paragraphs[:1], paragraphs[1:]) if short else ([], paragraphs)


def _headings(made: Draft, lines: list[str]) -> None:
    """Take, headline and byline of the heading: "REFILE", "1ST LEAD", the headline, "By dpa correspondents"."""
    if len(lines) > 1 and made.slugline is None and _KEYWORD.fullmatch(lines[0]):
        made.slugline = lines.pop(0).strip("/")
    takes: list[str] = []
    while len(lines) > 1 and _TAKE.match(lines[0]):
        takes.append(lines.pop(0))
    made.take = " ".join(takes) or None
    if len(lines) > 1 and re.match(r"(?:By|Von|Par|Por)\b", lines[-1]):
        made.byline = lines.pop()
    made.headline = " ".join(lines) or None


def _sent(tail: str, received: datetime, local: tzinfo) -> datetime | None:
    """ "131137 GMT Nov 13": day, time, month, year; without a year, the latest that is not after the receipt.

    Without a word of the zone it is the wire's `local` time.
    """
    found = _SENT.search(tail)
    month = _month(found["month"].lower()) if found else None
    if not found or not month:
        return None
    zone = UTC if found["zone"] else local
    if found["y"]:
        year = int(found["y"])
        return _time(year + 2000 if year < 100 else year, month, found, zone)
    times = [_time(received.year + step, month, found, zone) for step in (0, -1)]
    return next((made for made in times if made and made <= received + timedelta(days=1)), None)


def _month(word: str) -> int | None:
    return MONTHS.get(word[:4]) or MONTHS.get(word[:3]) or {"mrz": 3}.get(word[:3])


def _time(year: int, month: int, found: re.Match[str], zone: tzinfo) -> datetime | None:
    try:
        return datetime(year, month, int(found["d"]), int(found["h"]), int(found["m"]), tzinfo=zone)
    except ValueError:
        return None


def _identify(made: Draft, item: WireItem, dialect: Dialect) -> None:
    """The format has no id: one from wire, service, number and day, so that a redelivery or a kill finds its item."""
    made.provider = dialect.name or made.provider
    day = (made.transmitted or item.received).date()
    wire = made.provider or item.provider
    if made.sequence:
        made.uri = f"urn:visitwire:{wire}:{made.identifiers.get('source', '')}:{made.sequence}:{day.isoformat()}"
