"""A story with the layers that the stages add to it."""

from typing import Annotated

from pydantic import Field

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

    @property
    def key(self) -> str:
        return self.story.key
