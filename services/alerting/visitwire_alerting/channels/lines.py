"""Pools of connections, one an endpoint: a receiver that hangs fills no pool but its own, and no request looks through
the connections of all others for one that is free."""

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpcore
import httpx
from visitwire_runtime.safe_http import GuardedBackend, GuardedTransport

MOST = 512
"""Pools kept open beyond those in use; the least lately used are closed."""
KEPT = 5.0
"""Seconds that a connection stays open unused, as httpx has it."""


class Few(httpcore.AsyncConnectionPool):
    """The connections to one receiver, of which a handful are in use at once: the courier sees to that.

    httpcore's own pool looks at every connection, and at its socket, when a request comes and again when it ends; with
    so few it costs a quarter of a delivery. Here a request takes the first connection that is free.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, trusted: ssl.SSLContext) -> None:
        super().__init__(ssl_context=trusted, keepalive_expiry=KEPT, network_backend=backend)
        self._open: list[httpcore.AsyncConnectionInterface] = []

    @property
    def connections(self) -> list[httpcore.AsyncConnectionInterface]:
        return list(self._open)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        while True:
            connection = await self._free(request.url.origin)
            try:
                return await connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                continue  # another request was quicker

    async def _free(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """A connection that waits and still stands, or a new one. Those that do not stand any more are let go."""
        found, expired = None, []
        for connection in self._open:
            if connection.is_available() and connection.can_handle_request(origin):
                if not connection.has_expired():
                    found = connection
                    break
                expired.append(connection)
        self._open = [one for one in self._open if one not in expired and not one.is_closed()]
        if found is None:
            self._open.append(found := self.create_connection(origin))
        for connection in expired:
            await connection.aclose()
        return found

    async def aclose(self) -> None:
        while self._open:
            await self._open.pop().aclose()


class Line(GuardedTransport):
    """httpx's transport to one receiver."""

    def __init__(self, backend: GuardedBackend, trusted: ssl.SSLContext) -> None:
        super().__init__(backend, verify=trusted)
        self._pool = Few(backend, trusted)


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
