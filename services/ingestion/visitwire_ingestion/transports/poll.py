"""Looks at every defined feed when its time has come, one at a time for each host, and publishes what is new."""

import asyncio
import imaplib
import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy import Engine, select, update
from visitwire_runtime import Background, Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import WIRE_ITEMS, WireItem

from visitwire_ingestion.feeds import Feed, State, load, wait
from visitwire_ingestion.keeper import Clock, now_utc, put
from visitwire_ingestion.life import utc
from visitwire_ingestion.tables import feeds as table
from visitwire_ingestion.transports import drop, mailbox
from visitwire_ingestion.transports.fetch import Answer, look

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
"""How long a worker has a feed to itself while it fetches it."""
POLITE = 1.0
"""Seconds between two requests to one host."""


def polling(folder: Path, engine: Engine, allow_private: bool = False, clock: Clock = now_utc) -> Background:
    """Background work that polls the feeds defined in `folder`; the folder is read again at each round."""

    async def work(publish: Publish) -> None:
        async with guarded_client(allow_private=allow_private, timeout=30) as client:
            while True:
                await round_of(folder, engine, client, publish, clock, allow_private)
                await asyncio.sleep(1)

    return work


async def round_of(
    folder: Path, engine: Engine, client: httpx.AsyncClient, publish: Publish, clock: Clock, allow_private: bool = False
) -> int:
    """Looks at all feeds whose time has come. Says how many those were."""
    try:
        defined = load(folder)
    except (ValueError, OSError) as error:
        log.error("feeds_unreadable", why=str(error))
        return 0
    due = [(feed, state) for feed in defined if (state := await asyncio.to_thread(claim, engine, feed, clock()))]
    hosts: dict[str, list[tuple[Feed, State]]] = {}
    for feed, state in due:
        hosts.setdefault(urlsplit(feed.url).hostname or "", []).append((feed, state))
    async with asyncio.TaskGroup() as group:
        for queue in hosts.values():
            group.create_task(_host(queue, engine, client, publish, clock, allow_private))
    return len(due)


async def _host(
    queue: list[tuple[Feed, State]],
    engine: Engine,
    client: httpx.AsyncClient,
    publish: Publish,
    clock: Clock,
    allow_private: bool,
) -> None:
    for place, (feed, state) in enumerate(queue):
        if place:
            await asyncio.sleep(POLITE)
        changed, pause = await visit(feed, state, client, publish, clock(), allow_private=allow_private)
        await asyncio.to_thread(save, engine, feed, changed, clock() + pause)


async def visit(
    feed: Feed,
    state: State,
    client: httpx.AsyncClient,
    publish: Publish,
    now: datetime,
    *,
    allow_private: bool = False,
    leave: bool = False,
) -> tuple[State, timedelta]:
    """One look at one feed: what is known of it then, and how long to wait. A failure is known, never raised.

    `leave`: a mailbox or a drop is left as it was, for a look that only wants to know.
    """
    jitter = random.Random(f"{feed.name}{now.timestamp()}").random()
    asked = state.model_copy(update={"asked": now})
    if feed.kind == "imap":
        after = await _mailbox(feed, asked, publish, now, allow_private, leave)
        return after, wait(feed, after, {}, 200, now, jitter)
    if feed.kind in ("sftp", "ftp"):
        after = await drop.visit(feed, asked, publish, now, allow_private=allow_private, leave=leave)
        return after, wait(feed, after, {}, 200, now, jitter)
    answer = await look(client, feed, state)
    after = _after(asked, answer, now)
    if answer.body is not None:
        item = WireItem(
            raw=answer.body, provider=feed.owner, name=feed.url, content_type=answer.content_type, received=now
        )
        await publish(WIRE_ITEMS, item)
    if answer.error:
        log.warning("feed_failed", feed=feed.name, why=answer.error, row=after.failures)
    return after, wait(feed, after, answer.headers, answer.status, now, jitter)


def _after(state: State, answer: Answer, now: datetime) -> State:
    if answer.error:
        return state.model_copy(update={"error": answer.error, "failures": state.failures + 1})
    known: dict[str, object] = {"error": None, "failures": 0, "answered": now, "moved": answer.moved or state.moved}
    if answer.status == 200:
        known |= {"etag": answer.etag, "modified": answer.modified}
    if answer.body is not None:
        return state.novelty(now).model_copy(update=known | {"body": sha256(answer.body).hexdigest()})
    return state.model_copy(update=known)


async def _mailbox(
    feed: Feed, state: State, publish: Publish, now: datetime, allow_private: bool, leave: bool
) -> State:
    """Messages are marked one by one, each after it is safe."""
    box = mailbox.opened(feed, allow_private)
    try:
        server = await asyncio.to_thread(box.__enter__)
        taken = 0
        try:
            for number, raw in await asyncio.to_thread(lambda: list(mailbox.unseen(server))):
                await publish(WIRE_ITEMS, WireItem(raw=raw, provider=feed.owner, name=feed.name, received=now))
                if not leave:
                    await asyncio.to_thread(mailbox.mark, server, number)
                taken += 1
        finally:
            await asyncio.to_thread(box.__exit__, None, None, None)
    except (imaplib.IMAP4.error, OSError) as error:
        said = f"The mailbox did not open: {error}."
        return state.model_copy(update={"error": said, "failures": state.failures + 1})
    fresh = state.novelty(now) if taken else state
    return fresh.model_copy(update={"error": None, "failures": 0, "answered": now})


def claim(engine: Engine, feed: Feed, now: datetime) -> State | None:
    """The feed's state when its time has come and no other worker is at it, which it then cannot be for a while."""
    with engine.begin() as connection:
        row = connection.execute(select(table).where(table.c.name == feed.name).with_for_update()).one_or_none()
        if row is None:
            put(connection, table, {"name": feed.name}, {"next": now + LEASE, "state": State().model_dump_json()})
            return State()
        if utc(row.next) > now:
            return None
        connection.execute(update(table).where(table.c.name == feed.name).values(next=now + LEASE))
        return State.model_validate_json(row.state)


def save(engine: Engine, feed: Feed, state: State, due: datetime) -> None:
    with engine.begin() as connection:
        put(connection, table, {"name": feed.name}, {"next": due, "state": state.model_dump_json()})


def states(engine: Engine) -> Mapping[str, State]:
    """What is known of every feed that was ever looked at."""
    found: dict[str, State] = {}
    with engine.connect() as connection:
        for row in connection.execute(select(table.c.name, table.c.state)):
            with suppress(ValueError):
                found[row.name] = State.model_validate_json(row.state)
    return found
