"""A receiver of webhooks on loopback that keeps what came and misbehaves when told to."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Got:
    """One request that came whole."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    """`time.monotonic()`."""

    @property
    def id(self) -> str:
        return self.headers.get("webhook-id", "")


@dataclass(frozen=True)
class Answer:
    """What the receiver does with a request: a status, nothing for ever, or hanging up without a word."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    hang_up: bool = False


type Behave = Callable[[Got], Answer]


@dataclass
class Receiver:
    port: int = 0
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    behave: Behave = lambda got: Answer()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ids(self, path: str | None = None) -> list[str]:
        return [got.id for got in self.got if path is None or got.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (got := await _request(reader)) is not None:
                self.got.append(got)
                answer = self.behave(got)
                if answer.hang:
                    await asyncio.Event().wait()
                if answer.hang_up:
                    break
                lines = [f"HTTP/1.1 {answer.status} Said", "Content-Length: 0"]
                lines += [f"{name}: {value}" for name, value in answer.headers.items()]
                writer.write("\r\n".join([*lines, "", ""]).encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Got | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Got(first.split()[1], headers, body, time.monotonic())


@asynccontextmanager
async def receiving(behave: Behave | None = None, port: int = 0) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    if behave is not None:
        receiver.behave = behave
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
