"""The gateway on a real broker: it shows what is on the topics, survives a kill, can be rebuilt, and may be several."""

import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine
from visitwire_alerting.service import open_alerting
from visitwire_client import Visitwire
from visitwire_gateway.model.database import SCHEMA, open_database
from visitwire_gateway.model.store_writer import Position, write
from visitwire_runtime.settings import Settings
from visitwire_schemas import VISITS, Alert, DeadLetter, EnrichedStory, LedgerVisit, Record

from tests.integration.harness import Crew, Worker, environment, send, standing, until
from tests.unit.gateway.samples import alert, carried, letter, many, story, visit
from tests.unit.gateway.test_rebuilding import enter


def tell(settings: Settings, messages: Iterable[LedgerVisit | Alert | EnrichedStory | DeadLetter]) -> None:
    for message in messages:
        topic, record = carried(message)
        send(settings, topic, [record])


def tell_visits(settings: Settings, visits: Iterable[LedgerVisit]) -> None:
    send(settings, VISITS.name, [VISITS.encode(one) for one in visits])


@pytest.fixture
def serving(flow: Settings) -> Settings:
    return flow.model_copy(update={"gateway_port": 0, "gateway_rate": 1_000_000})


@pytest.fixture
def crew(serving: Settings) -> Iterator[Crew]:
    workers = Crew(serving)
    yield workers
    workers.stop()


def board(worker: Worker) -> str:
    """The address at which it serves."""
    found = re.findall(r'"board": "([^"]+)"', worker.ready().log())
    return str(found[-1])


def shown(address: str) -> dict[str, LedgerVisit]:
    with Visitwire(address) as wire:
        return {one.id: one for one in wire.visits(background=True, limit=200)}


def test_it_shows_what_is_on_the_topics_after_a_kill_and_after_a_rebuild(serving: Settings, crew: Crew) -> None:
    first, later = many(400), [visit(f"n{number}") for number in range(400)]
    tell_visits(serving, first)
    tell(serving, [alert(first[0]), story(), letter()])
    gateway = crew.start("visitwire_gateway")
    address = board(gateway)
    want = {one.id: one for one in first}
    until(lambda: shown(address) == want, "400 visits")
    tell_visits(serving, later)
    gateway.kill()
    send(serving, VISITS.name, [Record(b"m0", None), Record(b"no visit", b"{}")])
    want = {one.id: one for one in [*first[1:], *later]}
    gateway = crew.start("visitwire_gateway")
    address = board(gateway)
    until(lambda: shown(address) == want, "800 visits and one taken back")
    with Visitwire(address) as wire:
        assert [one.id for one in wire.changes()] == [alert(first[0]).id]
        assert wire.story("nordwire", "urn:nw:v1") == story()
        assert [one["text"] for one in wire.quotes(q="door")] == ["The door is open,"]
    assert httpx.get(f"{address}/api/v1/dead-letters").json()["items"][0]["reason"] == "The file is empty."
    metrics = httpx.get(f"http://127.0.0.1:{gateway.port}/metrics").text
    assert 'visitwire_lag_messages{stage="gateway"} 0.0' in metrics
    assert httpx.get(f"http://127.0.0.1:{gateway.port}/readyz").status_code == 200
    assert gateway.stop() == 0
    subprocess.run([sys.executable, "-m", "visitwire_gateway", "rebuild"], env=environment(serving), check=True)
    address = board(crew.start("visitwire_gateway"))
    until(lambda: shown(address) == want, "the same visits, read again")


@contextmanager
def listening(address: str) -> Iterator["queue.Queue[str]"]:
    """The ids of visits as a stream of the gateway tells them."""
    told: queue.Queue[str] = queue.Queue()
    opened = threading.Event()

    def listen() -> None:
        try:
            with httpx.stream("GET", f"{address}/events?kind=visit&brief=true&background=true", timeout=60) as answer:
                for line in answer.iter_lines():
                    opened.set()
                    if line.startswith("data: "):
                        told.put(line.removeprefix("data: "))
        except httpx.HTTPError:
            opened.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert opened.wait(20)
    yield told


def heard(told: "queue.Queue[str]", count: int) -> set[str]:
    return {told.get(timeout=30) for _ in range(count)}


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, serving: Settings) -> Settings:
    """Settings of gateways that serve from one read model."""
    if request.param == "sqlite":
        return serving
    url: str = request.getfixturevalue("postgres_url")
    empty = create_engine(url)
    with empty.begin() as connection:
        connection.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")
    empty.dispose()
    return serving.model_copy(update={"gateway_database_url": SecretStr(url)})


def test_visits_that_fell_while_no_gateway_ran_go_at_its_start(serving: Settings, crew: Crew) -> None:
    """Also if their tombstones are gone; what the ledger lacks but the topic has stays."""
    ledger = open_alerting(serving)
    enter(ledger, visit("v1"))
    ledger.engine.dispose()
    tell_visits(serving, [visit("v1"), visit("restored"), visit("fell")])
    gateway = crew.start("visitwire_gateway")
    address = board(gateway)
    until(lambda: shown(address).keys() == {"v1", "restored", "fell"}, "three visits")
    assert gateway.stop() == 0

    send(serving, VISITS.name, [Record(b"fell", None)])
    model = open_database(serving.gateway_database.get_secret_value())
    ends = [Position(found.topic, found.partition, found.offset + 1) for found in standing(serving, VISITS.name)]
    write(model, [], ends)  # as if it had been read, like one that compaction removed
    model.dispose()
    gateway = crew.start("visitwire_gateway")
    address = board(gateway)
    until(lambda: shown(address).keys() == {"v1", "restored"}, "the third to go")
    assert gateway.logged("fallen_visits") == 1


def test_of_two_on_one_read_model_one_feeds_and_both_tell(shared: Settings, crew: Crew) -> None:
    workers = [crew.start("visitwire_gateway", settings=shared) for _ in range(2)]
    addresses = [board(worker) for worker in workers]
    feeder = until(lambda: [worker for worker in workers if worker.logged("feeding")], "one that feeds")[0]
    other = next(worker for worker in workers if worker is not feeder)
    with listening(addresses[0]) as one, listening(addresses[1]) as two:
        first = [visit(f"m{number}") for number in range(150)]  # without dates, so that none is over and told again
        tell_visits(shared, first)
        assert heard(one, 150) == heard(two, 150) == {found.id for found in first}
    assert (feeder.logged("feeding"), other.logged("feeding")) == (1, 0)
    with listening(board(other)) as told:
        feeder.kill()
        tell_visits(shared, [visit(f"late{number}") for number in range(50)])
        assert heard(told, 50) == {f"late{number}" for number in range(50)}
    assert other.logged("feeding") == 1
    assert len(shown(board(other))) == 200
