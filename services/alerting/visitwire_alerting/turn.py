"""Whose turn it is to publish: one process at a time, so that nothing is told twice, and another when it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine


class Turn:
    """A lock on a file beside the SQLite database. The kernel frees it when its process ends, however it ends.

    PostgreSQL has a lock of its own (see `outbox`): there every process has its turn.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("a")
        self._ours = path is None

    def ours(self) -> bool:
        """Takes the turn if nobody has it."""
        if self._file is not None and not self._ours:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._ours = True
        return True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


@contextmanager
def turn_of(engine: Engine) -> Iterator[Turn]:
    """The turn on a database, given back at the end."""
    sqlite = engine.dialect.name == "sqlite" and engine.url.database
    turn = Turn(Path(f"{engine.url.database}.publishing") if sqlite else None)
    try:
        yield turn
    finally:
        turn.close()
