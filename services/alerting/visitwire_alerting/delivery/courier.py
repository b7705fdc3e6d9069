"""Delivers what is queued: matches new alerts, sends what is due, notes what became of it."""

import asyncio
import os
import random
import socket
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, Engine
from visitwire_runtime import Publish, Unavailable
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Subscription, Webhook

from visitwire_alerting.delivery import delivery_queue, live_workers
from visitwire_alerting.delivery.board_links import BoardLinks
from visitwire_alerting.delivery.channels.sending import Send
from visitwire_alerting.delivery.digest import Agenda, digest_of
from visitwire_alerting.delivery.dispatch import Book, dispatch
from visitwire_alerting.delivery.job import Finished, Job
from visitwire_alerting.delivery.message import events, linked
from visitwire_alerting.delivery.outcome import Outcome, Result, wait
from visitwire_alerting.delivery.retention import forget
from visitwire_alerting.delivery.settle import settle
from visitwire_alerting.delivery.trial import trial
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.threads import in_thread
from visitwire_alerting.subscriptions.stored import Endpoint

log = structlog.get_logger()

POLL = 0.25
"""Seconds between looks at the queue when nothing rings."""
GATHER = 0.015
"""Seconds between rounds under load: what ends meanwhile shares a commit."""
BREATH = timedelta(seconds=1)
"""Between two signs of life."""
TIDY = timedelta(hours=1)
"""Between two looks for what may be forgotten."""


@dataclass(frozen=True)
class Pace:
    """How much is under way at once."""

    at_once: int = 64
    to_one: int = 4
    """Messages to one endpoint: a stuck one holds so many and no more."""
    patience: float = 20.0
    """Seconds that one attempt may take in all."""
    scale: float = 1.0
    """Shortens the timetable of retries, for trials."""


def worker_id() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def bury_neighbours(engine: Engine, own: str) -> None:
    """Frees at once what a worker that died on this machine had taken, so that its successor need not wait."""
    host, pid, _ = own.split(":")
    dead = []
    for other in live_workers.known(engine):
        its_host, its_pid, _ = other.split(":")
        if its_host == host and other != own and (its_pid == pid or not _runs(int(its_pid))):
            dead.append(other)
    if dead:
        live_workers.bury(engine, dead)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass
