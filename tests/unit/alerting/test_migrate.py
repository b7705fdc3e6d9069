"""The database is brought to the newest shape, at once or apart."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from visitwire_alerting.migrate import config, migrate, migrate_apart, newest
from visitwire_alerting.storage.all_tables import metadata
from visitwire_alerting.storage.database import open_database, reading, writing


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


def test_the_steps_come_to_the_tables_and_can_be_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        command.downgrade(config(connection), "0001")
        connection.execute(text("INSERT INTO visit_updates (visit, sent) VALUES ('old', '2026-01-01'), ('new', NULL)"))
    migrate(engine)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT visit FROM visit_updates")).scalars().all() == ["new"]


def test_a_database_that_a_newer_release_brought_further_is_left_so(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'visitwire.sqlite'}")
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()
