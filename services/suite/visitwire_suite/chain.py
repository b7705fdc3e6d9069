"""The language stages one after the other, without queues: a batch of stories in, one outcome a story out, in order."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from visitwire_runtime.carrier import PATIENCE, Carrier
from visitwire_runtime.dead_letters import ProducedRecord
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES, Record, Story

from visitwire_suite.stages import LANGUAGE, build_patient

WITH_A_MODEL = 3600.0
"""Seconds that a batch may take where a language model reads: nobody waits for these stories, and each may be with it
for `llm_timeout`, a few at once."""


@dataclass(frozen=True)
class Failed:
    """The stage that could not process the story, and why."""

    stage: str
    reason: str


class Chain:
    """Extraction, attribution and visits, carried by the runtime exactly as in a worker. A context manager."""

    def __init__(self, settings: Settings, names: Sequence[str] = LANGUAGE) -> None:
        stages = [build_patient(name, settings) for name in names]  # may fail, with nothing open yet
        self._open = ExitStack()
        spool = Path(self._open.enter_context(TemporaryDirectory(prefix="visitwire-")))
        patience = PATIENCE if settings.readers == "rules" else WITH_A_MODEL
        self._carriers = [Carrier(stage, spool=spool, patience=patience) for stage in stages]

    def __enter__(self) -> "Chain":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for carrier in self._carriers:
            carrier.close()
        self._open.close()

    def enrich(self, stories: Sequence[Story]) -> list[bytes | Failed]:
        """The enriched story as JSON, for each story."""
        return self.carry([STORIES.encode(story) for story in stories])

    @property
    def readers(self) -> list[tuple[str, str]]:
        """Each stage with its version."""
        return [(carrier.stage.name, carrier.stage.version) for carrier in self._carriers]

    def carry(self, records: Sequence[Record]) -> list[bytes | Failed]:
        """What the last stage makes of each record of the first stage's topic, as JSON."""
        return asyncio.run(self._through(records))

    async def _through(self, records: Sequence[Record]) -> list[bytes | Failed]:
        now: list[Record | Failed] = list(records)
        for carrier in self._carriers:
            waiting = [place for place, each in enumerate(now) if isinstance(each, Record)]
            topic = carrier.stage.source.name
            deliveries = [ProducedRecord(each, topic) for each in now if isinstance(each, Record)]
            for place, outcome in zip(waiting, await carrier.carry(deliveries), strict=True):
                dead = outcome.dead
                now[place] = Failed(dead.stage, dead.reason) if dead else outcome.records[0]
        return [each if isinstance(each, Failed) else each.value or b"" for each in now]
