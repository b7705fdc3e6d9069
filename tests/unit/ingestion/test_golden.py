"""Every format and dialect: what is read out of it, field by field."""

import json

import pytest

from tests.golden.ingestion.write import FOLDER, made
from tests.unit.ingestion.wires import CASES


@pytest.mark.parametrize("name", CASES)
def test_a_wire_item_reads_as_its_golden_case(name: str) -> None:
    want = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["want"]
    assert made(CASES[name]) == want


def test_every_golden_case_has_its_item() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(CASES)
