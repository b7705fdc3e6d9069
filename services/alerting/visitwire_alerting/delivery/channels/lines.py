"""Pools of connections, one an endpoint: a receiver that hangs fills no pool but its own, and no request looks through
the connections of all others for one that is free."""

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

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
        self._backend = backend
        self._trusted = trusted
        self._open: list[httpcore.AsyncConnectionInterface] = []

    @property
    def connections(self) -> list[httpcore.AsyncConnectionInterface]:
        return list(self._open)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        while True:
            connection = await self._free(request.url.origin)
            if connection is None:
                return await self._by_a_new_one(request)
            try:
                return await connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                continue  # another request was quicker

    async def _free(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface | None:
        """A connection that waits and still stands. Those that do not, or that lead to an earlier address, are let
        go; one stays in the list until it is closed, so that nobody need be left who closes it."""
        while True:
            found, useless = self._look(origin)
            if not useless:
                return found
            for connection in useless:
                await connection.aclose()

    def _look(
        self, origin: httpcore.Origin
    ) -> tuple[httpcore.AsyncConnectionInterface | None, list[httpcore.AsyncConnectionInterface]]:
        found, useless, closed = None, [], []
        for connection in self._open:
            if connection.is_closed():
                closed.append(connection)
            elif connection.is_available():
                if connection.can_handle_request(origin) and not connection.has_expired():
                    found = connection
                    break
                useless.append(connection)
        for connection in closed:
            self._open.remove(connection)
        return found, useless

    async def _by_a_new_one(self, request: httpcore.Request) -> httpcore.Response:
        """Connects. Nobody else uses a connection before its first request is over, so that whatever ends it before
        the answer may close it: httpcore leaves the socket open where a TLS handshake is cancelled."""
        dialled = _Dialled(self._backend)
        connection = httpcore.AsyncHTTPConnection(
            request.url.origin, ssl_context=self._trusted, keepalive_expiry=KEPT, network_backend=dialled
        )
        self._open.append(connection)
        try:
            return await connection.handle_async_request(request)
        except BaseException:
            if connection in self._open:
                self._open.remove(connection)
            await connection.aclose()
            await dialled.hang_up()
            raise

    async def aclose(self) -> None:
        while self._open:
            await self._open.pop().aclose()


class _Dialled(httpcore.AsyncNetworkBackend):
    """Dials, and remembers what it dialled."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def connect_tcp(self, *given: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        self._stream = await self._backend.connect_tcp(*given, **named)
        return self._stream

    async def hang_up(self) -> None:
        if self._stream is not None:
            await self._stream.aclose()


class Line(GuardedTransport):
    """httpx's transport to one receiver."""

    def __init__(self, backend: GuardedBackend, trusted: ssl.SSLContext) -> None:
        super().__init__(backend, verify=trusted)
        self._pool = Few(backend, trusted)


@dataclass
class _Line:
    transport: httpx.AsyncBaseTransport
    users: int = 0
    used: float = 0.0
    """When its last user left it, on a clock that only goes on."""


class Lines:
    """Opens pools as they are needed. All on one event loop."""

    def __init__(
        self, dial: Callable[[], httpx.AsyncBaseTransport], most: int = MOST, clock: Callable[[], float] = monotonic
    ) -> None:
        self._dial = dial
        self._most = most
        self._clock = clock
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        """The least lately used first."""

    @asynccontextmanager
    async def to(self, endpoint: str) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """The endpoint's pool, which stays open as long as somebody uses it."""
        line = self._lines.get(endpoint)
        if line is None:
            line = self._lines[endpoint] = _Line(self._dial())
        self._lines.move_to_end(endpoint)
        line.users += 1
        try:
            for spare in self._spare():
                await spare.transport.aclose()
            yield line.transport
        finally:
            line.users -= 1
            line.used = self._clock()
            if self._lines.get(endpoint) is line:
                self._lines.move_to_end(endpoint)

    def _spare(self) -> list[_Line]:
        """Takes out the lines that are too many, and those of which no connection can be alive any more: sockets that
        a receiver ended would stay open here. At once, for others come and go while one is being closed."""
        now, spare = self._clock(), list[str]()
        for endpoint, line in self._lines.items():
            if line.users:
                continue
            if len(self._lines) - len(spare) <= self._most and now - line.used <= KEPT:
                break
            spare.append(endpoint)
        return [self._lines.pop(endpoint) for endpoint in spare]

    async def close(self) -> None:
        while self._lines:
            await self._lines.popitem()[1].transport.aclose()
