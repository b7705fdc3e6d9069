"""Reads an item of JSON, whichever of its formats it is; one odd object never takes its neighbours with it."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats import ap_media, json_feed, jsonl, ninjs, plain_text, unknown_json
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.complete import stories
from visitwire_ingestion.formats.dialect import recognise
from visitwire_ingestion.formats.draft import Inner, with_warning
from visitwire_ingestion.formats.json_mend import mended
from visitwire_ingestion.formats.xml import PACKED

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


@dataclass(frozen=True)
class _Source:
    """The item that a value came in, and what reads the XML that its strings may hold."""

    item: WireItem
    inner: Inner


def read(item: WireItem, inner: Inner) -> list[Story]:
    """The stories of the JSON, of JSON lines, or of prose that only begins like JSON; `inner` reads an item of XML that
    is packed in it.

    Raises `InvalidMessage`.
    """
    source = _Source(item, inner)
    text = decode(item.raw).lstrip("\ufeff").rstrip("\x1a\x00").replace("\x1e", "")
    try:
        value = _loaded(text)
    except RecursionError:
        raise InvalidMessage("The JSON is nested deeper than any wire's format: it was not read.") from None
    except ValueError as error:
        return _otherwise(source, text, error)
    return _value(source, value)


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


def _otherwise(source: _Source, text: str, error: ValueError) -> list[Story]:
    first = text.lstrip().partition("\n")[0].strip()
    if first.startswith("{") and first.endswith("}") and "\n" in text.strip():
        return _lines(source, text)
    if _is_prose(text):
        return stories([plain_text.read(text)], source.item)
    broken = f"The JSON is broken: {error}."
    try:
        values = [_whole(each) for each in mended(text)]
    except (ValueError, RecursionError):
        raise InvalidMessage(f"{broken} Ask the wire to send the item again.") from None
    return with_warning(_all(source, values), f"{broken} What could be read was.")


def _is_prose(text: str) -> bool:
    """Whether the text only begins as JSON does: it names no value, and has words."""
    begins = _PROSE.match(text.lstrip()) or not _NAMES_VALUE.search(text[:20_000])
    return bool(begins) and len(_WORD.findall(text[:20_000])) > 3


def _lines(source: _Source, text: str) -> list[Story]:
    """JSON lines, each of any JSON format; those that are none are told beside the others."""
    made: list[Story] = []
    refused: list[str] = []
    for place, line in enumerate(text.split("\n")):
        if line.strip():
            try:
                made += _value(source, _loaded(line), place)
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


def _all(source: _Source, values: list[object], depth: int = 0) -> list[Story]:
    """The stories of those values that are items. Raises `InvalidMessage` where none is."""
    made: list[Story] = []
    refused: list[str] = []
    for place, each in enumerate(values):
        try:
            made += _value(source, each, place, depth)
        except InvalidMessage as error:
            refused.append(f"item {place + 1} of {len(values)}: {error}")
    if refused and not made:
        raise InvalidMessage(refused[0].partition(": ")[2])
    return with_warning(made, f"Beside it in the file could not be read: {'; '.join(refused)}") if refused else made


def _value(source: _Source, value: object, place: int = 0, depth: int = 0) -> list[Story]:
    """The stories of one value, which may lie in an envelope of somebody's own."""
    if isinstance(value, list):
        return _all(source, value, depth)
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")) and depth < _DEEPEST:
        with suppress(ValueError, RecursionError):  # JSON that was packed into a JSON string
            return _value(source, _loaded(value), place, depth + 1)
    if not isinstance(value, Mapping):
        raise InvalidMessage(
            f"The JSON is {type(value).__name__}, not an object: send an item of ninjs or of AP's Media API."
        )
    found = _known(source, value, place)
    return _inside(source, value, depth) if found is None else found


def _known(source: _Source, value: Json, place: int) -> list[Story] | None:
    """The stories of an object in a format that is known; None for any other."""
    if found := ap_media.items(value):
        return stories(ap_media.read(found), source.item)
    if json_feed.is_feed(value):
        return stories(json_feed.read_feed(value), source.item)
    head = source.item.raw[:32_000].decode("utf-8", "replace")
    if json_feed.is_digitalwires(value):
        return stories([json_feed.read_digitalwires(value)], source.item, recognise("ninjs", head))
    if ninjs.looks_like(value):
        dialect = recognise("ninjs", head)
        return stories(ninjs.read(value, dialect), source.item, dialect)
    return [jsonl.from_object(source.item, value, place)] if "text" in value else None


def _inside(source: _Source, value: Json, depth: int) -> list[Story]:
    """The stories somewhere inside the object, first where pages have them; else what its own keys say."""
    why: InvalidMessage | None = None
    for key in [*(each for each in _PAGES if each in value), None, *(each for each in value if each not in _PAGES)]:
        if key is None:
            if (own := unknown_json.read(value)) is not None:
                return stories([own], source.item)
        elif isinstance(page := value[key], str) and PACKED.match(page):
            return source.inner(source.item.model_copy(update={"raw": page.encode("utf-8", "replace")}))
        elif isinstance(page, list | dict) and page and depth < _DEEPEST:
            try:
                return _value(source, page, depth=depth + 1)
            except InvalidMessage as error:
                why = why or (error if key in _PAGES else None)
    if any(value.get(key) == [] for key in _PAGES):
        return []  # a page on which there is nothing yet
    raise why or InvalidMessage(
        f"The JSON object has the keys {', '.join(sorted(map(str, value))[:8]) or '(none)'},"
        " and is neither ninjs nor AP's Media API"
        ' nor a line with "id" and "text": send one of these.'
    )
