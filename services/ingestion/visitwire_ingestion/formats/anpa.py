"""ANPA 1312, the text format of American wires: SYN SYN SOH header STX text ETX date EOT."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from visitwire_schemas import WireItem

from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft, number

_ENVELOPE = re.compile(r"^(?P<service>[A-Za-z]?)(?P<number>\d{1,5})(?:\x1f(?P<selector>[^\n]*))?")
_HEADER = re.compile(
    r"(?:^|\n)(?P<priority>[a-zA-Z]) (?P<category>[a-zA-Z])(?P<format>[\x11-\x14]{0,2})[ ]+(?P<slug>[^\n]*?)"
    r"(?:[ ]+(?P<month>\d{1,2})-(?P<day>\d{1,2}))?(?:[ ]+(?P<words>\d{3,5}))?[ ]*(?:\n|$)"
)
DATED = re.compile(r"^[a-z] [a-z][\x11-\x14]{0,2} +\S[^\n]*? +\d\d-\d\d +\d{3,4}[ ]*$", re.MULTILINE)
"""A header that is sure to be one."""
_CYCLE = re.compile(r"^(?:AM|PM|BC)-(?:[A-Z]{2}--)?", re.IGNORECASE)
_CUT = re.compile(r"(?<=[a-z])[A-Z]$")
_SENT = re.compile(r"(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d\d)\s+(?P<h>\d\d)(?P<mi>\d\d)\s*(?:GMT|UTC)")
_KEYWORD = re.compile(r"^[^ ][^\n]*,\s?\d{2,5}$")
_PHOTO = re.compile(r"^(?:AP|Reuters|AFP|EPA|Getty)?\s*(?:Photos?|Graphics?|Video)\b", re.IGNORECASE)
_EDS = re.compile(r"^\(?\s*(?:Eds|Editors|EDITOR'?S'? NOTE)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"^(?:(?:For )?(?:The )?Associated Press|.{0,40}\b(?:Writer|Correspondent|Editor|Reporter|Columnist))$"
)
_CELLS = re.compile("[\x1c-\x1f][\x1c-\x1f ]*(?=\\S|$)|\x08")
"""What parts the cells of a table's line."""
_CONTROL = re.compile("[\x00-\x08\x0c-\x1f\x7f]+")
URGENCIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "a": 6, "w": 7, "s": 8, "h": 8}


def read(item: WireItem, text: str, dialect: Dialect) -> list[Draft]:
    """One draft for each SOH of the transmission."""
    return [_draft(part, item, dialect) for part in _items(text)]


def _items(text: str) -> Iterator[str]:
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\x01")
    yield from (part for part in parts[1:] if part.strip("\x16\n "))


def _draft(part: str, item: WireItem, dialect: Dialect) -> Draft:
    head, _, rest = part.partition("\x02")
    body, _, tail = rest.partition("\x03")
    made = Draft(type="text", preformatted=False)
    _header(made, head)
    found = _SENT.search(tail)
    made.transmitted = made.firstcreated = made.versioncreated = _time(found) if found else None
    _body(made, [line for each in body.split("\n") if (line := _clean(each))])
    wire = made.provider = dialect.name or ("ap" if re.match(r"\s*AP-", tail) else None)
    day = (made.transmitted or item.received).date().isoformat()
    if made.sequence:
        service = made.identifiers.get("service", "")
        made.uri = f"urn:visitwire:{wire or item.provider}:{service}:{made.sequence}:{day}"
    return made


def _time(found: re.Match[str]) -> datetime | None:
    try:
        return datetime(
            2000 + int(found["y"]), int(found["m"]), int(found["d"]), int(found["h"]), int(found["mi"]), tzinfo=UTC
        )
    except ValueError:
        return None


