"""One connection for all that an answer reads: each that is taken from the pool, PostgreSQL is asked whether it still
stands, and to begin and to end a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection, Engine

_SHARED: ContextVar[Connection | None] = ContextVar("reading", default=None)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with, where each statement sees what is there at its time. Within another `reading` of this
    thread it is that one's."""
    shared = _SHARED.get()
    if shared is not None and shared.engine is engine:
        yield shared
        return
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # which begins no transaction before the first write
            connection.execution_options(isolation_level="AUTOCOMMIT")
        before = _SHARED.set(connection)
        try:
            yield connection
        finally:
            _SHARED.reset(before)
