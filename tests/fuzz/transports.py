"""Broken items over live transports on loopback: `python -m tests.fuzz.transports 20000 [SEED]`.

HTTP push, a polled feed, a mailbox and the inbox each carry a quarter. Exits with status 1 if one of them ends, hangs
or loses an item. A web page in place of a feed, and an empty body, are not published.
"""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import httpx
import structlog
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.formats import read
from visitwire_ingestion.transports import folder, poll, push
from visitwire_ingestion.transports.acceptance import Acceptance, accepting
from visitwire_runtime import Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import WIRE_ITEMS, Record

from tests.fuzz.wires import broken
from tests.unit.ingestion.odd_servers import Post, http, listening

LARGEST = 1_000_000
HANGS = 30.0
"""Seconds after which a look or a request hangs."""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACCEPT = accepting(read)


class Kept:
    """What was published."""

    def __init__(self) -> None:
        self.raws: list[bytes] = []
        self.publish = Publish(self._keep)

    async def _keep(self, topic: str, record: Record) -> None:
        self.raws.append(WIRE_ITEMS.decode(record).raw)


async def pushed(items: list[bytes], kept: Kept) -> int:
    """How many requests were not answered with 202."""
    with_port = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = with_port.sockets[0].getsockname()[1]
    with_port.close()
    await with_port.wait_closed()
    serving = asyncio.create_task(push.serve("127.0.0.1", port, None, LARGEST)(kept.publish))
    await asyncio.sleep(0)
    odd = 0
    async with httpx.AsyncClient(timeout=HANGS) as client:
        for start in range(0, len(items), 16):
            posts = [
                client.post(f"http://127.0.0.1:{port}/items/fuzz", content=raw) for raw in items[start : start + 16]
            ]
            odd += sum(answer.status_code != 202 for answer in await asyncio.gather(*posts))
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    return odd


async def polled(items: list[bytes], kept: Kept) -> int:
    """How many bodies were neither published nor told as a failure."""
    turn = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http(items[turn]))
        await writer.drain()
        writer.close()

    odd = 0
    async with listening(serve) as port, guarded_client(allow_private=True, timeout=HANGS) as client:
        feed = Feed(name="fuzz", url=f"http://127.0.0.1:{port}/feed")
        for turn, raw in enumerate(items):  # noqa: B007 - the server reads it
            before = len(kept.raws)
            look = poll.visit(feed, FeedState(), client, Acceptance(kept.publish, ACCEPT), NOON)
            state, _ = await asyncio.wait_for(look, HANGS)
            told = state.error is not None
            odd += (len(kept.raws) == before and not told) or (
                len(kept.raws) > before and not _same(kept.raws[-1], raw)
            )
    return odd


def _same(came: bytes, raw: bytes) -> bool:
    return came == raw or raw.startswith(b"\x1f\x8b")


async def mailed(items: list[bytes], kept: Kept) -> int:
    """How many messages did not come."""
    before = len(kept.raws)
    for start in range(0, len(items), 50):
        post = Post("INBOX", dict(enumerate(items[start : start + 50], start=1)))
        async with listening(post.serve) as port, guarded_client(allow_private=True) as client:
            box = Feed(name="fuzz", kind="imap", url=f"imap://127.0.0.1:{port}/INBOX", username="desk")
            visit = poll.visit(box, FeedState(), client, Acceptance(kept.publish, ACCEPT), NOON, allow_private=True)
            await asyncio.wait_for(visit, HANGS)
    return len(items) - (len(kept.raws) - before)


async def dropped(items: list[bytes], kept: Kept) -> int:
    """How many files did not come."""
    before, now = len(kept.raws), NOON
    chance = random.Random(len(items))
    with tempfile.TemporaryDirectory() as root:
        for start in range(0, len(items), 500):
            for number, raw in enumerate(items[start : start + 500]):
                name = bytes(chance.choice(b"abc\xe9\xc3\xa4 -'\"$;") for _ in range(chance.randint(1, 120)))
                (Path(root) / os.fsdecode(b"%d-%s.xml" % (number, name))).write_bytes(raw)
            seen: dict[Path, folder.FileLook] = {}
            for _ in range(2):
                now += timedelta(minutes=2)
                seen = dict(await folder.sweep(Path(root), seen, Acceptance(kept.publish, ACCEPT), lambda: now))  # noqa: B023
    return len(items) - (len(kept.raws) - before)


WAYS: tuple[Callable[[list[bytes], Kept], Awaitable[int]], ...] = (pushed, polled, mailed, dropped)


async def run(count: int, seed: int) -> int:
    chance, odd = random.Random(seed), 0
    for way in WAYS:
        items = [broken(chance) or b"x" for _ in range(count // len(WAYS))]
        kept, began = Kept(), monotonic()
        wrong = await way(items, kept)
        print(
            f"{way.__name__}: {len(items)} items, {len(kept.raws)} published, {wrong} odd, {monotonic() - began:.0f} s",
            flush=True,
        )
        odd += wrong
    return odd


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    arguments = [int(each) for each in sys.argv[1:]] + [20_000, 1][len(sys.argv) - 1 :]
    sys.exit(1 if asyncio.run(run(arguments[0], arguments[1])) else 0)
