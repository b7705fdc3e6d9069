"""An open stream is judged again and again: it ends when its reader may no longer come in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from visitwire_gateway import live
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.access import COOKIE
from visitwire_gateway.auth.oidc_identities import Identities
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Identity, Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.events import Event
from visitwire_runtime.settings import Settings

from tests.unit.gateway.samples import NOW

ISSUER = "https://id.example"
ENDED = 10.0
"""Seconds until a stream that goes on is a failure."""


@dataclass
class Board:
    app: FastAPI
    engine: Engine
    now: datetime = NOW

    @property
    def people(self) -> People:
        people: People = self.app.state.gateway.access.people
        return people

    async def read(self, headers: dict[str, str], heard: Callable[[str], None]) -> None:
        """Reads the stream until it ends."""

        async def receive() -> dict[str, Any]:
            return await asyncio.Future()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                assert message["status"] == 200
            elif message["body"]:
                heard(message["body"].decode())
                await asyncio.sleep(0)

        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1"}
        scope |= {"method": "GET", "scheme": "http", "path": "/events", "raw_path": b"/events", "root_path": ""}
        scope |= {"query_string": b"kind=visit&brief=true&background=true", "client": ("203.0.113.7", 5)}
        scope |= {"server": ("board.example", 80), "headers": [(b"host", b"board.example"), *raw]}
        async with asyncio.timeout(ENDED):
            await self.app(scope, receive, send)

    def read_until_ended(self, headers: dict[str, str], end: Callable[[], object]) -> list[str]:
        """What a reader hears when `end` is called after the second comment."""
        said: list[str] = []

        def heard(text: str) -> None:
            said.append(text)
            if sum(one.startswith(":") for one in said) == 2:
                end()

        asyncio.run(self.read(headers, heard))
        return said


@pytest.fixture
def board(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)
    made: list[Board] = []
    made.append(Board(create_app(settings, engine, Around(clock=lambda: made[0].now)), engine))
    return made[0]


def _key(board: Board) -> tuple[dict[str, str], Callable[[], object]]:
    key, secret = board.people.add_key("default", "script", Role.READER)
    return {"authorization": f"Bearer {secret}"}, lambda: board.people.revoke_key("default", key)


def _session(board: Board) -> tuple[str, str]:
    user = board.people.add_user("default", "Ada", "correct horse", Role.READER)
    found = board.people.log_in("Ada", "correct horse")
    assert found is not None
    return user, found[0]


def _removed(board: Board) -> tuple[dict[str, str], Callable[[], object]]:
    user, token = _session(board)
    return {"cookie": f"{COOKIE}={token}"}, lambda: board.people.remove_user("default", user)


def _logged_out(board: Board) -> tuple[dict[str, str], Callable[[], object]]:
    _, token = _session(board)
    return {"cookie": f"{COOKIE}={token}"}, lambda: board.people.log_out(token)


def _twelve_hours_later(board: Board) -> tuple[dict[str, str], Callable[[], object]]:
    _, token = _session(board)
    return {"cookie": f"{COOKIE}={token}"}, lambda: setattr(board, "now", NOW + timedelta(hours=13))


def _expelled(board: Board) -> tuple[dict[str, str], Callable[[], object]]:
    identities = Identities(board.engine, ISSUER, lambda: board.now)
    token, _ = identities.enter(Identity("u-1", "ada", "default", Role.READER))
    return {"cookie": f"{COOKIE}={token}"}, lambda: identities.expel("u-1")


@pytest.mark.parametrize("reader", [_key, _removed, _logged_out, _twelve_hours_later, _expelled])
def test_a_stream_ends_with_its_readers_right_to_it(
    board: Board, reader: Callable[[Board], tuple[dict[str, str], Callable[[], object]]]
) -> None:
    headers, end = reader(board)
    said = board.read_until_ended(headers, end)
    assert [one.startswith(":") for one in said[1:]] == [True, True]


def test_who_hears_of_something_all_the_time_is_judged_too(board: Board) -> None:
    """A stream that is never silent has no pause to be judged in."""
    headers, end = _key(board)
    stream, heard = board.app.state.gateway.live, {"comments": 0, "events": 0}

    def more(text: str) -> None:
        heard["comments" if text.startswith(":") else "events"] += 1
        if heard["comments"] == 2:
            end()
        stream._hear([Event(stream.last + 1, "visit", "v1", "{}")])

    asyncio.run(board.read(headers, more))
    assert heard["comments"] == 2
    assert heard["events"] > 10


def test_a_stream_that_nobody_can_be_asked_about_ends(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    headers, _ = _key(board)

    def away(secret: str) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    said = board.read_until_ended(headers, lambda: monkeypatch.setattr(board.people, "by_key", away))
    assert len(said) == 3
