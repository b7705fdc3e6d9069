"""What a database refuses is counted under its name; what is only a part of working is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from visitwire_runtime import database
from visitwire_runtime.database import open_engine
from visitwire_runtime.database_errors import errors_of


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}", "NORMAL")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"))
    yield made
    made.dispose()


def counting(engine: Engine) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(errors_of({"ledger": engine}))
    return registry


def errors(registry: CollectorRegistry) -> float | None:
    return registry.get_sample_value("visitwire_database_errors_total", {"database": "ledger"})


def test_what_is_refused_is_counted(engine: Engine) -> None:
    registry = counting(engine)
    assert errors(registry) == 0
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert errors(registry) == 1


def test_a_database_that_does_not_answer_is_counted() -> None:
    gone = open_engine("postgresql://ada@127.0.0.1:1/visits", "FULL")
    registry = counting(gone)
    with pytest.raises(DBAPIError), gone.begin():
        pass
    assert errors(registry) == 1


def test_a_row_that_is_there_already_and_a_wait_for_the_writer_are_no_errors(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = counting(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (1)"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (1)"))
    monkeypatch.setattr(database, "BUSY", 0.0)
    with engine.begin(), pytest.raises(DBAPIError), engine.begin():
        pass
    assert errors(registry) == 0
