"""Writes what ingestion makes of every case; a person reads the diff. `python -m tests.golden.ingestion.write`"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from visitwire_ingestion.formats import read
from visitwire_schemas import WireItem

from tests.unit.ingestion.wires import CASES

FOLDER = Path(__file__).parent
RECEIVED = datetime(2026, 3, 2, 11, tzinfo=UTC)


def made(raw: bytes) -> list[Mapping[str, object]]:
    """The stories of an item, without what is the same for all."""
    drop = {"received", "raw_digest"}
    stories = read(WireItem(raw=raw, received=RECEIVED))
    return [story.model_dump(mode="json", exclude=drop, exclude_defaults=True) for story in stories]


if __name__ == "__main__":
    for name, raw in CASES.items():
        case = {"input": raw.decode("utf-8", "backslashreplace").split("\n"), "want": made(raw)}
        (FOLDER / f"{name}.json").write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
