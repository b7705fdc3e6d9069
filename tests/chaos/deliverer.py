"""A process that delivers: the background work of alerting, on the database it is given. Made to be killed."""

import asyncio
import os
from pathlib import Path

from pydantic import SecretStr
from visitwire_alerting.stage import alerting
from visitwire_runtime import Publish
from visitwire_runtime.background import kept_up
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record


async def main() -> None:
    settings = Settings(
        data_dir=Path(os.environ["CHAOS_FOLDER"]),
        database_url=SecretStr(os.environ["CHAOS_DATABASE"]),
        deliver_to_private=True,
    )

    async def nowhere(topic: str, record: Record) -> None:
        """Kafka is not on trial here."""

    stage = alerting(settings)
    await asyncio.gather(*(kept_up(work, Publish(nowhere), settings.backoff()) for work in stage.background))


if __name__ == "__main__":
    asyncio.run(main())
