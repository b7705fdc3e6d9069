"""Invented sentences as the visits stage gets them: one loaded model for all of its tests."""

from collections.abc import Callable, Sequence

import pytest
from visitwire_attribution.stage import attribute
from visitwire_extraction.stage import enrich_many
from visitwire_schemas import EnrichedStory

from tests.helpers.factories import make_story
from tests.helpers.language_model import language_model

type Parsed = Callable[[Sequence[str]], list[EnrichedStory]]


@pytest.fixture(scope="session")
def parsed() -> Parsed:
    """Texts with entities, parse and quotes, each a story of Monday 2 March 2026."""
    nlp = language_model()

    def read(texts: Sequence[str]) -> list[EnrichedStory]:
        stories = [make_story(text, uri=str(number)) for number, text in enumerate(texts)]
        return [attribute(story) for story in enrich_many(stories, nlp)]

    return read
