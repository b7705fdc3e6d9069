"""The databases that the tests of alerting run on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visitwire_alerting.database import open_database, writing
from visitwire_alerting.migrate import migrate
from visitwire_alerting.tables import metadata

from tests.unit.alerting.postgres import cluster, programs


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL; skips without one, and fails where CI should have brought it."""
    bin_ = programs()
    if bin_ is None:
        message = "PostgreSQL is not installed (apt-get install postgresql): nothing was tested on it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="visitwire-pg-", dir="/tmp"))  # a socket's path may have 107 bytes
    folder.chmod(0o755)
    try:
        with cluster(bin_, folder / "pg") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger, on each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = open_database(url)
    migrate(engine)
    empty(engine)
    engine.dispose()
    return url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


def empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