class Courier:
    """One process's deliverer. `run` is its background work."""

    engine: Engine
    book: Book
    channels: Mapping[str, Send]
    """How to send, by the kind of channel."""
    wake: Bell
    owners: Bell
    """Rung when an endpoint was disabled, which its owner must be told."""
    clock: Callable[[], datetime]
    pace: Pace = Pace()
    kept: timedelta = timedelta(days=90)
    """After which a delivery that is over is forgotten."""
    board: BoardLinks | None = None
    """Where the links in messages lead; None: they have none."""
    draw: random.Random = field(default_factory=random.Random)
    worker: str = field(default_factory=worker_id)
    _agenda: Agenda = field(default_factory=Agenda)
    _under_way: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _finished: list[Finished] = field(default_factory=list)
    _breath: datetime | None = None
    _tidied: datetime | None = None

    @property
    def busy(self) -> bool:
        return bool(self._tasks or self._finished)

    async def run(self, _publish: Publish) -> None:
        """Delivers until cancelled; what is under way then is sent again later, with the same id."""
        self.worker = worker_id()  # anew, so that what an earlier run of this process had taken is free again
        await in_thread(bury_neighbours, self.engine, self.worker)
        try:
            while True:
                if await self.step():
                    await asyncio.sleep(GATHER)
                else:
                    await self.wake.wait(POLL)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def step(self) -> int:
        """One round. Gives how much there was to do."""
        done, self._finished = self._finished, []
        try:
            matched, jobs = await in_thread(self._round, done)
        except Unavailable:
            self._finished = done + self._finished
            raise
        for job in jobs:
            self._under_way[job.endpoint] += 1
            task = asyncio.create_task(self._carry(job))
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, job.endpoint))
        return matched + len(jobs) + len(done)

    def _round(self, done: list[Finished]) -> tuple[int, list[Job]]:
        """Writes down what became of messages, matches, and takes what may go: with one commit, for they are slow."""
        at = self.clock()
        breathe = self._breath is None or abs(at - self._breath) >= BREATH  # a clock may be put back
        if not (breathe or done or delivery_queue.to_deliver(self.engine, at)):
            return 0, []
        with writing(self.engine) as connection:
            at = self.clock()  # whatever we waited for the database: what others entered meanwhile is of this hour
            if breathe:
                live_workers.alive(connection, self.worker, at)
                self._tidy(connection, at)
            disabled = settle(connection, done, at)
            matched = dispatch(connection, self.book, at)
            free = self.pace.at_once - len(self._tasks)
            jobs: list[Job] = []
            if free > 0:
                at = self.clock()
                jobs = delivery_queue.take(connection, self.worker, at, self._under_way, free, self.pace.to_one)
            if jobs:
                self.book.refresh(connection)
        self._breath = at if breathe else self._breath
        for endpoint in disabled:
            log.warning("endpoint_disabled", endpoint=endpoint)
            self.owners.ring()
        return matched, jobs

    def _tidy(self, connection: Connection, at: datetime) -> None:
        """Forgets, with the breath: once in an hour, or until nothing is left that may go."""
        if self._tidied is None or abs(at - self._tidied) >= TIDY:
            more = forget(connection, at - self.kept)
            self._tidied = None if more else at

    async def _carry(self, job: Job) -> None:
        at, began = self.clock(), time.perf_counter()
        outcome = await self._attempt(job)
        milliseconds = (time.perf_counter() - began) * 1000
        again = wait(job.attempts + 1, outcome, self.draw, self.pace.scale)
        if outcome.result is not Result.DELIVERED:
            log.warning("delivery_failed", delivery=job.number, endpoint=job.endpoint, why=outcome.error)
        self._finished.append(Finished(job, outcome, again, at, milliseconds))
        self.wake.ring()

    def _ended(self, endpoint: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._under_way[endpoint] -= 1

    async def _attempt(self, job: Job) -> Outcome:
        found = self.book.ends.get(job.endpoint)
        if found is None:
            return Outcome(Result.REFUSED, error="the channel is gone")
        subscription, endpoint = found
        send = self.channels.get(endpoint.channel.kind)
        if send is None:
            return Outcome(Result.FAILED, error=f"{endpoint.channel.kind} is not set up here")
        told = await self._told(job, subscription, endpoint)
        if not told:
            return Outcome(Result.UNNEEDED, error="everything in it was taken back before")
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pace.patience):
                return await _sent(send, endpoint, told)
        return Outcome(Result.FAILED, error=f"no answer in {self.pace.patience:g} s")

    async def _told(self, job: Job, subscription: Subscription, endpoint: Endpoint) -> Sequence[Alert]:
        """The events of a message, with links; one that tells nothing is a test of its channel."""
        if not job.told:
            found = [trial(subscription, job.number, job.created)]
        else:
            found = events(subscription, job.told, job.replay)
        if self.board is not None:
            to = job.subscription, endpoint.id, endpoint.channel
            found = [linked(one, self.board.links(one, *to)) for one in found]
        if not job.told or subscription.digest is None or isinstance(endpoint.channel, Webhook):
            return found
        return await in_thread(self._digest, subscription, found)

    def _digest(self, subscription: Subscription, found: Sequence[Alert]) -> Sequence[Alert]:
        with reading(self.engine) as connection:
            return digest_of(connection, subscription, found, self.clock(), self._agenda)


async def _sent(send: Send, endpoint: Endpoint, told: Sequence[Alert]) -> Outcome:
    """Sends. A channel that raises is a bug; it must not take the message, nor the other channels, with it."""
    try:
        return await send(endpoint, told)
    except TimeoutError:
        raise
    except Exception as error:
        log.exception("channel_broke", endpoint=endpoint.id, kind=endpoint.channel.kind)
        return Outcome(Result.FAILED, error=type(error).__name__)
