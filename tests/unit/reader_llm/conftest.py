"""Invented stories with their parse, and a reader in front of a scripted server."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from visitwire_reader_llm.memory import Memory
from visitwire_reader_llm.options import Options
from visitwire_reader_llm.reader import LlmReader
from visitwire_reader_llm.stage import Panel
from visitwire_runtime.backoff import Backoff
from visitwire_schemas import EnrichedStory
from visitwire_visits.stage import Heard, default

from tests.unit.reader_llm.model_server import Model, Script, serving
from tests.unit.visits.conftest import Parsed, parsed

__all__ = ["parsed"]

TEXT = (
    "President Lucas Andrade of Brazil will visit India from 10 to 12 March, Foreign Minister Helena Duarte said on"
    " Monday.\nHe has cancelled a trip to Chile that was planned for April.\n"
    "A Chilean trade delegation arrived in Oslo. Rain fell on the capital.\n"
)
TRUE: dict[str, Any] = {
    "evidence": "President Lucas Andrade of Brazil will visit India from 10 to 12 March",
    "visitor": "e1",
    "destination": "e3",
    "status": "planned",
    "date": "from 10 to 12 March",
    "host": None,
    "source": "e4",
    "news": True,
}
QUICK = Backoff(0.001, 0.002)


@dataclass
class Bench:
    """A panel in front of a scripted server."""

    model: Model
    panel: Panel

    def hear(self, *stories: EnrichedStory) -> list[Heard]:
        return self.panel.hear(stories)

    def settle(self, *stories: EnrichedStory) -> list[EnrichedStory]:
        """The stories as the stage sends them on."""
        return [self.panel.settle(story, one) for story, one in zip(stories, self.panel.hear(stories), strict=True)]


type Benches = Callable[..., Any]


@contextmanager
def bench(script: Script, url: str = "sqlite://", is_joint: bool = False, **options: Any) -> Iterator[Bench]:
    """A panel in front of a server with this script; what a `Bench` is asked goes over a real connection."""
    given = {name: options.pop(name) for name in ("now", "clock", "is_patient") if name in options}
    with serving(script) as model:
        asked = {"url": model.url, "model": "scripted", "backoff": QUICK} | options
        reader = LlmReader(Options(**asked), Memory(url), default(), **given)
        try:
            yield Bench(model, Panel(reader, default(), is_joint))
        finally:
            reader.close()


@pytest.fixture(scope="session")
def story(parsed: Parsed) -> EnrichedStory:
    """Andrade (e1, BR) will visit India (e3) from 10 to 12 March 2026, and not Chile (e5)."""
    return parsed([TEXT])[0]


@pytest.fixture(scope="session")
def many(parsed: Parsed) -> Sequence[EnrichedStory]:
    """Forty stories, of which each tells of another visit to India."""
    names = ("Andrade", "Bastos", "Castro", "Duran", "Esteves", "Franco", "Garcia", "Horta", "Infante", "Juarez")
    days = ("Monday", "Tuesday", "Wednesday", "Thursday")
    return parsed([f"President Lucas {name} of Brazil will visit India on {day}." for name in names for day in days])


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'llm.sqlite'}"
