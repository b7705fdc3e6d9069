"""The full check of an item against its format's standard, for `visitwire parse --strict`."""

import json

from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from visitwire_ingestion.formats import g2_schema, newsml_g2, ninjs, ninjs_schema, xml
from visitwire_ingestion.formats.charset import decode


def breaches(item: WireItem) -> list[str]:
    """Everything that breaks the standard: XML or JSON that is not well formed, NewsML-G2's and ninjs' schemas."""
    start = item.raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if start.startswith(b"<"):
            root = xml.parse(item.raw)
            known = xml.name(root) == "newsMessage" or xml.name(root) in newsml_g2.ITEMS
            return [f"NewsML-G2: {each}" for each in g2_schema.problems(root)] if known else []
        return _json(item.raw) if start.startswith((b"{", b"[")) else []
    except InvalidMessage as error:
        return [str(error)]


def _json(raw: bytes) -> list[str]:
    try:
        value = json.loads(decode(raw).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        return [f"The JSON is broken: {error}."]
    found = value if isinstance(value, list) else [value]
    return [
        f"ninjs {ninjs_schema.schema_of(each)}: {problem}"
        for each in found
        if isinstance(each, dict) and ninjs.looks_like(each)
        for problem in ninjs_schema.problems(each)
    ]
