"""Every golden case comes out as a person read it."""

from pathlib import Path

import pytest
from visitwire_attribution.stage import attribute

from tests.golden.attribution.write import HERE, read, told

CASES = sorted(HERE.glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    story, case = read(path)

    assert told(attribute(story)) == case["quotes"]
