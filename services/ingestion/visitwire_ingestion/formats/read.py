"""Reads one wire item, whatever its format."""

import re
import zlib
from contextlib import suppress

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats import (
    anpa,
    calendars,
    iptc7901,
    json_item,
    mail,
    plain_text,
    rich_text,
    spreadsheet,
    xml_item,
)
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.complete import stories
from visitwire_ingestion.formats.dialect import recognise
from visitwire_ingestion.formats.draft import MADE
from visitwire_ingestion.formats.shared_ids import apart

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest item that is read, unpacked; a wire's longest text is a hundredth of it."""
_GZIP = b"\x1f\x8b\x08"
_MAGIC = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\xfd7zXZ": "an xz archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"RIFF": "an audio, video or WebP file",
    b"ID3": "an MP3",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
_MAIL = re.compile(
    rb"^(?:From [^\r\n]*\r?\n)?"
    rb"(?:Delivered-To|Return-Path|Received|Message-ID|MIME-Version|From|To|Subject|Date|Reply-To|Sender"
    rb"|X-[\w-]+|DKIM-Signature|Content-Type|Authentication-Results|ARC-[\w-]+|Cc|List-[\w-]+|User-Agent|Importance|Thread-[\w-]+):",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rb"^(?:From|To|Subject|Date|Message-ID|MIME-Version|Received|Delivered-To):", re.IGNORECASE | re.MULTILINE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_SOH = re.compile(rb"\x01[\s\x11-\x1f]*(?:[A-Za-z0-9]|$)")
_DOCUMENT = re.compile(rb"(?<=\n)<(?:\?xml\b|(?:nitf|NewsML|newsMessage|newsItem|rss|feed)[\s>])")
"""Where a document begins behind lines that are none of it: a server's header, a telex's."""
_MBOX = re.compile(rb"(?<=\n)\r?\n(?=From \S+ [^\n]{8,60}\d{4}[^\n]{0,10}\n[A-Za-z-]+:)")
_TELEX = re.compile(r"(?<=\n)[ ]*NNNN[^\n]{0,80}\n(?=\s*ZCZC\b)", re.IGNORECASE)
"""The end of one message of a telex line before the next."""
_SHORT = 100
_ANSWER = re.compile(
    r"\W*(?:error\W*)?(?:HTTP\S* )?(?:[45]\d\d\W*)?(?:forbidden|unauthori[sz]ed|(?:page )?not found"
    r"|internal server error|bad gateway|bad request|service unavailable|gateway time-?out|too many requests"
    r"|access denied|please (?:log|sign) in\b.{0,40}|(?:rate|usage|request) limit (?:reached|exceeded)"
    r"|(?:daily )?quota exceeded|(?:your |the )?(?:subscription|licen[cs]e|session|token|(?:api )?key)"
    r" (?:has |is )?(?:expired|invalid|missing|not valid)|(?:invalid|missing|unknown|wrong|expired) "
    r"(?:api[- _]?key|(?:access )?token|credentials|user(?:name)?|password|session)"
    r"|authentication (?:failed|required)|no (?:data|content|records?|results?)(?: found)?|it works!?"
    r"|bitte (?:melden sie sich an|anmelden|einloggen)|veuillez vous (?:connecter|identifier)|inicie sesión"
    r"|effettua l'accesso|zugriff verweigert|accès (?:refusé|interdit)|acceso denegado"
    r"|(?:seite )?nicht gefunden|page introuvable)\W*",
    re.IGNORECASE,
)
"""A text that is no more than what a server says of itself."""
_CALENDAR = re.compile(r"^\s*BEGIN:VCALENDAR\b", re.IGNORECASE)


def read(item: WireItem) -> list[Story]:
    """The stories in `item`; none for a feed without entries.

    Raises `InvalidMessage` with one sentence that says what is wrong, where, and what to do.
    """
    return apart(_worded(_read(item)))


def _worded(found: list[Story]) -> list[Story]:
    """Without those that say nothing and name nothing, such as an empty entry of a feed.

    Raises `InvalidMessage` where no other is left.
    """
    kept = [each for each in found if not _is_nothing(each)]
    if found and not kept:
        raise InvalidMessage("The item has neither a word nor an id: nothing can be made of it; send its text.")
    return kept


def _is_nothing(story: Story) -> bool:
    said = f"{story.headline or ''}{story.abstract or ''}{story.text}"
    names = story.links or story.type == "message" or not story.uri.startswith(MADE)
    return not names and not any(map(str.isalnum, said))


def _read(item: WireItem) -> list[Story]:
    raw = item.raw
    if raw.startswith(_GZIP):
        return _read(_with(item, _unpacked(raw)))
    if len(raw) > LARGEST:
        raise InvalidMessage(
            f"The item has {len(raw):,} bytes, more than the {LARGEST:,} that are read: send its parts alone."
        )
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00\x1e")  # RS begins each text of a sequence of JSON texts
    if not start and not raw.strip():
        raise InvalidMessage("The item is empty: nothing was sent, or the transfer broke off; send it again.")
    for magic, named in _MAGIC.items():
        if start.startswith(magic):
            raise InvalidMessage(f"The item is {named}, not a story: send the text that goes with it.")
    label = _label(item, start)
    if label:
        words = decode(raw, label).replace("\x00", "")  # what is left of them would ask for it again
        return _read(item.model_copy(update={"raw": words.encode("utf-8", "replace"), "content_type": None}))
    return _recognised(item, start)


def _label(item: WireItem, start: bytes) -> str | None:
    """The charset of bytes that only their mark, their zeros or the server tell; None for all others."""
    if item.raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    ends = item.raw[:200:2].count(0), item.raw[1:200:2].count(0)
    if max(ends) > 3 * len(item.raw[:200]) // 8 and min(ends) == 0:
        return "utf-16-be" if ends[0] else "utf-16-le"
    served = _CHARSET.search(item.content_type or "")
    own = start.startswith(b"<") or _MAIL.match(start)  # they have labels of their own
    return served[1] if served and not own and not item.raw.isascii() else None


def _unpacked(raw: bytes) -> bytes:
    """What a gzip archive of one or several members holds.

    Raises `InvalidMessage` where it is broken, or larger than an item may be.
    """
    parts: list[bytes] = []
    room = LARGEST + 1
    while raw and room > 0:
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = unpacking.decompress(raw, room)
        except zlib.error as error:
            raise InvalidMessage(f"The gzip archive is broken ({error}): send the item again.") from None
        parts, room = [*parts, part], room - len(part)
        if not unpacking.eof and room > 0:
            raise InvalidMessage("The gzip archive ends too early: the transfer broke off; send the item again.")
        raw = unpacking.unused_data.lstrip(b"\x00")
        raw = raw if raw.startswith(_GZIP) else b""  # a line's end that a transfer in text mode left behind it
    if room <= 0:
        raise InvalidMessage(f"The gzip archive holds more than {LARGEST:,} bytes: send its parts alone.")
    return b"".join(parts)


def _recognised(item: WireItem, start: bytes) -> list[Story]:
    if start.startswith(b"<"):
        return xml_item.read(item)
    if start.startswith(rich_text.START):
        return stories([rich_text.read(item)], item)
    if start.startswith((b"{", b"[", b'"{', b'"[')):
        return json_item.read(item, xml_item.read)
    if (inner := json_item.unwrapped(item.raw)) is not None:
        return json_item.read(_with(item, inner), xml_item.read)
    if _SOH.search(start[:64]):
        return _transmission(item, start)
    _no_bytes(item.raw[:65536])
    if _MAIL.match(start) and len(_FIELD.findall(item.raw[:16384])) > 1:
        return [story for part in _messages(item.raw) for story in mail.read(_with(item, part), _read)]
    return _text(item)


def _messages(raw: bytes) -> list[bytes]:
    """The messages of an mbox file; any other is one."""
    return _MBOX.split(raw) if raw.startswith(b"From ") else [raw]


def _with(item: WireItem, raw: bytes) -> WireItem:
    return item.model_copy(update={"raw": raw})


def _transmission(item: WireItem, start: bytes) -> list[Story]:
    """ANPA 1312 or IPTC 7901: only the first has SYN before SOH, US after the number, or a line of one-letter codes.

    One that neither knows the headers of is still the text behind its start mark.
    """
    text = decode(item.raw)
    head = start.partition(b"\x02")[0]
    american = b"\x16" in start[:8] or b"\x1f" in head[:120] or bool(anpa.DATED.search(decode(head).replace("\r", "")))
    found = _anpa(item, text, text) if american else _iptc7901(item, text, text)
    if any(each.text or each.headline for each in found):
        return found
    words = re.sub(r"[\x00-\x08\x0b-\x1f]+", "\n", text)
    if not words.strip():
        raise InvalidMessage("The transmission has a start mark (SOH) and nothing behind it: send it again, whole.")
    return stories([plain_text.read(words)], item)


def _anpa(item: WireItem, wire: str, text: str) -> list[Story]:
    """The stories of the transmission `wire`; `text` is what the sender's dialect is known by."""
    dialect = recognise("anpa", text)
    return stories(anpa.read(item, wire, dialect), item, dialect)


def _iptc7901(item: WireItem, wire: str, text: str) -> list[Story]:
    dialect = recognise("iptc7901", text)
    return stories(iptc7901.read(item, wire, dialect), item, dialect)


def _no_bytes(sample: bytes) -> None:
    odd = sum(1 for byte in sample if byte < 9 or 15 < byte < 32)  # 14 and 15 shift to Korean and back
    if odd > len(sample) / 20 + 8:
        raise InvalidMessage("The item is binary, and of no format that is known here: send text, XML or JSON.")


def _text(item: WireItem) -> list[Story]:
    if found := _DOCUMENT.search(item.raw[:2000]):
        with suppress(InvalidMessage):
            return xml_item.read(_with(item, item.raw[found.start() :]))
    text = decode(item.raw).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if len(parts := _TELEX.split(text)) > 1:
        return [story for part in parts for story in _text(_with(item, part.encode("utf-8", "replace")))]
    if len(text) < _SHORT and (told := _ANSWER.fullmatch(text)):
        raise InvalidMessage(
            f"A server's answer came where a wire item was meant (“{told[0].strip()}”): check the address."
        )
    if _CALENDAR.match(text):
        return stories(calendars.read(text), item)
    if (sign := spreadsheet.separator(text)) is not None:
        return stories(spreadsheet.read(text, sign), item)
    if spreadsheet.nameless(text):
        raise InvalidMessage(
            "The table (CSV) does not say what its columns are: name them in its first line (headline, text, date, id)."
        )
    if (wire := iptc7901.bare(text)) is not None:
        return _iptc7901(item, wire, text)
    if (wire := anpa.bare(text)) is not None:
        return _anpa(item, wire, text)
    return stories([plain_text.read(text)], item)
