"""A gateway over an empty read model, and a client at this machine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine, event
from starlette.testclient import TestClient
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_gateway import dependencies
from visitwire_gateway.app import create_app
from visitwire_gateway.auth import users as people_module
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import SCHEMA, open_database
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record

from tests.helpers.empty_ledgers import lay_out
from tests.unit.gateway.samples import NOW


class Compiled(BytecodeCache):
    """Templates compiled once a process, though each test has an app of its own."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "Environment", partial(Environment, bytecode_cache=COMPILED))


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords that cost nothing."""
    monkeypatch.setattr(people_module, "PasswordHasher", lambda: PasswordHasher(1, 64, 1))


class Sent:
    """In the place of the topics."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Record]] = []

    def put(self, topic: str, record: Record) -> None:
        self.records.append((topic, record))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, gateway_rate=1_000_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The URL of an empty read model, on each database."""
    if request.param == "sqlite":
        return settings.gateway_database.get_secret_value()
    url: str = request.getfixturevalue("postgres_url")
    empty = create_engine(url)
    with empty.begin() as connection:
        connection.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")
    empty.dispose()
    return url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database(database)
    yield made
    made.dispose()


@dataclass
class Asked:
    """What was asked of the read model's database since."""

    connections: int = 0
    said: list[tuple[str, Any]] = field(default_factory=list)
    """Each statement with its parameters."""

    @property
    def statements(self) -> int:
        return len(self.said)


@pytest.fixture
def asking(engine: Engine) -> Callable[[], Asked]:
    """Begins to count."""
    counted: list[Asked] = []

    @event.listens_for(engine, "checkout")
    def checkout(*_: object) -> None:
        for one in counted:
            one.connections += 1

    @event.listens_for(engine, "before_cursor_execute")
    def execute(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        for one in counted:
            one.said.append((statement, parameters))

    def begin() -> Asked:
        counted[:] = [Asked()]
        return counted[0]

    return begin


def plans(engine: Engine, asked: Asked) -> list[str]:
    """How the database goes about each statement; it may not think that few rows are read as fast without an index."""
    sqlite, said, found = engine.dialect.name == "sqlite", list(asked.said), []
    with engine.connect() as connection:
        if not sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"set local enable_{way} = off")
        for statement, parameters in said:
            explained = f"explain {'query plan ' if sqlite else ''}{statement}"
            found.append("\n".join(str(row[-1]) for row in connection.exec_driver_sql(explained, parameters)))
    return found


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Alerting]:
    """Alerting's database, empty."""
    lay_out(settings.database.get_secret_value())
    made = open_alerting(settings)
    yield made
    made.engine.dispose()


@pytest.fixture
def app(settings: Settings, engine: Engine, sent: Sent, ledger: Alerting) -> FastAPI:
    return create_app(settings, engine, Around(outward=sent, clock=lambda: NOW, ledger=ledger))


@pytest.fixture
def here(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who sits at this machine."""
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5)) as client:
        yield client


@pytest.fixture
def away(app: FastAPI) -> Iterator[TestClient]:
    """Somebody elsewhere."""
    with TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5)) as client:
        yield client


@pytest.fixture
def rita(app: FastAPI) -> Iterator[TestClient]:
    """A reader who logged in from elsewhere."""
    app.state.gateway.access.people.add_user("default", "rita", "correct horse battery", Role.READER)
    with TestClient(app, base_url="http://board.example", client=("203.0.113.9", 5)) as client:
        assert client.post("/login", data={"name": "rita", "password": "correct horse battery"}).status_code == 200
        page = client.get("/").text
        client.headers["x-csrf"] = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        yield client
