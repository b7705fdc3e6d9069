"""Whose turn it is to publish: one process at a time, so that nothing is told twice, and another when it dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from visitwire_runtime.file_lock import FileLock


class PublisherLock:
    """A lock on a file beside the SQLite database.

    PostgreSQL has a lock of its own (see `outbox`): there every process has its turn.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = None if path is None else FileLock(path)

    def ours(self) -> bool:
        """Takes the turn if nobody has it."""
        return self._lock is None or self._lock.take()

    def close(self) -> None:
        if self._lock is not None:
            self._lock.free()


@contextmanager
def publisher_lock(engine: Engine) -> Iterator[PublisherLock]:
    """The turn on a database, given back at the end."""
    sqlite = engine.dialect.name == "sqlite" and engine.url.database
    turn = PublisherLock(Path(f"{engine.url.database}.publishing") if sqlite else None)
    try:
        yield turn
    finally:
        turn.close()
