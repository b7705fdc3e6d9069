"""A process that delivers: the background work of alerting, on the database it is given. Made to be killed."""

import asyncio
import os
import sys
from pathlib import Path

from pydantic import SecretStr
from visitwire_alerting.stage import alerting
from visitwire_runtime import Publish
from visitwire_runtime.background import kept_up
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record


def deliver(database: str, folder: Path) -> None:
    """Delivers until killed, without a word: what fails here is meant to fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
    asyncio.run(
        _deliver(Settings(data_dir=folder, database_url=SecretStr(database), deliver_to_private=True, news_for=0))
    )


async def _deliver(settings: Settings) -> None:
    async def nowhere(topic: str, record: Record) -> None:
        """Kafka is not on trial here."""

    stage = alerting(settings)
    await asyncio.gather(*(kept_up(work, Publish(nowhere), settings.backoff()) for work in stage.background))
