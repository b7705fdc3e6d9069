"""One look at a feed, for tests."""

import asyncio
from datetime import UTC, datetime

from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.transports import poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_runtime.safe_http import guarded_client

from tests.unit.ingestion.odd_servers import web
from tests.unit.ingestion.test_transports import ACCEPT, Topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def looked(feed: Feed, state: FeedState | None = None) -> tuple[Topic, FeedState]:
    topic = Topic()
    async with guarded_client(allow_private=True) as client:
        changed, _ = await poll.visit(
            feed, state or FeedState(), client, Acceptance(topic.publish, ACCEPT), NOON, allow_private=True
        )
    return topic, changed


def asked(
    answers: dict[str, bytes], path: str = "/feed", state: FeedState | None = None, **how: object
) -> tuple[Topic, FeedState]:
    """One look at a feed whose server answers so."""

    async def run() -> tuple[Topic, FeedState]:
        async with web(answers) as (_, address):
            return await looked(Feed.model_validate({"name": "selka", "url": address + path} | how), state)

    return asyncio.run(run())
