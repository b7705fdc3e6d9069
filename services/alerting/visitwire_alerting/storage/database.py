"""Opens the ledger's database, and its transactions."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError
from visitwire_runtime import Unavailable
from visitwire_runtime.database import is_away, open_engine


def open_database(url: str) -> Engine:
    """An engine on the ledger. A SQLite file and its folder are made where missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise ValueError("the ledger needs a SQLite file: a database in memory is lost, and one thread's alone")
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return open_engine(url, synchronous="FULL")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction. Raises `Unavailable` where the database cannot be had now (locked, gone, deadlock)."""
    with answering(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes nothing. Raises `Unavailable` as `writing`."""
    with (
        answering(),
        engine.connect().execution_options(reading=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def answering() -> Iterator[None]:
    """Raises `Unavailable` in place of an error that says that the database cannot be had now."""
    try:
        yield
    except DBAPIError as error:
        if not is_away(error):
            raise
        words = " ".join(str(error.orig).split())
        raise Unavailable(f"The database does not answer: {words}") from error


class Overtaken(Unavailable):
    """Another worker changed meanwhile what this transaction was made from: it is to be made again."""


TRIES = 5
"""Another worker may reach a visit by a report that neither of two stories shares with the other."""


def committed[T](engine: Engine, work: Callable[[Connection], T]) -> T:
    """What the work in a transaction gives, which is done again where another worker overtook it."""
    for _ in range(TRIES - 1):
        try:
            with writing(engine) as connection:
                return work(connection)
        except Overtaken:
            continue
    with writing(engine) as connection:
        return work(connection)


def lock(connection: Connection, names: Mapping[str, bool]) -> None:
    """PostgreSQL: waits for these names, and has them until the commit: alone, or with others that want it so."""
    wanted = sorted((_number(name), alone) for name, alone in names.items())
    numbers, alone = [number for number, _ in wanted], [alone for _, alone in wanted]
    connection.execute(_TAKE, {"numbers": numbers, "alone": alone})


_TAKE = text(
    "select case when alone then pg_advisory_xact_lock(number) else pg_advisory_xact_lock_shared(number) end"
    " from unnest(cast(:numbers as bigint[]), cast(:alone as boolean[])) as wanted (number, alone)"
)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
