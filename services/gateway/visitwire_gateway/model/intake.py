"""Takes records as they come and keeps them, in a thread of its own; whoever listens hears of each event once kept."""

import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from visitwire_schemas import Record

from visitwire_gateway.model.ageing import Ageing, Clock
from visitwire_gateway.model.events import Event
from visitwire_gateway.model.projection import TOPICS, Rows, heard, project
from visitwire_gateway.model.store_writer import Position, write

log = structlog.get_logger()

BATCH = 200
LOOK = 60.0
"""Seconds without a record after which visits are looked at that time has passed."""
RETRY = 0.5
"""Seconds before a busy or missing database is tried again."""

type Listener = Callable[[Sequence[Event]], None]


def rows_of(topic: str, record: Record, at: datetime) -> Rows | None:
    """As `project`, of a record that came at that time; but one that is not what its topic promises is left out, and
    said so in the log."""
    try:
        made = project(topic, record)
        return None if made is None else heard(made, at)
    except ValueError as wrong:
        log.warning("unreadable_record", topic=topic, why=str(wrong).partition("\n")[0])
        return None


class Intake:
    """A tap of the embedded suite: `feed(topic, record)` returns at once, `feed.close()` keeps what is left."""

    def __init__(self, engine: Engine, listener: Listener = lambda events: None, clock: Clock | None = None) -> None:
        """Visits age by `clock`; without one they do not."""
        self._engine, self._listener = engine, listener
        self._clock: Clock = clock or (lambda: datetime.now(UTC))
        self._ageing = None if clock is None else Ageing(engine, clock)
        self._waiting: queue.Queue[tuple[str, Record] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="gateway-feed", daemon=True)
        self._thread.start()

    def __call__(self, topic: str, record: Record) -> None:
        if topic in TOPICS:
            self._waiting.put((topic, record))

    def settled(self) -> None:
        """Returns when all that was put in so far is kept."""
        self._waiting.join()

    def close(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        stop = threading.Event()
        while True:
            taken = self._taken()
            while len(taken) < BATCH and not self._waiting.empty():
                taken.append(self._waiting.get_nowait())
            now = self._clock()
            rows = [made for one in taken if one is not None and (made := rows_of(*one, now)) is not None]
            if rows:
                keep(self._engine, rows, (), self._listener, stop)
            self._age(bool(rows))
            for _ in taken:
                self._waiting.task_done()
            if None in taken:
                return

    def _taken(self) -> list[tuple[str, Record] | None]:
        """The next record, or none where none comes for a while."""
        try:
            return [self._waiting.get(timeout=None if self._ageing is None else LOOK)]
        except queue.Empty:
            return []

    def _age(self, changed: bool) -> None:
        if self._ageing is None:
            return
        try:
            events = self._ageing.look(changed)
        except OperationalError as missing:
            log.warning("database_unavailable", why=str(missing.orig))
        else:
            if events:
                self._listener(events)


def keep(
    engine: Engine, rows: Sequence[Rows], positions: Sequence[Position], listener: Listener, stop: threading.Event
) -> None:
    """Writes a batch, again while the database is busy or away, until `stop` is set."""
    while not stop.is_set():
        try:
            events = write(engine, rows, positions)
        except OperationalError as missing:
            log.warning("database_unavailable", why=str(missing.orig))
            stop.wait(RETRY)
        else:
            if events:
                listener(events)
            return
