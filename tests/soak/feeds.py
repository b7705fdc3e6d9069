"""Forty feeds, mailboxes, drops and an inbox, of which ten misbehave in turn: `python -m tests.soak.feeds 600`.

Exits with status 1 if a good one is late by more than a period, an item is lost, the process grows, or something hangs
at the end. The time for which the machine let a bare timer beside it wait is not the product's (`tests.soak.machine`);
exits with status 2 if that was more than half of the run, from which nothing can be told. Everything is on loopback,
each server on an address of its own, as hosts are visited one request at a time.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from itertools import count
from pathlib import Path
from time import monotonic, process_time

import asyncssh
import structlog
from visitwire_ingestion.formats import read
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.stage import unending
from visitwire_ingestion.transports import folder, poll
from visitwire_ingestion.transports.acceptance import accepting
from visitwire_runtime import InvalidMessage, Publish
from visitwire_schemas import WIRE_ITEMS, Record

from tests.soak.machine import Machine, beats
from tests.soak.sources import Files, Mailbox, OddFeed, Source, WebFeed
from tests.unit.ingestion.drop_servers import PASSWORD, sftp
from tests.unit.ingestion.odd_servers import listening

PERIOD = 10
"""Seconds between two looks, the least that a definition may say."""
EVERY = 7.0
"""Seconds between two items of a source."""
LOOK = PERIOD * 1.1 + 2
GROWTH = 20.0
"""Megabytes by which the process may grow after its first third."""
STARVED = 0.5
"""The share of a run that the machine may take from it before the run says nothing."""


class Soak:
    """The sources, their servers, and what came out of the transports."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._definitions = root / "feeds"
        self._definitions.mkdir()
        self._hosts = (f"127.0.0.{number}" for number in count(2))
        self.sources: dict[str, Source] = {}
        self.items = 0
        self.until = 0.0

    async def open(self, stack: AsyncExitStack) -> None:
        for number in range(22):
            await self._web(stack, WebFeed(f"web{number}", LOOK + PERIOD))
        for number in range(4):
            box = Mailbox(f"box{number}", LOOK + PERIOD)
            host = next(self._hosts)
            port = await stack.enter_async_context(listening(box.post.serve, host))
            self._define(box.name, f"imap://{host}:{port}/INBOX", kind="imap", username="desk")
            self.sources[box.name] = box
        for number in range(3):
            await self._drop(stack, f"drop{number}", "remove" if number else "leave")
        inbox = Files("inbox", 5 + PERIOD, self._root / "inbox" / "inbox", b"-caf\xe9.xml")
        self.sources[inbox.name] = inbox
        for number in range(10):
            host = next(self._hosts)
            port = await stack.enter_async_context(listening(OddFeed(number * 2).serve, host))
            kind, scheme = ("imap", "imap") if number > 7 else ("http", "http")
            self._define(f"odd{number}", f"{scheme}://{host}:{port}/feed", kind=kind)
        (self._definitions / "broken.toml").write_bytes(b"name = \xe4")

    async def _web(self, stack: AsyncExitStack, feed: WebFeed) -> None:
        host = next(self._hosts)
        port = await stack.enter_async_context(listening(feed.serve, host))
        self._define(feed.name, f"http://{host}:{port}/feed")
        self.sources[feed.name] = feed

    async def _drop(self, stack: AsyncExitStack, name: str, after: str) -> None:
        root = self._root / name / "root"
        made = await stack.enter_async_context(sftp(root))
        self._define(
            name, made.url, kind="sftp", username="desk", password_env="DROP_PASSWORD", after=after,
            known_hosts=str(made.known_hosts),
        )  # fmt: skip
        self.sources[name] = Files(name, 2 * LOOK + PERIOD + 3, root / "out", b".XML")

    def _define(self, name: str, url: str, **more: str) -> None:
        lines = [f"name = {json.dumps(name)}", f"url = {json.dumps(url)}", f"every = {PERIOD}"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in more.items()]
        (self._definitions / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")

    async def publish(self, topic: str, record: Record) -> None:
        item, now = WIRE_ITEMS.decode(record), monotonic()
        self.items += 1
        source = self.sources.get(item.provider)
        if source is None:
            return
        with suppress(InvalidMessage):
            for story in await asyncio.to_thread(read, item):
                source.came.setdefault(story.uri, now)

    async def run(self, seconds: float) -> Sequence[str]:
        """What went wrong, lateness apart."""
        publish, database = Publish(self.publish), engine(f"sqlite:///{self._root / 'a.sqlite'}")
        work = [
            unending("feeds", poll.polling(self._definitions, database, accepting(read), allow_private=True)),
            unending("inbox", folder.watch(self._root / "inbox", accepting(read), settle=1)),
        ]
        tasks = [asyncio.create_task(each(publish)) for each in work]  # type: ignore[arg-type]
        start, third = monotonic(), 0.0
        for number in count(1):
            if monotonic() - start > seconds:
                break
            for source in self.sources.values():
                source.bring(number)
            if monotonic() - start > seconds / 3 and not third:
                third = megabytes()
            await asyncio.sleep(EVERY)
        self.until = monotonic()
        return [*_grown(third), *await _ended(tasks), *self._stopped(tasks)]

    def late(self, machine: Machine) -> Sequence[str]:
        """The items that were late by the product; those that were late by the clock alone are counted aloud."""
        by_clock = sum(len(each.late(self.until)) for each in self.sources.values())
        late = [(name, item, took) for name, each in self.sources.items()
                for item, took in each.late(self.until, machine.lost).items()]  # fmt: skip
        print(f"late by more than a period: {by_clock} by the clock, {len(late)} without the machine's own delay")
        return [f"{name}: {item} took {took:.0f} s of the machine's time" for name, item, took in late]

    def _stopped(self, tasks: Sequence[asyncio.Task[None]]) -> Sequence[str]:
        return [f"stopped: {task.exception()}" for task in tasks if not task.cancelled() and task.exception()]


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def _grown(before: float) -> Sequence[str]:
    now = megabytes()
    print(f"memory: {before:.0f} MB after a third, {now:.0f} MB at the end", flush=True)
    return [f"grew from {before:.0f} to {now:.0f} MB"] if before and now - before > GROWTH else []


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> Sequence[str]:
    for task in tasks:
        task.cancel()
    _, pending = await asyncio.wait(tasks, timeout=10)
    return [f"{len(pending)} tasks hang at the end"] if pending else []


async def soak(seconds: float) -> int:
    root = Path(tempfile.mkdtemp(prefix="visitwire-soak-"))
    made, began = Soak(root), monotonic()
    timer = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.soak.machine", str(root / "beats"))
    try:
        async with AsyncExitStack() as stack:
            await made.open(stack)
            wrong = await made.run(seconds)
        machine = beats(root / "beats")
    finally:
        timer.kill()
        await timer.wait()
        shutil.rmtree(root, ignore_errors=True)
    return _told(made, machine, [*made.late(machine), *wrong], began)


def _told(made: Soak, machine: Machine, wrong: Sequence[str], began: float) -> int:
    """Says how it went; the status to exit with."""
    brought = sum(len(source.brought) for source in made.sources.values())
    came = sum(len(source.came) for source in made.sources.values())
    took, lost = made.until - began, machine.lost(began, made.until)
    print(f"{len(made.sources)} good sources, 10 odd: {brought} items brought, {came} came, {made.items} published")
    print(f"{took:.0f} s, of which the machine took {lost:.0f} s away; the process used {process_time():.0f} s of CPU")
    print("\n".join(wrong[:20]) or "none late, none lost, none hanging", flush=True)
    if lost > STARVED * took:
        print("The machine was too busy to tell: run it again.", flush=True)
        return 2
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ["DROP_PASSWORD"] = PASSWORD
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncssh.set_log_level("CRITICAL")
    sys.exit(asyncio.run(soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600)))
