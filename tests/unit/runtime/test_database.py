"""One way to open a database, for every stage that remembers."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, text
from visitwire_runtime.database import Synchronous, address, make_tables, open_engine, upsert


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://desk@db/visitwire", "postgresql+psycopg"),
        ("postgresql+psycopg2://desk@db/visitwire", "postgresql+psycopg2"),
        ("sqlite:////data/visitwire.sqlite", "sqlite"),
    ],
)
def test_postgresql_is_spoken_by_psycopg_unless_the_url_says_otherwise(url: str, driver: str) -> None:
    assert address(url).drivername == driver


@pytest.mark.parametrize(("synchronous", "number"), [("FULL", 2), ("NORMAL", 1)])
def test_sqlite_waits_for_the_disk_where_it_is_told_to(tmp_path: Path, synchronous: Synchronous, number: int) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}", synchronous)
    with engine.begin() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == number
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()


def test_an_upsert_writes_what_is_there_and_what_is_not_and_leaves_other_columns(tmp_path: Path) -> None:
    table = Table("notes", MetaData(), *(Column(name, Integer, primary_key=name in "ab") for name in "abcd"))
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}", "NORMAL")
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        upsert(connection, table, [{"a": 1, "b": 1}], {"c": 1, "d": 1})
        upsert(connection, table, [{"a": 1, "b": 1}, {"a": 1, "b": 2}], {"c": 2})
        rows = connection.execute(table.select().order_by(table.c.b))
        assert [tuple(row) for row in rows] == [(1, 1, 2, 1), (1, 2, 2, None)]
    engine.dispose()


def at_once(threads: int, work: Callable[[Barrier], None]) -> list[Exception]:
    """What fails where so many threads do it together; whoever waits at the barrier for one that failed fails too."""
    everybody, failures = Barrier(threads), list[Exception]()

    def one() -> None:
        try:
            work(everybody)
        except Exception as failure:
            failures.append(failure)
            everybody.abort()

    started = [Thread(target=one) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return failures


def test_writers_take_turns_and_none_is_refused(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}", "NORMAL")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))

    def count(_everybody: Barrier) -> None:
        for _ in range(25):
            with engine.begin() as connection:
                number = connection.execute(text("SELECT number FROM counted")).scalar_one()
                connection.execute(text("UPDATE counted SET number = :number"), {"number": number + 1})

    assert at_once(4, count) == []
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        assert connection.execute(text("SELECT number FROM counted")).scalar_one() == 100
    engine.dispose()


def test_many_that_open_a_new_sqlite_file_together_are_all_let_in(tmp_path: Path) -> None:
    def open_each(everybody: Barrier) -> None:
        for number in range(100):  # before they tried again, one in about eight of these files refused somebody
            engine = open_engine(f"sqlite:///{tmp_path / f'{number}.sqlite'}", "NORMAL")
            everybody.wait()
            with engine.begin() as connection:
                connection.execute(text("SELECT 1"))
            engine.dispose()

    assert at_once(6, open_each) == []


@pytest.mark.parametrize("kind", ["postgresql", "one writer", "sqlite"])
def test_many_that_start_together_make_the_tables_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else f"sqlite:///{tmp_path / 'a.sqlite'}"
    tables = MetaData()
    for number in range(6):
        Table(f"started_{number}", tables, Column("id", Integer, primary_key=True))

    def start(everybody: Barrier) -> None:
        engine = create_engine(address(url)) if kind == "sqlite" else open_engine(url, "NORMAL")
        try:
            for _ in range(5):
                everybody.wait()
                with engine.begin() as connection:
                    make_tables(connection, tables)
                if everybody.wait() == 0:
                    tables.drop_all(engine)
        finally:
            engine.dispose()

    assert at_once(6, start) == []
