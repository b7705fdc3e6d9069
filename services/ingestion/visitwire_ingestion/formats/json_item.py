"""Reads an item of JSON, whichever of its formats it is; one odd object never takes its neighbours with it."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats import ap_media, json_feed, jsonl, ninjs, plain_text, unknown_json, xml_item
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dialect import recognise
from visitwire_ingestion.formats.draft import with_warning
from visitwire_ingestion.formats.json_mend import mended

type Json = Mapping[str, object]
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which JSON can spell and no UTF-8 can carry."""
_PAGES = ("items", "_items", "item", "entries", "results", "data", "news", "articles", "stories")
"""Under what APIs put the items of a page."""
_PROSE = re.compile(r"[\[{(]+[^\W\d_][^\[\]{}\"]*[\]})]|\[\d+\]\s*\w|[\[{][^\W_]\w*\s+\w")
"""Text that begins with a bracket: "[UPDATE 1] King to visit"."""
_NAMES_VALUE = re.compile(r"[\"']\s*:|[{,]\s*\w+\s*:\s*[\[{\"']")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WRAPPING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s*(?://|\#)[^\n]*\n|\s*/\*.*?\*/)*\s*(?:[A-Za-z_$][\w.$]{0,60}\s*\(\s*|\)\]\}',?\s*)?(?=[\[{])",
    re.DOTALL,
)
_CLOSING = re.compile(rb"\)\s*;?\s*$")
_DEEPEST = 4
"""Levels of somebody's own around a format."""


def read(item: WireItem) -> list[Story]:
    """The stories of the JSON, of JSON lines, or of prose that only begins like JSON. Raises `InvalidMessage`."""
    text = decode(item.raw).lstrip("\ufeff").rstrip("\x1a\x00").replace("\x1e", "")
    try:
        value = _loaded(text)
    except RecursionError:
        raise InvalidMessage("The JSON is nested deeper than any wire's format: it was not read.") from None
    except ValueError as error:
        return _otherwise(item, text, error)
    return _value(item, value)


def unwrapped(raw: bytes) -> bytes | None:
    """The JSON behind comments, in a call (JSONP), or behind a guard against being called; None where there is none."""
    found = _WRAPPING.match(raw[:4096])
    if not found or not found[0].strip():
        return None
    inner = _CLOSING.sub(b"", raw[found.end() :])
    try:
        _loaded(decode(inner))
    except (ValueError, RecursionError, InvalidMessage):
        return None
    return inner


def _otherwise(item: WireItem, text: str, error: ValueError) -> list[Story]:
    first = text.lstrip().partition("\n")[0].strip()
    if first.startswith("{") and first.endswith("}") and "\n" in text.strip():
        return _lines(item, text)
    if _is_prose(text):
        return plain_text.read(item, text)
    broken = f"The JSON is broken: {error}."
    try:
        values = [_whole(each) for each in mended(text)]
    except (ValueError, RecursionError):
        raise InvalidMessage(f"{broken} Ask the wire to send the item again.") from None
    return with_warning(_all(item, values), f"{broken} What could be read was.")


def _is_prose(text: str) -> bool:
    """Whether the text only begins as JSON does: it names no value, and has words."""
    begins = _PROSE.match(text.lstrip()) or not _NAMES_VALUE.search(text[:20_000])
    return bool(begins) and len(_WORD.findall(text[:20_000])) > 3


def _lines(item: WireItem, text: str) -> list[Story]:
    """JSON lines, each of any JSON format; those that are none are told beside the others."""
    made: list[Story] = []
    refused: list[str] = []
    for place, line in enumerate(text.split("\n")):
        if line.strip():
            try:
                made += _value(item, _loaded(line), place)
            except (ValueError, RecursionError) as error:
                refused.append(f"Line {place + 1} is not JSON ({error}): give one JSON object a line.")
            except InvalidMessage as error:
                refused.append(str(error))
    if refused and not made:
        raise InvalidMessage(refused[0])
    return with_warning(made, " ".join(refused[:3])) if refused else made


def _loaded(text: str) -> object:
    """The JSON, without halves of surrogate pairs. Raises `ValueError` or `RecursionError`."""
    value = json.loads(text, strict=False)
    return _whole(value) if "\\ud" in text or "\\uD" in text else value


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


def _all(item: WireItem, values: list[object], depth: int = 0) -> list[Story]:
    """The stories of those values that are items. Raises `InvalidMessage` where none is."""
    made: list[Story] = []
    refused: list[str] = []
    for place, each in enumerate(values):
        try:
            made += _value(item, each, place, depth)
        except InvalidMessage as error:
            refused.append(f"item {place + 1} of {len(values)}: {error}")
    if refused and not made:
        raise InvalidMessage(refused[0].partition(": ")[2])
    return with_warning(made, f"Beside it in the file could not be read: {'; '.join(refused)}") if refused else made


def _value(item: WireItem, value: object, place: int = 0, depth: int = 0) -> list[Story]:
    """The stories of one value, which may lie in an envelope of somebody's own."""
    if isinstance(value, list):
        return _all(item, value, depth)
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")) and depth < _DEEPEST:
        with suppress(ValueError, RecursionError):  # JSON that was packed into a JSON string
            return _value(item, _loaded(value), place, depth + 1)
    if not isinstance(value, Mapping):
        raise InvalidMessage(
            f"The JSON is {type(value).__name__}, not an object: send an item of ninjs or of AP's Media API."
        )
    found = _known(item, value, place)
    return _inside(item, value, depth) if found is None else found


def _known(item: WireItem, value: Json, place: int) -> list[Story] | None:
    """The stories of an object in a format that is known; None for any other."""
    if found := ap_media.items(value):
        return ap_media.read(item, found)
    if json_feed.is_feed(value):
        return json_feed.read_feed(item, value)
    head = item.raw[:32_000].decode("utf-8", "replace")
    if json_feed.is_digitalwires(value):
        return json_feed.read_digitalwires(item, value, recognise("ninjs", head))
    if ninjs.looks_like(value):
        return ninjs.read(item, value, recognise("ninjs", head))
    return [jsonl.from_object(item, value, place)] if "text" in value else None


def _inside(item: WireItem, value: Json, depth: int) -> list[Story]:
    """The stories somewhere inside the object, first where pages have them; else what its own keys say."""
    why: InvalidMessage | None = None
    for key in [*(each for each in _PAGES if each in value), None, *(each for each in value if each not in _PAGES)]:
        if key is None:
            if (own := unknown_json.read(item, value)) is not None:
                return [own]
        elif isinstance(page := value[key], str) and xml_item.PACKED.match(page):
            return xml_item.read(item.model_copy(update={"raw": page.encode("utf-8", "replace")}))
        elif isinstance(page, list | dict) and page and depth < _DEEPEST:
            try:
                return _value(item, page, depth=depth + 1)
            except InvalidMessage as error:
                why = why or (error if key in _PAGES else None)
    if any(value.get(key) == [] for key in _PAGES):
        return []  # a page on which there is nothing yet
    raise why or InvalidMessage(
        f"The JSON object has the keys {', '.join(sorted(map(str, value))[:8]) or '(none)'},"
        " and is neither ninjs nor AP's Media API"
        ' nor a line with "id" and "text": send one of these.'
    )
