"""The page about backup and restore is followed: every row is there again, on either database, and work goes on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.subscriptions import endpoint_health, store
from visitwire_gateway.auth.sql_tables import AUDIT, USERS
from visitwire_gateway.model.store_writer import write
from visitwire_ingestion.sql_tables import engine as open_ingestion
from visitwire_ingestion.sql_tables import metadata
from visitwire_ingestion.story_store import Keeper
from visitwire_runtime.settings import Settings
from visitwire_schemas.subscription import Subscription
from visitwire_suite.main import app
from visitwire_suite.stores import MADE_WITH_THE_TABLES, STORES

from tests.helpers.factories import make_item, make_story
from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import at, dates, story, visit
from tests.unit.gateway import samples

PAGE = Path(__file__).parents[3] / "docs/backup.md"
FOLDER = "/var/backups/visitwire/today"
COMMANDS = [line for block in re.findall(r"```\n(.*?)```", PAGE.read_text(), re.DOTALL) for line in block.splitlines()]
DESK = {"id": "desk", "name": "A desk", "filter": {"destination": ["IN"]}, "channels": [{"kind": "console"}]}


def run(command: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, command.replace(FOLDER, str(folder)).split()[1:])
    return result.exit_code, result.output


def contents(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, by the names of its store and its own."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for one in STORES:
        opened = one.opened(one.url(settings))
        with opened.connect() as connection:
            for tables in one.tables:
                for table in tables.sorted_tables:
                    found[f"{one.name}.{table.name}"] = sorted(map(tuple, connection.execute(select(table))), key=repr)
        opened.dispose()
    return found


def filled(settings: Settings) -> None:
    """A subscription, visits with their history, a wire item, stories on the board, a user."""
    desk = open_alerting(settings)
    desk.subscribe([Subscription.model_validate(DESK)])
    record(desk.engine, [story("a", visit("planned", when=dates("2025-05-01"))), story("b", visit(to="FR"))])
    desk.engine.dispose()
    keeper = Keeper(open_ingestion(settings.ingestion_database.get_secret_value()))
    keeper.receive(make_item("a story"), [make_story()])
    keeper.close()
    board = STORES[2].opened(STORES[2].url(settings))
    write(board, samples.rows(samples.visit(), samples.story(), samples.alert(samples.visit())))
    with board.begin() as connection:
        person = {"id": "u1", "tenant": "default", "name": "ada", "password": "x", "role": "admin", "made": "2026"}
        connection.execute(insert(USERS).values(person))
        done = {"at": "2026", "tenant": "default", "who": "ada", "action": "login", "what": ""}
        connection.execute(insert(AUDIT).values(done))
    board.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def another(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with empty databases, which the commands read too."""
    given = {"data_dir": str(tmp_path / "new")}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        given |= dict.fromkeys(("database_url", "ingestion_database_url", "gateway_database_url"), url)
    for name, value in given.items():
        monkeypatch.setenv(f"VISITWIRE_{name.upper()}", value)
    settings = Settings()
    _emptied(settings)
    yield settings
    _emptied(settings)
    remembering = open_ingestion(settings.ingestion_database.get_secret_value())
    metadata.drop_all(remembering)  # the ledger's tests look at every table there is
    remembering.dispose()


def _emptied(settings: Settings) -> None:
    for one in STORES:
        opened = one.opened(one.url(settings))
        if one.name == "ledger":
            empty(opened)
        else:
            with opened.begin() as connection:
                for tables in one.tables:
                    for table in reversed(tables.sorted_tables):
                        if table.name not in MADE_WITH_THE_TABLES:
                            connection.execute(table.delete())
        opened.dispose()


def test_a_backup_is_brought_into_other_databases(
    another: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, restore, up_to_date = COMMANDS
    filled(old := Settings(data_dir=tmp_path / "old", database_url=None, **_none()))
    with monkeypatch.context() as patch:
        for name in ("DATABASE_URL", "INGESTION_DATABASE_URL", "GATEWAY_DATABASE_URL"):
            patch.delenv(f"VISITWIRE_{name}", raising=False)
        patch.setenv("VISITWIRE_DATA_DIR", str(tmp_path / "old"))
        assert run(backup, tmp_path / "today")[0] == 0
        assert run(backup, tmp_path / "today") == (1, f"{tmp_path / 'today'} is not empty: name another folder\n")
    code, words = run(restore, tmp_path / "today")
    assert (code, words.startswith("ledger ")) == (0, True), words
    assert _comparable(contents(another)) == _comparable(contents(old))
    assert run(restore, tmp_path / "today")[0] == 1  # they are not empty any more
    assert run(f"{up_to_date} --from-ledger", tmp_path)[0] == 0
    _work_goes_on(another)


def _none() -> dict[str, None]:
    return {"ingestion_database_url": None, "gateway_database_url": None}


def _comparable(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[str]]:
    """Times without a zone are UTC."""
    zone = r", tzinfo=(datetime\.timezone\.utc|zoneinfo\.ZoneInfo\([^)]*\))"
    return {name: sorted(re.sub(zone, "", repr(row)) for row in rows) for name, rows in found.items()}


def _work_goes_on(settings: Settings) -> None:
    desk = open_alerting(settings)
    with reading(desk.engine) as connection:
        [kept] = store.load(connection, desk.vault)
    assert kept.subscription.name == "A desk"
    record(desk.engine, [story("c", visit("cancelled", when=dates("2025-05-01")), day=1), story("d", visit(to="KE"))])
    assert sorted(one.status.value for one in rebuild.standing(desk.engine)) == ["cancelled", "planned", "planned"]
    with writing(desk.engine) as connection:
        assert endpoint_health.disable(connection, "nobody", "gone", at(1)) is False
    desk.engine.dispose()
    board = STORES[2].opened(STORES[2].url(settings))
    write(board, samples.rows(samples.visit("v2")))
    board.dispose()


def test_what_is_no_backup_is_rejected(another: Settings, tmp_path: Path) -> None:
    assert run(COMMANDS[1], tmp_path) == (1, f"{tmp_path} holds no whole backup: manifest.json is missing\n")


def test_a_backup_has_the_marks_and_addresses_of_people_too() -> None:
    [board] = [store for store in STORES if store.name == "board"]
    kept = {table.name for metadata in board.tables for table in metadata.sorted_tables}
    assert {"users", "marks", "readers", "personal_addresses"} <= kept
