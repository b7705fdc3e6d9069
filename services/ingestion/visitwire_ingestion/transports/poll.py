"""Looks at every defined feed when its time has come, one at a time for each host, and publishes what is new.

Around each feed lies one net: whatever a server or a definition does, the others are looked at in their time.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from visitwire_runtime import Background, Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import WireItem

from visitwire_ingestion.feed_files import load_each
from visitwire_ingestion.feed_states import claim, save
from visitwire_ingestion.feeds import Feed, FeedState, unset
from visitwire_ingestion.poll_interval import wait
from visitwire_ingestion.story_store import Clock, now_utc
from visitwire_ingestion.transports import drop, mailbox
from visitwire_ingestion.transports.acceptance import Accept, Acceptance, Outlook
from visitwire_ingestion.transports.fetch import FetchedAnswer, look
from visitwire_ingestion.transports.guarded_dial import resolve
from visitwire_ingestion.transports.redaction import placed, scrubbed

log = structlog.get_logger()
_EMPTY = "It answers, and with nothing in it: ask its publisher."
POLITE = 1.0
"""Seconds between two requests to one host."""


class Rounds:
    """Rounds over the feeds of a folder. A host that is still busy is left out of the next ones, and holds up none."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        client: httpx.AsyncClient,
        acceptance: Acceptance,
        clock: Clock,
        private: bool,
    ) -> None:
        self._folder, self._engine, self._client = folder, engine, client
        self._acceptance, self._clock, self._private = acceptance, clock, private
        self._busy: dict[str, asyncio.Task[int]] = {}
        self._broken: Mapping[str, str] = {}

    def start(self) -> Sequence[asyncio.Task[int]]:
        """Sets out to every host that is not busy; each task ends as the number of feeds it looked at."""
        self._busy = {host: task for host, task in self._busy.items() if not task.done()}
        hosts: dict[str, list[Feed]] = {}
        for feed in self._defined():
            hosts.setdefault(_host(feed), []).append(feed)
        started = [host for host in hosts if host not in self._busy]
        for host in started:
            self._busy[host] = asyncio.create_task(self._visit(hosts[host]))
        return [self._busy[host] for host in started]

    async def close(self) -> None:
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _defined(self) -> Sequence[Feed]:
        """The definitions that can be used; what is wrong with the others is told once."""
        try:
            defined = load_each(self._folder)
        except OSError as error:
            log.error("feeds_unreadable", why=f"{self._folder}: {error.strerror}")
            return ()
        for file, why in defined.broken.items():
            if self._broken.get(file) != why:
                log.error("feed_definition_broken", file=file, why=why)
        self._broken = defined.broken
        return defined.feeds

    async def _visit(self, queue: Sequence[Feed]) -> int:
        looked = 0
        for feed in queue:
            try:
                state = await asyncio.to_thread(claim, self._engine, feed, self._clock())
                if state is None:
                    continue
                if looked:
                    await asyncio.sleep(POLITE)
                looked += 1
                changed, pause = await _caught(
                    feed, state, self._client, self._acceptance, self._clock(), allow_private=self._private
                )
                await asyncio.to_thread(save, self._engine, feed, changed, self._clock() + pause)
            except SQLAlchemyError as error:  # the feed is free again when its lease has run out
                log.warning("feed_state_unsaved", feed=feed.name, why=type(error).__name__)
        return looked


def _host(feed: Feed) -> str:
    try:
        return urlsplit(feed.url).hostname or feed.name
    except ValueError:
        return feed.name


def polling(
    folder: Path, engine: Engine, accept: Accept, allow_private: bool = False, clock: Clock = now_utc
) -> Background:
    """Background work that polls the feeds defined in `folder`; the folder is read again at each round."""

    async def work(publish: Publish) -> None:
        async with guarded_client(allow_private=allow_private, timeout=30, resolve=resolve) as client:
            rounds = Rounds(folder, engine, client, Acceptance(publish, accept), clock, allow_private)
            try:
                while True:
                    rounds.start()
                    await asyncio.sleep(1)
            finally:
                await rounds.close()

    return work


async def round_of(
    folder: Path,
    engine: Engine,
    client: httpx.AsyncClient,
    acceptance: Acceptance,
    clock: Clock,
    allow_private: bool = False,
) -> int:
    """One whole round: looks at all feeds whose time has come. Says how many those were."""
    rounds = Rounds(folder, engine, client, acceptance, clock, allow_private)
    return sum(await asyncio.gather(*rounds.start()))


