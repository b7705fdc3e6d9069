"""What is told like a visit and is no official one, on invented sentences."""

import math

import pytest
from visitwire_visits.rules.reader import RulesReader

from tests.unit.visits.conftest import Parsed

PRIVATE, AFAR = "told as a private journey", "told as done from afar"
CASES: dict[str, tuple[str, str | None]] = {
    "President Ana Ruiz of Chile is on a private visit to Norway.": ("trip", PRIVATE),
    "President Ana Ruiz of Chile arrived in Norway on a private visit.": ("arrive", PRIVATE),
    "President Ana Ruiz of Chile flew to Norway on Saturday for a medical check-up.": ("travel", PRIVATE),
    "President Ana Ruiz of Chile flew to Norway on Saturday for talks.": ("travel", None),
    "President Ana Ruiz of Chile is in Norway on holiday.": ("be in", PRIVATE),
    "President Ana Ruiz of Chile addressed the conference in Geneva by video link.": ("attend", AFAR),
    "President Ana Ruiz of Chile addressed the talks in Geneva in a video message.": ("meeting", AFAR),
    "President Ana Ruiz of Chile will participate virtually in a meeting in Fiji.": ("attend", AFAR),
    "President Ana Ruiz of Chile took part in a virtual summit in Norway.": ("meeting", AFAR),
    "President Ana Ruiz held a telephone call with Holm to address the fighting in Sudan.": ("attend", AFAR),
    # what is said of a journey by telephone
    "President Ana Ruiz discussed her visit to Kenya by telephone with Holm.": ("trip", None),
    "President Ana Ruiz spoke by telephone with Holm during her visit to Kenya.": ("trip", None),
    "President Ana Ruiz of Chile discussed by phone the summit in Norway.": ("meeting", None),
}


@pytest.mark.parametrize("text", CASES)
def test_what_speaks_against_an_official_visit(parsed: Parsed, text: str) -> None:
    frame, reason = CASES[text]
    [story] = parsed([text])
    told = [candidate.against for candidate in RulesReader(hopeless=-math.inf).read(story) if candidate.rule == frame]
    assert told == [(reason,) if reason else ()]
