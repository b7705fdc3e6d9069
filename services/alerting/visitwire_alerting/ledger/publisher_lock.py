"""Whose turn it is to publish: one process at a time, so that nothing is told twice, and another when it dies."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, text
from visitwire_runtime import Unavailable
from visitwire_runtime.file_lock import FileLock

from visitwire_alerting.storage.database import answering, reading, writing

LOCK = 0x76697270
"""PostgreSQL's number for "somebody is publishing"."""
SILENT = 60
"""Seconds after which PostgreSQL takes the turn from a process that asks it nothing: one that was stopped, or whose
machine is gone. Longer than sending a batch, or looking what is on the topic, takes while all is well."""


class PublisherLock:
    """The turn on a ledger: a lock of the file beside a SQLite database, or of a connection to PostgreSQL.

    It may be lost while it is thought to be ours, so whoever has it must have the broker refuse what the one before
    still sends; see `visitwire_runtime.sole_writer`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        sqlite = engine.dialect.name == "sqlite" and engine.url.database
        self._file = FileLock(Path(f"{engine.url.database}.publishing")) if sqlite else None
        self._connection: Connection | None = None

    def ours(self) -> bool:
        """Takes the turn if nobody has it. Raises `Unavailable`."""
        if self._file is not None:
            return self._file.take()
        if self._connection is None:
            self._connection = self._locked()
        return self._connection is not None

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that writes nothing; on PostgreSQL by the connection that has the lock, so that what is read
        was read in our turn. Raises `Unavailable` where the turn was lost."""
        return self._by_the_lock() if self._file is None else reading(self._engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction, as `reading`."""
        return self._by_the_lock() if self._file is None else writing(self._engine)

    def close(self) -> None:
        """Lets another have the turn."""
        if self._file is not None:
            self._file.free()
        held, self._connection = self._connection, None
        if held is not None:
            _end(held)

    @contextmanager
    def _by_the_lock(self) -> Iterator[Connection]:
        held = self._connection
        if held is None or held.invalidated:  # SQLAlchemy would connect anew, without the lock
            raise Unavailable("the connection that had the turn to publish is gone")
        with answering(), held.begin():
            yield held

    def _locked(self) -> Connection | None:
        """A connection that has the lock; None where another has it."""
        with answering():
            made = self._engine.connect()
            try:
                with made.begin():
                    taken = made.scalar(select(func.pg_try_advisory_lock(LOCK)))
                    if taken:
                        made.execute(_WATCHED, {"silent": f"{SILENT}s"})
            except BaseException:
                _end(made)
                raise
        if taken:
            return made
        made.close()
        return None


_WATCHED = text(
    "select set_config(name, :silent, false) from pg_settings where name = 'idle_session_timeout'"  # from 14 on
)


def _end(connection: Connection) -> None:
    """Really ends it: back in the pool it would keep the lock."""
    connection.invalidate()
    connection.close()


@contextmanager
def publisher_lock(engine: Engine) -> Iterator[PublisherLock]:
    """The turn on a database, given back at the end."""
    turn = PublisherLock(engine)
    try:
        yield turn
    finally:
        turn.close()
