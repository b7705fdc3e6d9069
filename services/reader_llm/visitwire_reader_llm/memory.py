"""What the model answered and what that cost: one table each, shared by all workers, kept over restarts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from visitwire_runtime.database import is_away, make_tables, open_engine

_TABLES = MetaData()
_ANSWERS = Table(
    "llm_answers",
    _TABLES,
    Column("story", String(64), primary_key=True),
    Column("model", String, primary_key=True),
    Column("prompt", String, primary_key=True),
    Column("source", String, nullable=False, index=True),
    Column("why", String),
    Column("content", Text),
    Column("at", String, nullable=False, index=True),
)
_SPENT = Table(
    "llm_spent",
    _TABLES,
    Column("day", String(10), primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("money", Float, nullable=False),
)


class Forgetful(Exception):
    """The database does not answer, so that nobody knows what was answered or spent."""


@dataclass(frozen=True)
class Key:
    """What was asked: the digest of what the model is given of a story, the model, the version of the prompt."""

    story: str
    model: str
    prompt: str


@dataclass(frozen=True)
class Kept:
    """What came of it, the first time: the answer's text, or why there is none."""

    content: str | None
    why: str | None = None


@dataclass(frozen=True)
class Spent:
    """What a day has used up."""

    tokens: int = 0
    money: float = 0.0


class Memory:
    """Answers by key, and the spending of each day. Raises `Forgetful` where the database is away."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = open_engine(url, "NORMAL")
        file = self._engine.url.database
        if self._engine.dialect.name == "sqlite" and file and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        with self._writing() as connection:
            make_tables(connection, _TABLES)

    def close(self) -> None:
        self._engine.dispose()

    def kept(self, key: Key) -> Kept | None:
        """What came of it before; None where it was never asked."""
        with self._writing() as connection:
            return self._kept(connection, key)

    def keep(self, key: Key, kept: Kept, source: str) -> Kept:
        """Keeps what came of it, and gives what is kept: what another worker kept before stands. `source`: the key of
        the story, by which it can be forgotten."""
        row = {
            **vars(key),
            "source": source,
            "why": kept.why,
            "content": kept.content,
            "at": datetime.now(UTC).isoformat(),
        }
        with self._writing() as connection:
            connection.execute(_unless_there(connection, _ANSWERS, row))
            return self._kept(connection, key) or kept

    def forget(self, key: Key) -> None:
        """Lets it be asked again."""
        with self._writing() as connection:
            connection.execute(
                delete(_ANSWERS).where(*(_ANSWERS.c[name] == value for name, value in vars(key).items()))
            )

    def forget_stories(self, sources: Sequence[str]) -> int:
        """Takes out what was answered about stories, by their keys; how much that was."""
        with self._writing() as connection:
            return sum(
                connection.execute(delete(_ANSWERS).where(_ANSWERS.c.source == source)).rowcount for source in sources
            )

    def forget_before(self, day: date) -> None:
        """Lets go of what was answered, and spent, before a day."""
        with self._writing() as connection:
            connection.execute(delete(_ANSWERS).where(_ANSWERS.c.at < day.isoformat()))
            connection.execute(delete(_SPENT).where(_SPENT.c.day < day.isoformat()))

    def spent(self, day: str) -> Spent:
        """What was spent, or put aside, on a day."""
        with self._writing() as connection:
            return self._spent(connection, day)

    def take(self, day: str, tokens: int, money: float, most_tokens: int | None, most_money: float | None) -> bool:
        """Puts so much aside, unless the day would then have used more than it may."""
        with self._writing() as connection:
            now = self._spent(connection, day)
            if most_tokens is not None and now.tokens + tokens > most_tokens:
                return False
            if most_money is not None and now.money + money > most_money:
                return False
            self._add(connection, day, tokens, money)
            return True

    def correct(self, day: str, tokens: int, money: float) -> None:
        """Adds what was used beyond what was put aside; less than nothing gives back."""
        with self._writing() as connection:
            self._spent(connection, day)
            self._add(connection, day, tokens, money)

    @staticmethod
    def _kept(connection: Connection, key: Key) -> Kept | None:
        wanted = [_ANSWERS.c[name] == value for name, value in vars(key).items()]
        row = connection.execute(select(_ANSWERS.c.content, _ANSWERS.c.why).where(*wanted)).first()
        return Kept(row.content, row.why) if row else None

    @staticmethod
    def _spent(connection: Connection, day: str) -> Spent:
        """The day's row, made where it is missing, and locked until the end of the transaction."""
        connection.execute(_unless_there(connection, _SPENT, {"day": day, "tokens": 0, "money": 0.0}))
        asked = select(_SPENT.c.tokens, _SPENT.c.money).where(_SPENT.c.day == day).with_for_update()
        row = connection.execute(asked).one()
        return Spent(row.tokens, row.money)

    @staticmethod
    def _add(connection: Connection, day: str, tokens: int, money: float) -> None:
        connection.execute(
            update(_SPENT)
            .where(_SPENT.c.day == day)
            .values(tokens=_SPENT.c.tokens + tokens, money=_SPENT.c.money + money)
        )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as wrong:
            if is_away(wrong):
                raise Forgetful(str(wrong.orig)) from None
            raise


def _unless_there(connection: Connection, table: Table, row: dict[str, Any]) -> Insert:
    """Inserts the row unless one of its key is there, whoever else does the same."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(row).on_conflict_do_nothing()
    return sqlite.insert(table).values(row).on_conflict_do_nothing()
