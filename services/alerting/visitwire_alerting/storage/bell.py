"""Wakes background work on the event loop from whichever thread has something for it."""

import asyncio
from contextlib import suppress


class Bell:
    """A bell: `ring` from any thread; one task waits on the loop for it."""

    def __init__(self) -> None:
        self._event: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early = False

    def ring(self) -> None:
        loop, event = self._loop, self._event
        if loop is None or event is None:
            self._early = True  # nobody has waited yet
            return
        if event.is_set():
            return
        if loop is asyncio._get_running_loop():  # from the loop itself, without a byte through its pipe
            event.set()
            return
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(event.set)

    async def wait(self, most: float) -> None:
        """Returns at the next ring, or one since the last wait, or after `most` seconds: others may write too."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._event is None:
            self._loop, self._event = loop, asyncio.Event()
            if self._early:
                self._event.set()
                self._early = False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), most)
        self._event.clear()
