"""A whole alerting stage on loopback, driven by a clock that only the test moves on."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from visitwire_alerting.delivery.channels.sending import Send
from visitwire_alerting.delivery.courier import Pace
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_alerting.stage import alerting
from visitwire_alerting.subscriptions.stored import Stored
from visitwire_runtime import Publish
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Record
from visitwire_schemas.subscription import Subscription

from tests.helpers.machine import busy

PATIENCE = 20.0
"""Seconds of real time that a test waits for something to happen before it fails."""


@dataclass
class Clock:
    """Real time, plus what the test added."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass
class Office:
    settings: Settings
    clock: Clock
    desk: Alerting
    enter: Callable[[Sequence[EnrichedStory]], Any]
    said: list[str]
    published: list[tuple[str, Record]]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def subscribe(self, **fields: Any) -> Stored:
        """Adds a subscription that wants everything at once, unless the fields say otherwise."""
        given = {"id": "desk", "name": "A desk", "wait": 0.0, "channels": [{"kind": "console"}]} | fields
        return self.desk.subscribe([Subscription.model_validate(given)])[0]


def settings_for(database: str, folder: Path, **fields: Any) -> Settings:
    given = {"data_dir": folder, "database_url": SecretStr(database), "deliver_to_private": True, "news_for": 0}
    return Settings(**given | {"delivery_timeout": 0.5} | fields)


@asynccontextmanager
async def open_office(
    settings: Settings,
    pace: Pace | None = None,
    channels: Mapping[str, Send] | None = None,
    clock: Clock | None = None,
    own_clock: bool = False,
) -> AsyncIterator[Office]:
    """Runs the stage's background work until the block ends; with the clock that it has in production, or with one that
    a test may put on."""
    clock = clock or Clock()
    said: list[str] = []
    published: list[tuple[str, Record]] = []

    async def send(topic: str, record: Record) -> None:
        published.append((topic, record))

    stage = alerting(
        settings, said.append, None if own_clock else clock, pace or Pace(scale=0.02, patience=1.0), channels
    )
    assert stage.handle_batch is not None
    office = Office(settings, clock, open_alerting(settings), stage.handle_batch, said, published)
    office.tasks = [asyncio.create_task(work(Publish(send))) for work in stage.background]
    try:
        yield office
    finally:
        for task in office.tasks:
            task.cancel()
        await asyncio.gather(*office.tasks, return_exceptions=True)
        office.desk.engine.dispose()
        assert stage.close is not None
        stage.close()


async def until(true: Callable[[], Any], patience: float | None = None) -> None:
    """Waits until something holds; fails when it does not in time. If no time is given, a busy machine has more."""
    begun = time.monotonic()
    while not true():
        waited = time.monotonic() - begun
        assert waited < (PATIENCE * busy() if patience is None else patience), "it did not happen in time"
        await asyncio.sleep(0.01)
