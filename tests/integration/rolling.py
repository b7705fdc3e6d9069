"""A worker of one stage as two releases have it: python -m tests.integration.rolling STAGE RELEASE.

The new release adds the field `mood` to the story, which extraction fills and visits reads, and numbers itself 0.2.0.
"""

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import Field
from visitwire_runtime import Stage
from visitwire_runtime.process import main
from visitwire_schemas import (
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    EnrichedStory,
    Story,
    Topic,
)

from tests.unit.alerting.makers import dates, visit

type AnyTopic = Topic[Any]


class NewStory(EnrichedStory):
    """The message of the new release: what an old one does not know, and drops."""

    mood: str | None = Field(None)


def stage(name: str, release: str) -> Stage[Any, Any]:
    new = release == "new"
    message = NewStory if new else EnrichedStory
    topics = {
        topic.name: replace(topic, message=message) for topic in (STORIES_PARSED, STORIES_QUOTED, STORIES_ENRICHED)
    }

    def extraction(story: Story) -> Iterable[EnrichedStory]:
        yield NewStory(story=story, mood="glad") if new else EnrichedStory(story=story)

    def attribution(story: EnrichedStory) -> Iterable[EnrichedStory]:
        yield story

    def visits(story: EnrichedStory) -> Iterable[EnrichedStory]:
        """The old release finds an invitation; the new one sees by the mood, where it has come, that it is accepted."""
        glad = isinstance(story, NewStory) and story.mood == "glad"
        status = "accepted" if glad else "planned" if new else "invited"
        found = visit(status, who=f"Anna {story.story.headline}", of="NO", when=dates("2025-05-01"))
        yield story.model_copy(update={"visits": (found,)})

    handles: dict[str, Any] = {"extraction": extraction, "attribution": attribution, "visits": visits}
    flow: dict[str, tuple[AnyTopic, AnyTopic]] = {
        "extraction": (STORIES, topics[STORIES_PARSED.name]),
        "attribution": (topics[STORIES_PARSED.name], topics[STORIES_QUOTED.name]),
        "visits": (topics[STORIES_QUOTED.name], topics[STORIES_ENRICHED.name]),
    }
    source, sink = flow[name]
    return Stage(name, source, sink, handles[name], version="0.2.0+new" if new else "0.1.0+old")


if __name__ == "__main__":
    stage_, release_ = sys.argv[1:]
    main(lambda settings: stage(stage_, release_))
