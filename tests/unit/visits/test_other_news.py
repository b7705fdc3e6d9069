"""News of other kinds raises no alert: a part of the 2,000 stories that tests/other_news/count.py reads in full."""

import pytest
from visitwire_schemas import EnrichedStory

from tests.other_news.count import alerts, read
from tests.other_news.stories import stories, templates

COUNT = 300


@pytest.fixture(scope="module")
def found() -> list[EnrichedStory]:
    return read(COUNT, seed=11)


def test_at_most_one_story_in_a_hundred_raises_a_false_alert(found: list[EnrichedStory]) -> None:
    wrong = [story.story.text for story in found if alerts(story)]

    assert len(wrong) <= COUNT // 100, wrong


def test_the_templates_are_many_and_differ() -> None:
    lines = [line for kind in templates().values() for line in kind]

    assert len(lines) >= 200
    assert len(set(lines)) == len(lines)


def test_the_same_seed_gives_the_same_stories() -> None:
    assert list(stories(20, seed=3)) == list(stories(20, seed=3))
