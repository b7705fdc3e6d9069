"""Broken marks, one long quote, two thousand nested ones: no crash, and time in step with the length."""

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_attribution.stage import attribute
from visitwire_runtime import InvalidMessage
from visitwire_schemas import EnrichedStory

from tests.helpers.factories import make_enriched, make_story
from tests.unit.attribution.parses import story

SHAPES = {
    "opening marks only": "“a " * 1000,
    "closing marks only": "a” " * 1000,
    "straight marks": '"a" ' * 1000,
    "nested": "“He said " * 2000 + "”" * 2000,
    "one long quote": "“" + "We will go. " * 2000 + "”",
    "one long quote with a tag": "“" + "We will go. " * 2000 + "” he said.",
    "one long quote over lines": "\n".join("“We will go." for _ in range(1000)),
    "tags without quotes": "he said, " * 1500,
    "apostrophes": "' " * 2000,
    "colons": "Lee: " * 1500,
    "lines": "\n" * 3000,
}


@given(st.text(alphabet="“”\"'«»—:,.?! abHe\n", max_size=150))
def test_any_marks_at_all(text: str) -> None:
    made = story(text.replace("H", " He said "))

    for quote in attribute(made).quotes:
        assert all(0 <= span.start < span.end <= len(made.story.text) for span in quote.content)


def test_a_story_without_a_parse_is_given_back() -> None:
    bare = make_enriched(make_story("“A,” he said."))

    assert attribute(bare) == bare


def steps(made: EnrichedStory) -> int:
    """How many lines of code attributing it runs: work, counted without a clock."""
    count = 0

    def trace(_frame: FrameType, event: str, _value: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        attribute(made)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_the_length(shape: str) -> None:
    text = SHAPES[shape]
    once, four = story(text), story((text + "\n") * 4)

    assert steps(four) < 8 * steps(once)  # four times would be linear, sixteen quadratic


def test_a_parse_that_is_a_ring_is_refused() -> None:
    made = story("Lee said he left home.")
    assert made.parse is not None
    ring = {"head": (1, 2, 3, 1, 3, 1), "dep": ("nsubj", "ccomp", "nsubj", "ccomp", "dobj", "punct")}
    verbs = {
        "pos": ("PROPN", "VERB", "PRON", "VERB", "NOUN", "PUNCT"),
        "lemma": ("Lee", "say", "he", "leave", "home", "."),
    }
    broken = made.model_copy(update={"parse": made.parse.model_copy(update=ring | verbs)})

    with pytest.raises(InvalidMessage, match="hangs below itself"):
        attribute(broken)
