"""API keys: until when they open, who made them, when they were used, and databases of before all that was known."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from typer.testing import CliRunner
from visitwire_gateway.auth import api_keys
from visitwire_gateway.auth.api_keys import end_of
from visitwire_gateway.auth.users import People, Refused
from visitwire_gateway.auth.who import Role
from visitwire_gateway.cli import app as commands
from visitwire_gateway.model.database import open_database
from visitwire_runtime.settings import Settings

from tests.unit.gateway.conftest import Clock
from tests.unit.gateway.samples import NOW

DAY = timedelta(days=1)


@pytest.fixture
def people(engine: Engine, clock: Clock) -> People:
    return People(engine, clock)


def only(people: People) -> dict[str, Any]:
    (row,) = people.keys("default")
    return dict(row._mapping)


def test_a_key_opens_until_its_end(people: People, clock: Clock) -> None:
    secret = people.add_key("default", "script", Role.READER, ends=NOW + DAY)[1]
    clock.now = NOW + DAY - timedelta(microseconds=1)
    assert people.by_key(secret) is not None
    clock.now = NOW + DAY
    assert people.by_key(secret) is None
    with pytest.raises(Refused, match="in the future"):
        people.add_key("default", "late", Role.READER, ends=clock.now)


def test_its_last_use_is_noted_once_an_hour(people: People, clock: Clock, engine: Engine) -> None:
    secret = people.add_key("default", "script", Role.READER, "Ada")[1]
    assert (only(people)["maker"], only(people)["used"]) == ("Ada", None)
    written: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2].split()[0].lower()))
    for minute in range(0, 120, 10):
        clock.now = NOW + timedelta(minutes=minute)
        people.by_key(secret)
    assert written.count("update") == 2
    clock.now = NOW + DAY
    People(engine, clock).by_key(secret)
    assert only(people)["used"].startswith("2026-03-28T12:00")


def test_nobody_is_kept_out_where_the_use_cannot_be_noted(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, tries = people.add_key("default", "script", Role.READER)[1], []

    def busy(*given: object) -> None:
        tries.append(given)
        raise OperationalError("update", {}, Exception("database is locked"))

    monkeypatch.setattr(api_keys, "note_use", busy)
    assert [people.by_key(secret) is not None for _ in range(3)] == [True] * 3
    assert len(tries) == 1


def test_a_database_of_an_older_release_gets_the_columns(engine: Engine, clock: Clock) -> None:
    first = People(engine, clock)
    secret = first.add_key("default", "old", Role.EDITOR)[1]
    with engine.begin() as connection:
        for column in ("maker", "ends", "used"):
            connection.exec_driver_sql(f"alter table api_keys drop column {column}")
    assert "ends" not in {column["name"] for column in inspect(engine).get_columns("api_keys")}
    for _ in range(2):
        later = People(engine, clock)
    assert later.by_key(secret) is not None
    assert [(row.name, row.maker, row.ends) for row in later.keys("default")] == [("old", None, None)]
    assert later.add_key("default", "new", Role.READER, "Ada", NOW + DAY)


def test_api_and_page_tell_maker_end_and_use(app: FastAPI, here: TestClient) -> None:
    made = here.post("/api/v1/keys", json={"name": "script", "ends": "2026-03-30T00:00:00+02:00"})
    assert made.status_code == 201
    assert here.get("/api/v1/me", headers={"authorization": f"Bearer {made.json()['key']}"}).status_code == 200
    (seen,) = here.get("/api/v1/keys").json()
    assert (seen["maker"], seen["ends"], seen["used"]) == ("newcomer", "2026-03-29T22:00:00Z", "2026-03-27T12:00:00Z")
    assert here.post("/api/v1/keys", json={"name": "late", "ends": "2026-03-01T00:00:00Z"}).status_code == 422
    form = {"name": "paper", "role": "reader"}
    assert here.post("/access/keys", data={**form, "last_day": "2026-03-26"}).status_code == 422
    assert here.post("/access/keys", data={**form, "last_day": "2026-03-27"}).status_code == 200
    assert here.post("/access/keys", data={**form, "last_day": ""}).status_code == 200
    ends = {key["ends"] for key in here.get("/api/v1/keys").json() if key["name"] == "paper"}
    assert ends == {"2026-03-27T23:59:59.999999Z", None}
    page = re.sub(r"<[^>]+>|\s+", " ", here.get("/access").text)
    for words in ("by newcomer", "until 2026-03-29", "until 2026-03-27", "never used"):
        assert words in page


def test_the_command_line_makes_a_key_that_ends(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(settings.data_dir))
    done = CliRunner().invoke(commands, ["add-key", "script", "--last-day", "2099-12-31"])
    assert done.exit_code == 0
    people = People(open_database(settings.gateway_database.get_secret_value()), lambda: end_of(NOW.date()))
    assert people.by_key(done.output.strip()) is not None
    assert (only(people)["maker"], only(people)["ends"]) == ("the command line", "2099-12-31T23:59:59.999999Z")
    assert CliRunner().invoke(commands, ["add-key", "script", "--last-day", "2000-01-01"]).exit_code == 2
