"""Background work is taken up again, and what it waits for is told."""

import asyncio

import pytest
from visitwire_runtime.background import kept_up
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.stage import Publish, Unavailable
from visitwire_schemas import Record


async def publish(_topic: str, _record: Record) -> None:
    raise AssertionError


def test_what_is_unavailable_is_told_until_the_work_goes_on() -> None:
    told: list[str | None] = []

    async def scenario() -> None:
        tries, over = iter(range(3)), asyncio.Event()

        async def work(_publish: Publish) -> None:
            if next(tries) < 2:
                raise Unavailable("no room")
            await over.wait()

        def tell(words: str | None) -> None:
            told.append(words)
            if words is None:
                over.set()

        await kept_up(work, Publish(publish), Backoff(first=0.01), tell, steady=0.05)

    asyncio.run(scenario())
    assert told == ["waits: no room", "waits: no room", None]


def test_a_bug_is_not_waited_for() -> None:
    told: list[str | None] = []

    async def work(_publish: Publish) -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        asyncio.run(kept_up(work, Publish(publish), Backoff(first=0.01), told.append))
    assert told == []
