"""The connections to one receiver: as many as are in use at once, used again, and let go when they are gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest
from visitwire_alerting.channels.lines import Line, Lines
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
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await get(line, counter.url)
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
