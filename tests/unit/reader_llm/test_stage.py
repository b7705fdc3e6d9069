"""The stage in one process, in front of a server that is away, silent, rejecting or too dear: every story comes out, in
order, with the embedded reader's visits."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from visitwire_reader_llm.stage import BATCH, visits
from visitwire_runtime.embedded import run
from visitwire_schemas import STORIES_ENRICHED, EnrichedStory
from visitwire_visits.stage import find

from tests.unit.reader_llm import model_server
from tests.unit.reader_llm.conftest import bench, database
from tests.unit.reader_llm.model_server import Said, failed


@pytest.fixture
def held() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


CASES: dict[str, tuple[Callable[[threading.Event], Said], dict[str, Any], set[str]]] = {
    "away": (lambda held: failed(503), {}, {"away"}),
    "silent": (lambda held: Said(b"", held=held), {"timeout": 0.3}, {"late", "away"}),
    "cut": (lambda held: Said(b"{" * 100, cut=True), {}, {"away"}),
    "wrong": (lambda held: model_server.answered("no"), {}, {"unusable"}),
    "out of tokens": (lambda held: model_server.visits(), {"tokens_a_day": 0}, {"budget"}),
    "out of money": (lambda held: model_server.visits(), {"money_a_day": 0.0, "price_prompt": 1.0}, {"budget"}),
}


@pytest.mark.parametrize("case", CASES)
def test_no_story_is_lost(many: list[EnrichedStory], held: threading.Event, case: str, tmp_path: Path) -> None:
    said, options, whys = CASES[case]
    with bench(lambda asked: said(held), database(tmp_path), **options) as it:
        produced = run([visits(it.panel)], many)
        held.set()
    found = produced.messages(STORIES_ENRICHED)

    assert len(many) > BATCH
    assert [story.story.uri for story in found] == [story.story.uri for story in many]
    assert produced.dead == []
    assert {story.read_by[-1].why for story in found} <= whys
    assert [story.visits for story in found] == [find(story).visits for story in many]
