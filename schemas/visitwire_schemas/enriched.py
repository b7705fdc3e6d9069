"""A story with the layers that the stages add to it."""

import re
from typing import Annotated

from pydantic import AwareDatetime, Field

from visitwire_schemas.base import Message
from visitwire_schemas.entity import Entity
from visitwire_schemas.parse import Parse
from visitwire_schemas.quote import Quote
from visitwire_schemas.story import Story
from visitwire_schemas.visit import Visit


class Trace(Message):
    """That a stage handled the story, which version of it, and how long it took."""

    stage: str
    """The stage."""
    version: str
    """Its release."""
    milliseconds: Annotated[float, Field(ge=0)]
    """How long it took."""


class ReadBy(Message):
    """That a reader of visits was there for the story, and whether it spoke."""

    reader: str
    """"rules", "llm"."""
    spoke: bool
    """False where the visits are another reader's alone."""
    why: str | None = None
    """Why it did not speak: "gate" (nothing in the story may tell of a visit), "budget", "away", "late", "refused",
    "unusable" (its answer was none)."""
    model: str | None = None
    """The language model that was asked, as its server calls it."""
    prompt: str | None = None
    """The version of what it was asked."""


class Reprocessed(Message):
    """That a story which had been read was read again on purpose, by `visitwire reprocess`."""

    at: AwareDatetime
    """When that run began. What a later run read stands, whatever read it."""
    told: bool = False
    """Whether the changes that it brings are alerted."""


type Release = tuple[int, ...]
type ReadingRank = tuple[float, tuple[Release, ...]]
"""Orders the readings of one version of a story, the one that stands last: when the run of `visitwire reprocess` began
that made it, 0 for one made as the story came; then the release of each stage that read it."""


class EnrichedStory(Message):
    """`story` never changes; extraction adds `entities` and `parse`, attribution `quotes`, visits `visits`."""

    story: Story
    """The story as the wire published it."""
    entities: tuple[Entity, ...] = ()
    """Who and what it names, in order of first mention."""
    quotes: tuple[Quote, ...] = ()
    """Who said what in it, in text order."""
    visits: tuple[Visit, ...] = ()
    """The visits it announces, changes, reports or mentions."""
    parse: Parse | None = None
    """None after the visits stage, the last that needs it."""
    unread: str | None = None
    """ISO 639 code of the story's language where no stage reads it; such a story has no entities, quotes or visits."""
    read_by: tuple[ReadBy, ...] = ()
    """Whose the visits are; empty before the visits stage."""
    trace: tuple[Trace, ...] = ()
    """Which stages handled it."""
    reprocessed: Reprocessed | None = None
    """None for a story as it came."""

    @property
    def key(self) -> str:
        return self.story.key

    @property
    def reading(self) -> ReadingRank:
        return (
            self.reprocessed.at.timestamp() if self.reprocessed else 0.0,
            tuple(release(row.version) for row in self.trace),
        )


def release(version: str) -> Release:
    """The numbers of a version, without what follows a "+": (0, 1, 0) of "0.1.0+5f0c2a9e"."""
    return tuple(int(number) for number in re.findall(r"\d{1,9}", version.partition("+")[0]))
