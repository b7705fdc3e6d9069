"""The databases that the tests of alerting run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visitwire_alerting.ledger import snapshot_writer
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.all_tables import metadata
from visitwire_alerting.storage.database import open_database, writing

from tests.helpers.empty_ledgers import lay_out


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger, on each database."""
    return empty_ledger(request, tmp_path)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture(params=[(64, 32), (3, 1)], ids=["folded-whole", "put-away-early"])
def few_reports_are_folded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many reports as ever, and so few that nearly every story meets a snapshot."""
    most, kept = request.param
    monkeypatch.setattr(snapshot_writer, "MOST", most)
    monkeypatch.setattr(snapshot_writer, "KEPT", kept)


def empty_ledger(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of an empty ledger on the database that the fixture's parameter names."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'ledger.sqlite'}"
        lay_out(url)
        return url
    url = str(request.getfixturevalue("postgres_url"))
    engine = open_database(url)
    migrate(engine)
    empty(engine)
    engine.dispose()
    return url


def empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
