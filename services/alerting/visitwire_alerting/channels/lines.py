"""Pools of connections, one an endpoint: a receiver that hangs fills no pool but its own, and no request looks through
the connections of all others for one that is free."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

MOST = 512
"""Pools kept open beyond those in use; the least lately used are closed."""


@dataclass
class _Line:
    transport: httpx.AsyncBaseTransport
    users: int = 0


class Lines:
    """Opens pools as they are needed. All on one event loop."""

    def __init__(self, dial: Callable[[], httpx.AsyncBaseTransport], most: int = MOST) -> None:
        self._dial = dial
        self._most = most
        self._lines: OrderedDict[str, _Line] = OrderedDict()

    @asynccontextmanager
    async def to(self, endpoint: str) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """The endpoint's pool, which stays open as long as somebody uses it."""
        line = self._lines.get(endpoint)
        if line is None:
            line = self._lines[endpoint] = _Line(self._dial())
        self._lines.move_to_end(endpoint)
        line.users += 1
        try:
            yield line.transport
        finally:
            line.users -= 1
            if len(self._lines) > self._most:
                await self._close_some()

    async def _close_some(self) -> None:
        unused = [endpoint for endpoint, line in self._lines.items() if not line.users]
        for endpoint in unused[: len(self._lines) - self._most]:
            await self._lines.pop(endpoint).transport.aclose()

    async def close(self) -> None:
        while self._lines:
            await self._lines.popitem()[1].transport.aclose()
