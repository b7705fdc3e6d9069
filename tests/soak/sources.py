"""What the soak feeds from: sources that bring an item every so often, and ones that misbehave, each in turn."""

import asyncio
import gzip
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.unit.ingestion.odd_servers import FEED, Post, http, to
from tests.unit.ingestion.wires import CASES

NITF = CASES["nitf"].replace(b"selka-0302-17", b"%s")

type Lost = Callable[[float, float], float]


@dataclass
class Source:
    """One wire: what it brought, and when that came out of its transport."""

    name: str
    patience: float
    """Seconds after which an item is late by more than a period."""
    brought: dict[str, float] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)

    def bring(self, number: int) -> None:
        self.brought[f"{self.name}-{number}"] = monotonic()

    def late(self, until: float, lost: Lost = lambda start, end: 0.0) -> Mapping[str, float]:
        """The items that were late, with the seconds they took; infinity for one that never came.

        `lost` says how many of the seconds between two times are not counted, as nobody could have used them.
        """
        found: dict[str, float] = {}
        for item, at in self.brought.items():
            came = self.came.get(item)
            if self.patience < (came or until) - at - lost(at, came or until):
                found[item] = came - at - lost(at, came) if came else float("inf")
        return found


class WebFeed(Source):
    """RSS with the last thirty items."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        entries = "".join(
            f"<item><title>Ferry {item}</title><guid>{item}</guid><description>{item} sails.</description></item>"
            for item in list(self.brought)[-30:]
        )
        feed = f"<rss version='2.0'><channel><title>{self.name}</title>{entries}</channel></rss>"
        writer.write(http(feed.encode()))
        await writer.drain()
        writer.close()


class Mailbox(Source):
    """A message an item."""

    def __init__(self, name: str, patience: float) -> None:
        super().__init__(name, patience)
        self.post = Post("INBOX", {})

    def bring(self, number: int) -> None:
        super().bring(number)
        item = f"{self.name}-{number}"
        raw = f"From: a@selka.example\r\nSubject: {item}\r\nMessage-ID: <{item}>\r\n\r\nIt sails.\r\n"
        self.post.messages[number] = raw.encode()


class Files(Source):
    """A file an item, in a folder that is a drop or an inbox; `names` writes them in odd ways."""

    def __init__(self, name: str, patience: float, folder: Path, ending: bytes = b".xml") -> None:
        super().__init__(name, patience)
        self.folder, self.ending = folder, ending
        folder.mkdir(parents=True, exist_ok=True)

    def bring(self, number: int) -> None:
        super().bring(number)
        item = f"{self.name}-{number}".encode()
        target = self.folder / os.fsdecode(item + self.ending)
        half = self.folder / f".{number}"
        half.write_bytes(NITF % item)
        half.rename(target)


def _page(number: int) -> bytes:
    return f"<!DOCTYPE html><html><title>Log in {number}</title><form><input type='password'></form></html>".encode()


ODD: tuple[Callable[[int], bytes], ...] = (
    lambda number: to("http://[nonsense/feed"),
    lambda number: to("http://127.0.0.1:99999/feed"),
    lambda number: to("/gone", "301 Moved Permanently"),
    lambda number: http(_page(number)),
    lambda number: http(b"down", "500 Internal Server Error"),
    lambda number: http(b"", "429 Too Many Requests", Retry_After="soon"),
    lambda number: http(FEED, Content_Encoding="gzip"),
    lambda number: http(gzip.compress(bytes(20_000_000))),
    lambda number: http(b"<rss><channel><item>" + bytes([number % 256]) * 5000),
    lambda number: http(b'{"items": [' * 5000),
    lambda number: b"\xff\x00nonsense\r\n\r\n",
    lambda number: b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<rss>",
    lambda number: b"",
)


class OddFeed:
    """A server that misbehaves in another way every few seconds, and by turns drips or never answers."""

    def __init__(self, shift: int) -> None:
        self._shift, self._asked = shift, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._asked += 1
        turn = (int(monotonic() / 15) + self._shift) % (len(ODD) + 2)
        try:
            if turn < len(ODD):
                writer.write(ODD[turn](self._asked))
                await writer.drain()
            else:
                await self._hang(writer, drips=turn == len(ODD))
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _hang(self, writer: asyncio.StreamWriter, *, drips: bool) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" if drips else b"")
        while not writer.is_closing():
            if drips:
                writer.write(b"1\r\n \r\n")
                await writer.drain()
            await asyncio.sleep(2)
