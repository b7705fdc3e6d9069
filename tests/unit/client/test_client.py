"""The client against a real gateway, and the examples as a reader would run them."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import Engine
from visitwire_client import ApiError, AsyncVisitwire, Visitwire
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.who import Role
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings
from visitwire_schemas import LedgerVisit

from tests.helpers.lacking import CURL, NODE, need_program
from tests.unit.gateway.samples import alert, many, rows, story

EXAMPLES = Path(__file__).parents[3] / "services/client/examples"
VISITS = many(130)
KEY: list[str] = []


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("client"), gateway_port=0, gateway_doors="closed")
    engine: Engine = open_database(settings.gateway_database.get_secret_value())
    write(engine, rows(*VISITS, *(alert(one) for one in VISITS[:3]), story()))
    app = create_app(settings, engine)
    KEY[:] = [app.state.gateway.access.people.add_key("default", "tests", Role.READER)[1]]
    with listening(app, settings) as found:
        yield found
    engine.dispose()


def test_walks_every_page(address: str) -> None:
    with Visitwire(address, KEY[0]) as wire:
        assert list(wire.visits()) == VISITS
        assert list(wire.visits(origin="IN", limit=3)) == [one for one in VISITS if one.visitor.country == "IN"]
        assert wire.visit("m7") == VISITS[7]
        assert wire.story("nordwire", "urn:nw:v1") == story()
        assert [one["text"] for one in wire.quotes(q="door")] == ["The door is open,"]
        assert {one.id for one in wire.changes()} == {"m0-1", "m1-1", "m2-1"}


def test_the_same_with_asyncio(address: str) -> None:
    async def all_of_them() -> list[LedgerVisit]:
        async with AsyncVisitwire(address, KEY[0]) as wire:
            assert await wire.visit("m7") == VISITS[7]
            return [one async for one in wire.visits(limit=60)]

    assert asyncio.run(all_of_them()) == VISITS


def test_a_refusal_says_why(address: str) -> None:
    with Visitwire(address) as wire, pytest.raises(ApiError, match="401: Log in, or send an API key"):
        wire.visit("m1")
    with Visitwire(address, KEY[0]) as wire, pytest.raises(ApiError, match="404: There is no visit nothing"):
        wire.visit("nothing")


def test_example_parquet(address: str, tmp_path: Path) -> None:
    target = tmp_path / "visits.parquet"
    run([sys.executable, str(EXAMPLES / "visits_to_parquet.py"), address, str(target), KEY[0]])
    assert duckdb.sql(f"select count(*) from '{target}'").fetchall() == [(130,)]
    columns = "visitor_country, destination, place, host, first_day, last_day, date_precision, announced_by, updated"
    [found] = duckdb.sql(f"select {columns} from '{target}' where id = 'm7'").fetchall()
    one = VISITS[7]
    host, first = one.host.name if one.host else None, one.dates.days[0] if one.dates and one.dates.days else None
    assert found[:5] == (one.visitor.country, one.destination.country, one.destination.place, host, first)
    kinds = dict(duckdb.sql(f"select column_name, column_type from (describe from '{target}')").fetchall())
    assert (kinds["first_day"], kinds["updated"], kinds["sources"]) == ("DATE", "TIMESTAMP WITH TIME ZONE", "INTEGER")


def test_example_curl(address: str) -> None:
    need_program("curl", CURL)
    assert '"id":"m' in run(["sh", str(EXAMPLES / "visits.sh"), address, "IN", KEY[0]])


def test_example_node(address: str) -> None:
    need_program("node", NODE)
    with Visitwire(address, KEY[0]) as wire:
        life = wire._http.get("/").text.partition('data-place="')[2].partition("-")[0]
    told = run(["node", str(EXAMPLES / "follow.mjs"), address, "2", KEY[0]], LAST_EVENT_ID=f"{life}-0")
    assert told.splitlines() == ["visit m0", "visit m1"]


@pytest.mark.parametrize(
    ("example", "arguments"),
    [
        (["node", "follow.mjs"], ["1", "vw_wrong"]),
        (["sh", "visits.sh"], ["IN", "vw_wrong"]),
        ([sys.executable, "visits_to_parquet.py"], ["visits.parquet", "vw_wrong"]),
    ],
)
def test_examples_say_in_a_line_what_is_wrong(
    example: list[str], arguments: list[str], address: str, tmp_path: Path
) -> None:
    program, script = example
    need_program("curl" if program == "sh" else program, CURL if program == "sh" else NODE)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for where, words in ((address, "401"), (nobody, "(?i)refused|connect")):
        command = [program, str(EXAMPLES / script), where, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode != 0
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert re.search(words, done.stderr)


def run(command: list[str], **environment: str) -> str:
    import os

    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_example_of_the_docs_shows_every_visit(address: str) -> None:
    page = (Path(__file__).parents[3] / "docs/consuming.md").read_text("utf-8")
    sample = re.findall(r"```python\n(.*?)```", page.partition("## Use the Python client")[2], re.DOTALL)[0]
    asked = sample.replace('"http://127.0.0.1:8080"', f'"{address}", key="{KEY[0]}"')
    told = run([sys.executable, "-c", asked]).splitlines()
    assert (len(told), told[0].split(" to ")[0]) == (130, VISITS[0].visitor.name)


def test_what_is_no_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="'vw_…' is not an API key"):
        Visitwire("http://127.0.0.1:9", key="vw_…")
