"""The gateway beside a running alerting stage, each with its own connection to one ledger, as two processes have."""

import asyncio
import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient
from visitwire_alerting.service import open_alerting
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import open_database
from visitwire_runtime.settings import Settings

from tests.unit.alerting.conftest import empty_ledger
from tests.unit.alerting.makers import story, visit
from tests.unit.alerting.office import open_office, settings_for, until


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Those of an empty ledger, on each database."""
    return settings_for(empty_ledger(request, tmp_path), tmp_path)


def test_what_is_saved_here_is_delivered_there_and_again_on_demand(settings: Settings) -> None:
    engine, ledger = open_database(settings.gateway_database.get_secret_value()), open_alerting(settings)
    app = create_app(settings, engine, Around(ledger=ledger))

    async def scenario(here: TestClient) -> None:
        async with open_office(settings) as office:
            asks = {"id": "north", "name": "North", "channels": [{"kind": "console"}], "wait": 0}
            made = await asyncio.to_thread(here.post, "/api/v1/subscriptions", json=asks)
            assert made.status_code == 201
            await asyncio.to_thread(office.enter, [story("s1", visit("planned"))])
            await until(lambda: len(office.said) == 1)
            await until(lambda: _states(here) == ["delivered"])
            assert "No process is delivering" not in here.get("/subscriptions").text
            hushed = {"seconds": 3600}
            await asyncio.to_thread(here.post, "/api/v1/subscriptions/north/silences", json=hushed)
            await asyncio.to_thread(office.enter, [story("s2", visit("planned", who="Siri Dahl", of="NO"))])
            await until(lambda: _states(here) == ["silenced", "delivered"])
            assert len(office.said) == 1
            newest = here.get("/api/v1/deliveries").json()["items"][0]
            again = await asyncio.to_thread(here.post, f"/api/v1/deliveries/{newest['number']}/replay")
            assert again.json() == {"count": 1}
            await until(lambda: _states(here) == ["delivered", "silenced", "delivered"])
            assert len(office.said) == 2
            as_files(here)
            await asyncio.to_thread(here.delete, "/api/v1/subscriptions/north")
            await asyncio.to_thread(office.enter, [story("s3", visit("planned", who="Ken Aoyama", of="JP"))])
            tried = await asyncio.to_thread(here.post, "/api/v1/backtest", json={"filter": {"visitor": ["Aoyama"]}})
            assert tried.json()["sent"] == 1
            assert len(_states(here)) == 3

    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5)) as here:
        asyncio.run(scenario(here))
    ledger.engine.dispose()
    engine.dispose()


def as_files(here: TestClient) -> None:
    """The page leads to a file of what its filter leaves."""
    page = here.get("/deliveries?state=delivered&since=2020-01-01").text
    [path] = re.findall(r'href="([^"]*format=csv)"', page)
    text = here.get(path.replace("&amp;", "&")).text
    told = list(csv.DictReader(io.StringIO(text)))
    assert [(one["subscription"], one["state"], one["sent_again"], one["changes"]) for one in told] == [
        ("north", "delivered", "true", "announced"),
        ("north", "delivered", "false", "announced"),
    ]
    assert [one["visits"] for one in told] == [
        one["alerts"][0]["data"]["visit"]["id"]
        for one in (here.get(f"/api/v1/deliveries/{number['number']}").json() for number in told)
    ]
    asked = {"accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    book = openpyxl.load_workbook(io.BytesIO(here.get("/api/v1/deliveries", headers=asked).content))
    assert book.active is not None
    assert [row[3] for row in book.active.iter_rows(values_only=True)] == ["state", *_states(here)]


def _states(here: TestClient) -> list[str]:
    return [one["state"] for one in here.get("/api/v1/deliveries").json()["items"]]
