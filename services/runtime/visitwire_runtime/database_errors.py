"""Counts what databases refused or did not answer, for Prometheus. Needs the extra "database"."""

from collections.abc import Callable, Mapping

from prometheus_client import Counter
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError


def errors_of(engines: Mapping[str, Engine]) -> Counter:
    """A collector, on no registry yet, of the errors of engines from now on, by what their databases are called.

    A row that is there already is no error, and neither is a try of SQLite for its one writer's place, which is made
    again for half a minute.
    """
    made = Counter("visitwire_database_errors", "What databases refused or did not answer", ["database"], registry=None)
    for name, engine in engines.items():
        event.listen(engine, "handle_error", _counting(made.labels(name)))
    return made


def _counting(count: Counter) -> Callable[[ExceptionContext], None]:
    def failed(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError) and not _next_try(context):
            count.inc()

    return failed


def _next_try(context: ExceptionContext) -> bool:
    return context.statement == "BEGIN IMMEDIATE" and "locked" in str(context.original_exception)
