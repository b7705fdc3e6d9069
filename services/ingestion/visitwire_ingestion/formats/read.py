"""Reads one wire item, whatever its format."""

import json
import re
from collections.abc import Mapping

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats import (
    anpa,
    ap_media,
    feed,
    iptc7901,
    jsonl,
    mail,
    newsml1,
    newsml_g2,
    ninjs,
    nitf,
    own_xml,
    plain,
    xml,
)
from visitwire_ingestion.formats.body import plain as words
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dialect import recognise

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest item that is read; a wire's longest text is a hundredth of it."""
G2 = "http://iptc.org/std/nar/2006-10-01/"
_MAGIC = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
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
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which JSON can spell and no UTF-8 can carry."""
_FIELD = re.compile(
    rb"^(?:From|To|Subject|Date|Message-ID|MIME-Version|Received|Delivered-To):", re.IGNORECASE | re.MULTILINE
)


def read(item: WireItem) -> list[Story]:
    """The stories in `item`; none for a feed without entries.

    Raises `InvalidMessage` with one sentence that says what is wrong, where, and what to do.
    """
    raw = item.raw
    if len(raw) > LARGEST:
        raise InvalidMessage(
            f"The item has {len(raw):,} bytes, more than the {LARGEST:,} that are read: send its parts alone."
        )
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start and not raw.strip():
        raise InvalidMessage("The item is empty: nothing was sent, or the transfer broke off; send it again.")
    for magic, named in _MAGIC.items():
        if start.startswith(magic):
            raise InvalidMessage(f"The item is {named}, not a story: send the text that goes with it.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return read(item.model_copy(update={"raw": decode(raw).encode("utf-8", "replace")}))
    return _read(item, start)


def _read(item: WireItem, start: bytes) -> list[Story]:
    if start.startswith(b"<"):
        return _xml(item)
    if start.startswith((b"{", b"[")):
        return _json(item)
    _no_bytes(item.raw[:65536])
    if b"\x01" in start[:64]:
        return _transmission(item, start)
    if _MAIL.match(start) and len(_FIELD.findall(item.raw[:16384])) > 1:
        return mail.read(item, read)
    return _plain(item)


def _transmission(item: WireItem, start: bytes) -> list[Story]:
    """ANPA 1312 or IPTC 7901: only the first has SYN before SOH, US after the number, or a line of one-letter codes."""
    text = decode(item.raw)
    head = start.partition(b"\x02")[0]
    american = b"\x16" in start[:8] or b"\x1f" in head[:120] or bool(anpa.DATED.search(decode(head).replace("\r", "")))
    found = (
        anpa.read(item, text, recognise("anpa", text))
        if american
        else iptc7901.read(item, text, recognise("iptc7901", text))
    )
    if not found:
        raise InvalidMessage("The transmission has a start mark (SOH) and nothing behind it: send it again, whole.")
    return found


def _no_bytes(sample: bytes) -> None:
    odd = sum(1 for byte in sample if byte < 9 or 13 < byte < 32)
    if odd > len(sample) / 20 + 8:
        raise InvalidMessage("The item is binary, and of no format that is known here: send text, XML or JSON.")


def _plain(item: WireItem) -> list[Story]:
    text = decode(item.raw).replace("\x00", "")
    if (wire := iptc7901.bare(text)) is not None:
        return iptc7901.read(item, wire, recognise("iptc7901", text))
    if (wire := anpa.bare(text)) is not None:
        return anpa.read(item, wire, recognise("anpa", text))
    return plain.read(item, text)


def _json(item: WireItem) -> list[Story]:
    text = decode(item.raw).lstrip("\ufeff")
    try:
        value = _loaded(text)
    except RecursionError:
        raise InvalidMessage("The JSON is nested deeper than any wire's format: it was not read.") from None
    except ValueError as error:
        first = text.lstrip().partition("\n")[0].strip()
        if first.startswith("{") and first.endswith("}") and "\n" in text.strip():
            return _lines(item, text)
        raise InvalidMessage(f"The JSON is broken: {error}. Ask the wire to send the item again.") from None
    return _value(item, value)


def _lines(item: WireItem, text: str) -> list[Story]:
    """JSON lines, each of any JSON format."""
    made: list[Story] = []
    for place, line in enumerate(text.split("\n")):
        if not line.strip():
            continue
        try:
            value = _loaded(line)
        except (ValueError, RecursionError) as error:
            raise InvalidMessage(f"Line {place + 1} is not JSON ({error}): give one JSON object a line.") from None
        made += _value(item, value, place)
    return made


def _loaded(text: str) -> object:
    """The JSON, without halves of surrogate pairs. Raises `ValueError` or `RecursionError`."""
    value = json.loads(text)
    return _whole(value) if "\\ud" in text or "\\uD" in text else value


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


def _value(item: WireItem, value: object, place: int = 0) -> list[Story]:
    if isinstance(value, list):
        return [story for number, each in enumerate(value) for story in _value(item, each, number)]
    if not isinstance(value, Mapping):
        raise InvalidMessage(
            f"The JSON is {type(value).__name__}, not an object: send an item of ninjs or of AP's Media API."
        )
    if found := ap_media.items(value):
        return ap_media.read(item, found)
    for key in ("items", "_items"):  # a page of an API
        if isinstance(page := value.get(key), list) and page and not ninjs.looks_like(value):
            return [story for number, each in enumerate(page) for story in _value(item, each, number)]
    if "text" in value and not ninjs.looks_like(value):
        return [jsonl.from_object(item, value, place)]
    if ninjs.looks_like(value):
        return ninjs.read(item, value, recognise("ninjs", item.raw[:32_000].decode("utf-8", "replace")))
    raise InvalidMessage(
        f"The JSON object has the keys {', '.join(sorted(map(str, value))[:8]) or '(none)'},"
        " and is neither ninjs nor AP's Media API"
        ' nor a line with "id" and "text": send one of these.'
    )


def _xml(item: WireItem) -> list[Story]:
    try:
        root = xml.parse(item.raw)
    except InvalidMessage:
        # Feeds are often broken a little, and feedparser reads what can be read.
        found = feed.read(item) if re.search(rb"<(?:rss|feed|rdf:RDF)\b", item.raw[:2000]) else []
        if found:
            return found
        raise
    text = decode(item.raw[:32000])
    own = own_xml.dialect_of(root, text)
    kind = xml.name(root)
    if own is not None:
        return own_xml.read(item, root, own)
    if kind == "nitf":
        return nitf.read(item, root, recognise("nitf", text))
    if kind == "NewsML":
        return _some(newsml1.read(item, root, recognise("newsml1", text)), "NewsML", "NewsItem")
    if kind == "newsMessage" or kind in newsml_g2.ITEMS:
        return newsml_g2.read(item, root, recognise("newsml-g2", text))
    if feed.is_wordpress(root):
        return feed.read_wordpress(item, root)
    if kind in ("rss", "feed", "RDF", "entry"):
        return feed.read(item)
    if any(xml.name(each) == "nitf" for each in root):
        return nitf.read(item, root, recognise("nitf", text))
    if kind in ("html", "body", "div", "article"):
        return plain.read(item, words(root))
    raise InvalidMessage(
        f"The XML's first element is <{kind}>, which is none of nitf, NewsML, newsMessage, newsItem, rss and feed:"
        " describe it in a dialect file, or send one of these."
    )


def _some(found: list[Story], kind: str, part: str) -> list[Story]:
    if not found:
        raise InvalidMessage(f"The {kind} holds no {part}: ask the wire whether the item was meant to be empty.")
    return found
