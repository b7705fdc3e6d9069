"""The database is brought to the newest shape, at once or apart."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from visitwire_alerting.database import open_database, reading
from visitwire_alerting.migrate import migrate, migrate_apart, newest
from visitwire_alerting.tables import metadata


def test_a_process_of_its_own_makes_it_and_a_worker_finds_it_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    migrate_apart()
    engine = open_database(f"sqlite:///{tmp_path / 'visitwire.sqlite'}")
    migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == newest()
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
    engine.dispose()
