"""A bell is heard by whoever waits, and by whoever waits next."""

import asyncio
import threading

import pytest
from visitwire_alerting.storage.bell import Bell

LONG = 60.0


@pytest.mark.parametrize("before_any_wait", [True, False])
def test_a_ring_from_another_thread_is_heard_by_the_next_wait(before_any_wait: bool) -> None:
    async def scenario() -> None:
        wake = Bell()
        if not before_any_wait:
            await wake.wait(0)
        ringer = threading.Thread(target=wake.ring)
        ringer.start()
        ringer.join()
        async with asyncio.timeout(5):
            await wake.wait(LONG)
        with pytest.raises(TimeoutError):  # once heard, it is over
            await asyncio.wait_for(wake.wait(LONG), 0.01)

    asyncio.run(scenario())