async def _caught(
    feed: Feed,
    state: FeedState,
    client: httpx.AsyncClient,
    acceptance: Acceptance,
    now: datetime,
    *,
    allow_private: bool,
) -> tuple[FeedState, timedelta]:
    """`visit`, and where it raises what nobody expected, a failure like others."""
    try:
        return await visit(feed, state, client, acceptance, now, allow_private=allow_private)
    except Exception as error:  # of any kind, one feed never takes the others with it
        why = f"The look failed, which is a bug ({placed(error)})."
        return _failed(feed, state.model_copy(update={"asked": now}), why, now, 0)


async def visit(
    feed: Feed,
    state: FeedState,
    client: httpx.AsyncClient,
    acceptance: Acceptance,
    now: datetime,
    *,
    allow_private: bool = False,
    leave: bool = False,
) -> tuple[FeedState, timedelta]:
    """One look at one feed: what is known of it then, and how long to wait. A failure of the feed is known, never
    raised.

    `leave`: a mailbox or a drop is left as it was, for a look that only wants to know.
    """
    jitter = random.Random(f"{feed.name}{now.timestamp()}").random()
    if state.url not in (None, feed.url):  # another address is another feed
        state = FeedState()
    asked = state.model_copy(update={"asked": now, "url": feed.url})
    if lacking := unset(feed):
        return _failed(feed, asked, lacking, now, jitter)
    if feed.kind == "http":
        return await _http(feed, asked, client, acceptance, now, jitter)
    if feed.kind == "imap":
        after = await mailbox.visit(feed, asked, acceptance, now, allow_private=allow_private, leave=leave)
    else:
        after = await drop.visit(feed, asked, acceptance, now, allow_private=allow_private, leave=leave)
    if after.failures:
        log.warning("feed_failed", feed=feed.name, why=after.error, row=after.failures)
    return after, wait(feed, after, {}, 200, now, jitter)


def _failed(feed: Feed, asked: FeedState, why: str, now: datetime, jitter: float) -> tuple[FeedState, timedelta]:
    """A failure that no server had a part in."""
    failed = asked.model_copy(update={"error": why, "failures": asked.failures + 1})
    log.warning("feed_failed", feed=feed.name, why=why, row=failed.failures)
    return failed, wait(feed, failed, {}, 0, now, jitter)


async def _http(
    feed: Feed,
    state: FeedState,
    client: httpx.AsyncClient,
    acceptance: Acceptance,
    now: datetime,
    jitter: float,
) -> tuple[FeedState, timedelta]:
    answer = await look(client, feed, state)
    if answer.error:
        answer = FetchedAnswer(error=scrubbed(answer.error, feed), status=answer.status, headers=answer.headers)
    after = _after(state, answer, now)
    if answer.body is not None:
        name = feed.url.partition("?")[0]  # a query may hold a key
        item = WireItem(raw=answer.body, provider=feed.owner, name=name, content_type=answer.content_type, received=now)
        after = _heard(after, await acceptance.take(item), now)
    if answer.error:
        log.warning("feed_failed", feed=feed.name, why=answer.error, row=after.failures)
    return after, wait(feed, after, answer.headers, answer.status, now, jitter)


def _after(state: FeedState, answer: FetchedAnswer, now: datetime) -> FeedState:
    if answer.error:
        return state.model_copy(update={"error": answer.error, "failures": state.failures + 1})
    known: dict[str, object] = {"error": None, "failures": 0, "answered": now, "moved": answer.moved}
    if answer.empty:
        known["error"] = _EMPTY
    if answer.status == 200:
        known |= {"etag": answer.etag, "modified": answer.modified}
    if answer.body is not None:
        known["body"] = sha256(answer.body).hexdigest()
    return state.model_copy(update=known)


def _heard(state: FeedState, found: Outlook, now: datetime) -> FeedState:
    """With what a new body holds. One that says what the last one said is no news, though its bytes are others."""
    if found.stories == 0 and found.refused is None:  # one that had items may have none for a while
        return state.model_copy(update={"error": None if state.changed else _EMPTY, "refused": None})
    known = state if found.said and found.said == state.said else state.novelty(now)
    moved = None if found.refused else state.moved  # what is not a feed any more is no place where one moved to
    return known.model_copy(update={"refused": found.refused, "said": found.said, "moved": moved})
