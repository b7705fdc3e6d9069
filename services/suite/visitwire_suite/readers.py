"""Who reads stories for visits, as the settings want it: the embedded reader, or what the distribution
visitwire-reader-llm brings, which is not installed unless somebody wants it."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from sqlalchemy import make_url
from visitwire_runtime import AnyStage
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import EnrichedStory
from visitwire_visits.explain import Explanation, explanation
from visitwire_visits.stage import Heard, default, heard_by, settled, unread_by, visits
from visitwire_visits.weights import Weights

LLM = "visitwire_reader_llm"


class Panel(Protocol):
    """The readers of one process."""

    def hear(self, stories: Sequence[EnrichedStory]) -> list[Heard]:
        """What the readers give for each story, in order."""
        ...

    def settle(self, story: EnrichedStory, heard: Heard) -> EnrichedStory:
        """The story with the visits in what was heard."""
        ...

    def unread(self, story: EnrichedStory) -> str | None:
        """The story's language where nobody reads it."""
        ...

    def weights(self, heard: Heard) -> Mapping[str, Weights] | None:
        """How the resolver weighs it; None: with the weights that ship with the stage."""
        ...

    def close(self) -> None: ...


class Embedded:
    """The embedded reader alone."""

    def hear(self, stories: Sequence[EnrichedStory]) -> list[Heard]:
        return [heard_by(default(), story) for story in stories]

    def settle(self, story: EnrichedStory, heard: Heard) -> EnrichedStory:
        return settled(story, heard, self.unread(story))

    def unread(self, story: EnrichedStory) -> str | None:
        return story.unread or unread_by(default(), story)

    def weights(self, heard: Heard) -> Mapping[str, Weights] | None:
        return None

    def close(self) -> None:
        pass


def stage(settings: Settings, is_patient: bool = False) -> AnyStage:
    """The visits stage; `is_patient`: nobody waits for the stories. Raises `CannotStart` where something is missing."""
    if settings.readers == "rules":
        return visits()
    module = _llm(settings)
    return cast(AnyStage, module.visits(module.panel_of(settings, is_patient)))


def panel_of(settings: Settings) -> Panel:
    """The readers, for a command whose stories nobody waits for. Raises `CannotStart` where something is missing."""
    if settings.readers == "rules":
        return Embedded()
    return cast(Panel, _llm(settings).panel_of(settings, True))


def explained(panel: Panel, story: EnrichedStory, heard: Heard) -> Explanation:
    """What these readers see in a story that still has its parse."""
    return explanation(story, heard, panel.unread(story), panel.weights(heard))


def forget_answers(settings: Settings, keys: Sequence[str]) -> int:
    """Takes out what a language model answered about stories; how much that was. Nothing where none was ever asked."""
    url = settings.llm_database.get_secret_value()
    file = make_url(url).database if url.startswith("sqlite") else None
    if find_spec(LLM) is None or (file is not None and not Path(file).is_file()):
        return 0
    memory = import_module(f"{LLM}.memory").Memory(url)
    try:
        return int(memory.forget_stories(keys))
    finally:
        memory.close()


def _llm(settings: Settings) -> ModuleType:
    if find_spec(LLM) is None:
        raise CannotStart(
            f"VISITWIRE_READERS is {settings.readers!r}, which needs the distribution visitwire-reader-llm: install"
            " visitwire-suite[llm]"
        )
    return import_module(f"{LLM}.stage")
