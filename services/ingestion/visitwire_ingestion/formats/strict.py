"""The full check of an item against its format's standard, for `visitwire parse --strict`."""

import json
from collections.abc import Mapping
from typing import Protocol

from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from visitwire_ingestion.formats import g2_schema, newsml_g2, ninjs, ninjs_schema, xml
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.elements import Element, name


class Published(Protocol):
    """The schemas that a standard's own body publishes, where somebody has them at hand."""

    def of_xml(self, root: Element) -> list[str] | None:
        """Every breach; None where no schema is about such a document."""

    def of_json(self, value: Mapping[str, object], text: str, place: tuple[int, ...]) -> list[str] | None:
        """Every breach of an item that stands at `place` of the JSON `text`; None as above."""


def breaches(item: WireItem, published: Published | None = None) -> list[str]:
    """Everything that breaks the standard: XML or JSON that is not well formed, NewsML-G2's and ninjs' schemas.

    Those are the `published` ones where they are about such an item, else our tables.
    """
    start = item.raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if start.startswith(b"<"):
            root = xml.parse(item.raw)
            if published is not None and (found := published.of_xml(root)) is not None:
                return found
            known = name(root) == "newsMessage" or name(root) in newsml_g2.ITEMS
            return [f"NewsML-G2: {each}" for each in g2_schema.problems(root)] if known else []
        return _json(item.raw, published) if start.startswith((b"{", b"[")) else []
    except InvalidMessage as error:
        return [str(error)]


def _json(raw: bytes, published: Published | None) -> list[str]:
    text = decode(raw).lstrip("\ufeff")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return [f"The JSON is broken: {error}."]
    found = {(place,): each for place, each in enumerate(value)} if isinstance(value, list) else {(): value}
    return [
        problem
        for place, each in found.items()
        if isinstance(each, dict) and ninjs.looks_like(each)
        for problem in _of(each, text, place, published)
    ]


def _of(value: dict[str, object], text: str, place: tuple[int, ...], published: Published | None) -> list[str]:
    found = published.of_json(value, text, place) if published is not None else None
    own = (f"ninjs {ninjs_schema.schema_of(value)}: {each}" for each in ninjs_schema.problems(value))
    return list(own) if found is None else found
