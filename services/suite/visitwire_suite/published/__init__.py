"""The schemas that a standard's own body publishes, applied as they are to wire items, for `visitwire parse --schemas`.

They are IPTC's and not ours to hand on: whoever has them keeps them in a folder (docs/feeding.md).
"""

from collections.abc import Mapping
from pathlib import Path

from visitwire_ingestion.formats.elements import Element

from visitwire_suite.published.json_schemas import JsonSchemas
from visitwire_suite.published.unusable import Unusable
from visitwire_suite.published.xsd import Xsds

__all__ = ["Published", "Unusable"]


class Published:
    """The XSDs and JSON Schemas of a folder and the folders below it. Raises `Unusable` where there is none, or one of
    them is broken."""

    def __init__(self, folder: Path) -> None:
        files = sorted(each for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else []
        self._xsds = Xsds([each for each in files if each.suffix.lower() == ".xsd"])
        self._json = JsonSchemas([each for each in files if each.suffix.lower() == ".json"])
        if not (self._xsds or self._json):
            raise Unusable(f"{folder} holds no XSD and no JSON Schema of ninjs: put IPTC's files there, as published")

    def of_xml(self, root: Element) -> list[str] | None:
        """Every breach with its line and path; None where no XSD of the folder knows the root."""
        return self._xsds.breaches(root)

    def of_json(self, value: Mapping[str, object], text: str, place: tuple[int, ...]) -> list[str] | None:
        """Every breach of an item that stands at `place` of the JSON `text`; None where there is no schema of its
        family."""
        return self._json.breaches(value, text, place)
