"""Servers on loopback that misbehave as those of agencies do: HTTP that answers what it is told to, and IMAP."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

FEED = (
    b"<rss version='2.0'><channel><title>Selka</title><item><title>Ferry</title><guid>f1</guid>"
    b"<description>It sails.</description></item></channel></rss>"
)


def http(body: bytes = FEED, status: str = "200 OK", **headers: str) -> bytes:
    """An answer, to the byte."""
    told = {"Content-Length": str(len(body)), "Connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def to(address: str, status: str = "302 Found") -> bytes:
    return http(b"", status, Location=address)


DRIP = b"drip"
"""In place of an answer: a body that comes a byte at a time and never ends."""


type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Web:
    """What is answered under each path, and which were asked for."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.heads: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            self.asked.append(path)
            self.heads.append(head)
            answer = self.answers.get(path, http(b"", "404 Not Found"))
            if answer is DRIP:
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    writer.write(b"1\r\n \r\n")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            writer.write(answer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def web(answers: Mapping[str, bytes]) -> AsyncIterator[tuple[Web, str]]:
    """The server and its address."""
    served = Web(answers)
    async with listening(served.serve) as port:
        yield served, f"http://127.0.0.1:{port}"


class Post:
    """An IMAP server with one folder; `broken` are numbers of messages whose bytes it never gives."""

    def __init__(self, folder: str, messages: Mapping[int, bytes], broken: frozenset[int] = frozenset()) -> None:
        self.folder, self.messages, self.broken = folder, dict(messages), broken
        self.seen: set[int] = set()
        self.login = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK IMAP4rev1\r\n")
        with suppress(ConnectionError):
            while line := (await reader.readline()).decode("utf-8", "replace").strip():
                tag, _, command = line.partition(" ")
                for said in self._answers(tag, command):
                    writer.write(said)
                if command.upper().startswith("AUTHENTICATE"):
                    writer.write(b"+ \r\n")
                    self.login = (await reader.readline()).decode().strip()
                    writer.write(f"{tag} OK done\r\n".encode())
                await writer.drain()
        writer.close()

    def _answers(self, tag: str, command: str) -> list[bytes]:
        done = f"{tag} OK done\r\n".encode()
        kind = command.split(" ", 1)[0].upper()
        if kind == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n", done]
        if kind == "SELECT":
            return [b"* 2 EXISTS\r\n", done] if f'"{self.folder}"' in command else [f"{tag} NO missing\r\n".encode()]
        if kind == "SEARCH":
            unseen = " ".join(str(number) for number in self.messages if number not in self.seen)
            return [f"* SEARCH {unseen}\r\n".encode(), done]
        if kind in ("FETCH", "STORE"):
            return self._message(kind, command, tag, done)
        return [] if kind == "AUTHENTICATE" else [done]

    def _message(self, kind: str, command: str, tag: str, done: bytes) -> list[bytes]:
        number, *part = map(int, re.findall(r"\d+", command))
        if kind == "STORE":
            self.seen.add(number)
            return [done]
        if number in self.broken:
            return [f"{tag} BAD the store is damaged\r\n".encode()]
        raw = self.messages[number][: part[1]]
        return [f"* {number} FETCH (BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n", done]


@asynccontextmanager
async def listening(serve: Serve, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """The port of a server that handles each connection by `serve`."""
    opened: set[asyncio.StreamWriter] = set()

    async def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.add(writer)
        with suppress(asyncio.CancelledError, ConnectionError):  # the server ends, or the client left
            await serve(reader, writer)
        if writer.is_closing():  # in a soak of an hour there are fifteen thousand
            opened.discard(writer)

    server = await asyncio.start_server(serving, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in list(opened):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
