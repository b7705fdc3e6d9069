"""One way to open a database, for every stage that remembers."""

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from visitwire_runtime.database import Synchronous, address, open_engine


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


def test_writers_take_turns_and_none_is_refused(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}", "NORMAL")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))

    def count() -> None:
        for _ in range(25):
            with engine.begin() as connection:
                number = connection.execute(text("SELECT number FROM counted")).scalar_one()
                connection.execute(text("UPDATE counted SET number = :number"), {"number": number + 1})

    writers = [Thread(target=count) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        assert connection.execute(text("SELECT number FROM counted")).scalar_one() == 100
    engine.dispose()
