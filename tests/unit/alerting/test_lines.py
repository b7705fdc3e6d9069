"""The connections to one receiver: as many as are in use at once, used again, and let go when they are gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest
from visitwire_alerting.delivery.channels.lines import Line, Lines
from visitwire_runtime.safe_http import GuardedBackend

CONTEXT = httpx.create_ssl_context()


@dataclass
class Counter:
    """A server that counts the connections it gets. `hold` keeps every answer back until it is set."""

    url: str = ""
    met: list[asyncio.StreamWriter] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    hang_up: bool = False
    """Ends a connection after its first request, without an answer."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.waiting += 1
                await self.hold.wait()
                if self.hang_up:
                    break
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()


@asynccontextmanager
async def counting() -> AsyncIterator[tuple[Counter, Line]]:
    counter = Counter()
    server = await asyncio.start_server(counter.serve, "127.0.0.1")
    counter.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    line = Line(GuardedBackend(allow_private=True), CONTEXT)
    try:
        yield counter, line
    finally:
        await line.aclose()
        server.close()
        for writer in counter.met:
            writer.close()


async def get(line: Line, url: str) -> int:
    answer = await line.handle_async_request(httpx.Request("GET", url))
    await answer.aread()
    return answer.status_code


def test_as_many_connections_as_requests_at_once_and_each_is_used_again() -> None:
    async def scenario() -> tuple[int, int]:
        async with counting() as (counter, line):
            together = [asyncio.create_task(get(line, counter.url)) for _ in range(3)]
            while counter.waiting < 3:  # noqa: ASYNC110 - the server is met over a socket
                await asyncio.sleep(0.005)
            counter.hold.set()
            await asyncio.gather(*together)
            first = len(counter.met)
            for _ in range(5):
                await get(line, counter.url)
            await asyncio.gather(*(get(line, counter.url) for _ in range(3)))
            return first, len(counter.met)

    assert asyncio.run(scenario()) == (3, 3)


def test_a_connection_that_the_receiver_ended_is_replaced() -> None:
    async def scenario() -> list[int]:
        async with counting() as (counter, line):
            counter.hold.set()
            answers = [await get(line, counter.url)]
            counter.met[0].close()
            await counter.met[0].wait_closed()
            answers.append(await get(line, counter.url))
            return [*answers, len(counter.met)]

    assert asyncio.run(scenario()) == [200, 200, 2]


def test_one_that_breaks_during_a_request_fails_that_one_only() -> None:
    async def scenario() -> int:
        async with counting() as (counter, line):
            counter.hold.set()
            counter.hang_up = True
            with pytest.raises(httpx.RemoteProtocolError):
                await get(line, counter.url)
            counter.hang_up = False
            return await get(line, counter.url)

    assert asyncio.run(scenario()) == 200


def test_one_given_up_is_not_used_again() -> None:
    async def scenario() -> tuple[int, int]:
        async with counting() as (counter, line):
            given_up = asyncio.create_task(get(line, counter.url))
            while not counter.waiting:  # noqa: ASYNC110 - the server is met over a socket
                await asyncio.sleep(0.005)
            given_up.cancel()
            with suppress(asyncio.CancelledError):
                await given_up
            counter.hold.set()
            return await get(line, counter.url), len(counter.met)

    assert asyncio.run(scenario()) == (200, 2)


def test_the_least_lately_used_lines_are_closed() -> None:
    async def scenario() -> list[int]:
        async with counting() as (counter, _):
            counter.hold.set()
            made: list[Line] = []

            def dial() -> Line:
                made.append(Line(GuardedBackend(allow_private=True), CONTEXT))
                return made[-1]

            lines = Lines(dial, most=2)
            for endpoint in ("a", "b", "a", "c", "b"):
                async with lines.to(endpoint) as line:
                    assert isinstance(line, Line)
                    await get(line, counter.url)
            still = [len(line._pool.connections) for line in made]
            await lines.close()
            return [*still, sum(len(line._pool.connections) for line in made)]

    assert asyncio.run(scenario()) == [0, 0, 1, 1, 0]


@dataclass
class Slow(httpx.AsyncBaseTransport):
    """A transport that takes a moment to close."""

    closed: int = 0

    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self.closed += 1


async def visit(lines: Lines, endpoint: str) -> int:
    """How often the line was closed while it was in use."""
    async with lines.to(endpoint) as line:
        for _ in range(3):
            await asyncio.sleep(0)
        assert isinstance(line, Slow)
        return line.closed


def test_a_line_is_closed_once_and_never_while_it_is_used() -> None:
    async def scenario() -> tuple[list[int], list[int]]:
        made: list[Slow] = []

        def dial() -> Slow:
            made.append(Slow())
            return made[-1]

        lines = Lines(dial, most=2)
        rounds = [["a", "b", "c", "d"], ["e", "f"], ["a", "e", "b"], ["c", "f", "a"], ["d", "e"]]
        during = [n for each in rounds for n in await asyncio.gather(*(visit(lines, one) for one in each))]
        await lines.close()
        return during, [line.closed for line in made]

    during, after = asyncio.run(scenario())
    assert set(during) == {0}
    assert set(after) == {1}


def test_a_line_unused_for_long_is_closed_with_the_next_delivery() -> None:
    async def scenario() -> list[int]:
        made: list[Slow] = []
        now = [0.0]

        def dial() -> Slow:
            made.append(Slow())
            return made[-1]

        lines = Lines(dial, clock=lambda: now[0])
        for endpoint, moment in (("a", 0.0), ("b", 4.0), ("c", 6.0)):
            now[0] = moment
            await visit(lines, endpoint)
        return [line.closed for line in made]

    assert asyncio.run(scenario()) == [1, 0, 0]


def test_connections_to_an_earlier_address_are_let_go() -> None:
    async def scenario() -> tuple[list[int], int]:
        async with counting() as (old, line), counting() as (new, _):
            old.hold.set()
            new.hold.set()
            answers = [await get(line, old.url), await get(line, new.url)]
            return answers, len(line._pool.connections)

    assert asyncio.run(scenario()) == ([200, 200], 1)


def test_a_tls_handshake_given_up_leaves_no_socket_open() -> None:
    async def scenario() -> None:
        met, ended = asyncio.Event(), asyncio.Event()

        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                await reader.read(1)
                met.set()
                await reader.read(-1)
            ended.set()
            writer.close()

        server = await asyncio.start_server(mute, "127.0.0.1")
        line = Line(GuardedBackend(allow_private=True), CONTEXT)
        port = server.sockets[0].getsockname()[1]
        given_up = asyncio.create_task(get(line, f"https://127.0.0.1:{port}/"))
        await met.wait()
        given_up.cancel()
        with suppress(asyncio.CancelledError):
            await given_up
        assert line._pool.connections == []
        await asyncio.wait_for(ended.wait(), 5)
        server.close()

    asyncio.run(scenario())
