"""Finds visits with two readers: the language model, the embedded reader, or both, and always the embedded one alone
where the model does not speak."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched

from visitwire_runtime import Stage
from visitwire_runtime.reader_release import version_of
from visitwire_runtime.setting_groups.visits import LanguageModelSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import STORIES_ENRICHED, STORIES_QUOTED, EnrichedStory
from visitwire_visits.reader import Reader
from visitwire_visits.stage import Heard, default, heard_by, settled, unread_by
from visitwire_visits.weights import Weights

from visitwire_reader_llm import prompt
from visitwire_reader_llm.memory import Memory
from visitwire_reader_llm.options import options_of
from visitwire_reader_llm.reader import LlmReader
from visitwire_reader_llm.weights import weights_for

BATCH = 32
"""Stories that are taken at once: as many as wait."""


class Panel:
    """The readers of one process. `is_joint`: candidates of both, else the embedded reader's only where the model does
    not speak."""

    def __init__(self, llm: LlmReader, rules: Reader, is_joint: bool) -> None:
        self.llm, self._rules, self._is_joint = llm, rules, is_joint

    def hear(self, stories: Sequence[EnrichedStory], is_full: bool = False) -> list[Heard]:
        """What the readers give for each story, in order; nothing for those in a language that they do not read."""
        found: list[Heard] = []
        for some in batched(stories, BATCH):  # no more is put aside of the day's budget than these may use
            found += self._hear(some, is_full or len(found) + len(some) < len(stories))
        return found

    def _hear(self, stories: Sequence[EnrichedStory], is_full: bool) -> list[Heard]:
        first = [heard_by(self._rules, story) for story in stories]
        read = [number for number, heard in enumerate(first) if heard.read_by]
        second = self.llm.hear([stories[n] for n in read], [first[n].candidates for n in read], is_full)
        found = dict(zip(read, second, strict=True))
        return [self._joined(one, found.get(number)) for number, one in enumerate(first)]

    def settle(self, story: EnrichedStory, heard: Heard) -> EnrichedStory:
        """The story with the visits in what was heard."""
        return settled(story, heard, self.unread(story), self.weights(heard))

    @property
    def tells_apart(self) -> tuple[str, ...]:
        """What decides what is read beside the code: the model, what it is asked, and whether both readers count."""
        return (self.llm.model, prompt.version(), str(self._is_joint))

    def weights(self, heard: Heard) -> Mapping[str, Weights] | None:
        """How the resolver weighs it; None: with the weights that ship with the stage."""
        return weights_for(heard.speakers)

    def close(self) -> None:
        self.llm.close()

    def unread(self, story: EnrichedStory) -> str | None:
        """The story's language where nobody reads it."""
        return story.unread or unread_by(self._rules, story)

    def _joined(self, rules: Heard, llm: Heard | None) -> Heard:
        if llm is None:
            return rules
        if not llm.speakers:
            return Heard(rules.candidates, (*rules.read_by, *llm.read_by), llm.dropped)
        if not self._is_joint:
            return llm
        return Heard([*rules.candidates, *llm.candidates], (*rules.read_by, *llm.read_by), llm.dropped)


def panel_of(settings: LanguageModelSettings, is_patient: bool = False) -> Panel:
    """The readers as the settings want them; `is_patient`: nobody waits for the stories. Raises `CannotStart` where
    something they need is missing."""
    options, rules = options_of(settings), default()
    memory = Memory(settings.llm_database.get_secret_value())
    return Panel(LlmReader(options, memory, rules, is_patient=is_patient), rules, settings.readers == "both")


def visits(panel: Panel) -> Stage[EnrichedStory, EnrichedStory]:
    """The visits stage around these readers."""

    def handle(story: EnrichedStory) -> Iterable[EnrichedStory]:
        return [panel.settle(story, heard) for heard in panel.hear([story])]

    def handle_batch(stories: Sequence[EnrichedStory]) -> Sequence[Iterable[EnrichedStory]]:
        heard = panel.hear(stories, is_full=len(stories) >= BATCH)
        return [[panel.settle(story, one)] for story, one in zip(stories, heard, strict=True)]

    return Stage(
        "visits",
        source=STORIES_QUOTED,
        sink=STORIES_ENRICHED,
        handle=handle,
        handle_batch=handle_batch,
        batch=BATCH,
        close=panel.close,
        version=version_of("visitwire_reader_llm", "visitwire_visits", "visitwire_language", also=panel.tells_apart),
        collectors=panel.llm.metrics.collectors,
    )


def configured(settings: LanguageModelSettings) -> Stage[EnrichedStory, EnrichedStory]:
    """The stage around the readers of the settings. Raises `CannotStart` where they ask for no language model."""
    if settings.readers == "rules":
        raise CannotStart("VISITWIRE_READERS is 'rules', which visitwire_visits reads; set it to 'llm' or 'both'")
    return visits(panel_of(settings))