def bare(text: str) -> str | None:
    """The transmission with its control characters again, where a gateway took them out; None when it is none."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    if len(lines) > 2 and DATED.match(lines[0]):  # without the line of the service and the number
        return "\n".join(["\x16\x01", lines[0], "\x02" + "\n".join(lines[1:]), "\x03"])
    if len(lines) < 4 or not _ENVELOPE.match(lines[0]) or not DATED.match(lines[1]):
        return None
    return "\n".join(["\x16\x01" + lines[0], lines[1], "\x02" + "\n".join(lines[2:]), "\x03"])


def _header(made: Draft, head: str) -> None:
    """ "W2870 US asian", then "f l DC3 DC1 BC-LT--Argentina-CancerB     11-13 1049"."""
    envelope = _ENVELOPE.match(head.lstrip("\x16\n "))
    if envelope:
        made.sequence = envelope["number"]
        made.identifiers["item"] = f"{envelope['service'].lower()}{int(envelope['number'])}"
        if envelope["service"]:
            made.identifiers["service"] = envelope["service"]
    found = _HEADER.search(head)
    if not found:
        return
    made.priority = found["priority"].lower()
    made.urgency = URGENCIES.get(made.priority)
    made.service = found["category"].lower()
    made.preformatted = "\x14" in found["format"] or "\x12" in found["format"]
    made.wordcount = number(found["words"])
    slug, _, take = found["slug"].strip().partition(" ")
    # The keyword field holds 24 characters: a lone capital at its end is a word that was cut off.
    made.slugline = _CUT.sub("", _CYCLE.sub("", slug)) or None
    made.take = " ".join(take.split()) or None


def _clean(line: str) -> str:
    """Without control characters, a table's cells parted by tabs; AP's quotation marks and dashes made typographic."""
    line = _CELLS.sub("\v", line) if "\x1e" in line else re.sub(r"(?<=\S)\t+(?=\S)", "\v", line)
    line = _CONTROL.sub(" ", line.replace("\t", "  ")).replace("\v", "\t").strip("\t").rstrip()
    return line.replace("``", "“").replace("''", "”").replace(" _ ", " — ").rstrip("\x00")


def _body(made: Draft, lines: list[str]) -> None:
    """Marked lines ("^…<", "^…=") are heading; the rest is the story. Without a rest the marked lines are the story."""
    if lines and lines[0].endswith("<") and not any(line.lstrip().startswith("^") for line in lines):
        heads = next((place for place, line in enumerate(lines) if not line.rstrip().endswith(("<", "="))), len(lines))
        lines = [f"^{line}" if place < heads else line for place, line in enumerate(lines)]
    elif lines and any(line.lstrip().startswith("^") for line in lines) and lines[0].endswith("<"):
        lines = ["^" + lines[0].lstrip("^"), *lines[1:]]  # the keyword line, whose mark only ends it
    if not any(line.lstrip().startswith("^") for line in lines):
        lines = _marked_up(lines)
    made.preformatted = made.preformatted or any("\t" in line for line in lines)
    marked = [(place, _unmarked(line)) for place, line in enumerate(lines) if line.lstrip().startswith("^")]
    story = [(place, _unmarked(line)) for place, line in enumerate(lines) if not line.lstrip().startswith("^")]
    start = story[0][0] if story else len(lines)
    heading = [words for place, words in marked if place < start or not story]
    heading = _keyword(
        made, [each for words in heading for each in re.split(r"<\s*\^", words) if each.strip("*0123456789 <")]
    )
    rest = _heading(made, heading)
    later = [(place, words) for place, words in marked if place >= start and story]
    paragraphs = [words for _, words in sorted(story + later)] if story else rest
    made.text = "\n".join(words for words in paragraphs if words.strip())


def _marked_up(lines: list[str]) -> list[str]:
    """Lines of a wire that marks nothing: what stands before the first indented line is heading, and a line that is
    not indented goes on with the paragraph above it."""
    start = next((place for place, line in enumerate(lines) if line.startswith("  ")), None)
    if start is None:
        return lines
    made = ["^" + line.rstrip("+ ") for line in lines[:start]]
    for line in lines[start:]:
        if line.startswith(("  ", "==")):
            made.append(line)
        else:
            made[-1] = f"{made[-1]} {line}"
    return made


def _unmarked(line: str) -> str:
    said = line.strip().lstrip("^").strip().rstrip("<=")
    return re.sub(r"[ \t]*\t[ \t]*", "\t", re.sub(r"[^\S\t]+", " ", said)).strip()


def _keyword(made: Draft, heading: list[str]) -> list[str]:
    """Takes off the line "BC-LT--Argentina-Cancer Beauty,466"."""
    if heading and (_KEYWORD.match(heading[0]) or _CYCLE.match(heading[0])):
        parts = [part.strip() for part in heading[0].split(",")]
        made.take = next((part for part in parts[1:] if not part.isdigit()), made.take)
        return heading[1:]
    return heading


def _heading(made: Draft, heading: list[str]) -> list[str]:
    """Headline, notes, byline and summary of the heading; gives back the lines that are none of these."""
    rest: list[str] = []
    notes: list[str] = []
    for line in heading:
        if _PHOTO.match(line) or _CREDIT.match(line):
            continue
        if _EDS.match(line):
            notes.append(line)
        elif re.match(r"(?:By|Por|Par)\s", line):
            made.byline = made.byline or line
        elif made.headline is None:
            made.headline = line
        else:
            rest.append(line)
    made.ednote = "\n".join(notes) or None
    made.abstract = rest[0] if rest and len(rest[0]) > 60 else None
    return rest
