"""Whose turn it is to feed a read model that several gateways serve from: one feeds, the others hear of it from the
database, and when the one goes another takes over within a second."""

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from visitwire_runtime.file_lock import FileLock

FEEDER_LOCK = 0x56495350
"""The PostgreSQL advisory lock of the gateway that feeds; its server lets go of it when the connection ends."""


class FeederLock:
    """Of this process. PostgreSQL keeps it by a lock of a connection, SQLite by the lock of a file beside it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        name = engine.url.database
        self._file = FileLock(Path(f"{name}.feeder")) if name and name != ":memory:" else None
        self._connection: Connection | None = None

    def mine(self) -> bool:
        """Takes the turn where it is free. It may be lost meanwhile, so ask again before each batch."""
        if self._engine.dialect.name != "sqlite":
            return self._connected()
        try:
            return self._file is None or self._file.take()
        except OSError:
            return False

    def leave(self) -> None:
        """Lets another have it."""
        if self._file is not None:
            self._file.free()
        if self._connection is not None:
            self._drop(self._connection)
        self._connection = None

    def _connected(self) -> bool:
        """Whether the connection that holds the lock still stands, or a new one gets the lock."""
        held = self._connection
        try:
            if held is not None:
                held.execute(text("select 1"))
                return True
            held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if held.scalar(text("select pg_try_advisory_lock(:lock)"), {"lock": FEEDER_LOCK}):
                self._connection = held
                return True
            held.close()
        except DBAPIError:
            self._connection = None
            if held is not None:
                self._drop(held)
        return False

    def _drop(self, connection: Connection) -> None:
        """Really ends it: back in the pool it would keep the lock."""
        connection.invalidate()
        connection.close()
