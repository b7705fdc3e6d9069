"""So many streams are open at once and no more; a place that is left is had again."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from structlog.testing import capture_logs
from visitwire_gateway.app import create_app
from visitwire_runtime.settings import Settings

SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/events",
    "raw_path": b"/events",
    "root_path": "",
    "query_string": b"",
    "client": ("127.0.0.1", 5),
    "server": ("127.0.0.1", 80),
    "headers": [(b"host", b"127.0.0.1"), (b"accept", b"text/event-stream")],
}


class Reader:
    """Reads the stream until it leaves."""

    def __init__(self, app: FastAPI) -> None:
        self.began, self._leaves = asyncio.Event(), asyncio.Event()
        self.start: dict[str, Any] = {}
        self.said = b""
        self._task = asyncio.create_task(app(dict(SCOPE), self._receive, self._send))

    async def begun(self) -> int:
        """The status of its answer, once something of it came."""
        async with asyncio.timeout(10):
            await self.began.wait()
        return int(self.start["status"])

    async def leave(self) -> None:
        self._leaves.set()
        async with asyncio.timeout(10):
            await self._task

    async def _receive(self) -> dict[str, Any]:
        await self._leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message.get("body"):
            self.said += message["body"]
            self.began.set()


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    return create_app(settings.model_copy(update={"gateway_streams": 3}), engine)


def test_readers_beyond_the_cap_are_told_to_come_back_however_many_come_at_once(app: FastAPI) -> None:
    async def all_at_once() -> None:
        readers = [Reader(app) for _ in range(8)]
        statuses = [await reader.begun() for reader in readers]
        assert sorted(statuses) == [200] * 3 + [503] * 5
        assert app.state.gateway.live.readers == 3
        refused = readers[statuses.index(503)]
        assert dict(refused.start["headers"])[b"retry-after"] == b"30"
        assert b"All 3 live streams are taken" in refused.said
        await readers[statuses.index(200)].leave()
        late = Reader(app)
        assert await late.begun() == 200
        for reader in [*readers, late]:
            await reader.leave()
        assert app.state.gateway.live.readers == 0

    with capture_logs() as logs:
        asyncio.run(all_at_once())
    assert [line["event"] for line in logs].count("streams_full") == 1
