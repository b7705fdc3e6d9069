"""A broker that others use too: with prefixes nothing but our own topics and groups is read, written or made."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from kafka import KafkaProducer  # type: ignore[import-untyped]
from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from visitwire_client import enriched
from visitwire_gateway.model.lag import broker_lag
from visitwire_runtime import Unavailable, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, FLOW, STORIES_ENRICHED, VISITS, WIRE_ITEMS, DeadLetter, Record
from visitwire_suite.kafka_broker import Broker
from visitwire_suite.seeds import seed_items

from tests.integration.conftest import own_broker
from tests.integration.harness import ROOT, Crew, arrived, send, until
from tests.integration.test_rejects import visitwire

TOPICS, GROUPS = "news.desk.", "news-desk-"
POISON = Record(b"wire", b'<?xml version="1.0"?>\n<nitf><head>', (("name", b"a.xml"),))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """One that makes every topic that somebody only asks for, so that none is asked for unseen."""
    broker = own_broker(tmp_path / "kafka")
    try:
        [node] = broker.nodes
        broker.stop()
        file = node.folder / "server.properties"
        file.write_text(file.read_text("utf-8").replace("auto.create.topics.enable=false", ""), "utf-8")
        broker.start_node(node)
        broker.wait()
        yield broker
    finally:
        broker.stop()


@pytest.fixture
def shared(broker: Broker, tmp_path: Path) -> Settings:
    return Settings(
        broker=broker.bootstrap,
        data_dir=tmp_path / "data",
        metrics_port=0,
        gateway_port=0,
        topic_prefix=TOPICS,
        group_prefix=GROUPS,
    )


@pytest.fixture
def crew(shared: Settings) -> Iterator[Crew]:
    workers = Crew(shared)
    yield workers
    workers.stop()


def on(broker: Broker) -> tuple[set[str], set[str]]:
    """The topics and the groups that are there, without Kafka's own."""
    client = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    try:
        topics = {one for one in client.list_topics() if not one.startswith("__")}
        return topics, {one["group_id"] for one in client.list_groups()}
    finally:
        client.close()


def lags(told: Callable[[], dict[str, int]]) -> set[int]:
    """How far stages lag; none where a busy broker did not answer as soon as a page would want it."""
    try:
        return set(told().values())
    except Unavailable:
        return set()


def test_with_prefixes_all_stages_work_and_nothing_else_is_touched(
    broker: Broker, shared: Settings, crew: Crew
) -> None:
    crew.flow()
    gateway = crew.start("visitwire_gateway").ready()
    send(shared, WIRE_ITEMS.name, map(WIRE_ITEMS.encode, seed_items(ROOT / "seeds/wires")))
    send(shared, WIRE_ITEMS.name, [POISON])
    arrived(shared, STORIES_ENRICHED.name, 42)
    arrived(shared, VISITS.name, 20)
    arrived(shared, ALERTS.name, 20)
    until(lambda: read_by(gateway.port) >= 42 + 20 + 20 + 1, "the gateway to read them")
    read = list(enriched(shared.broker, prefix=TOPICS, idle=5))
    assert len(read) == 42
    lag = broker_lag(shared)
    until(lambda: lags(lag) == {0}, "the lag to be told, of the right groups")
    commands(shared)

    topics, groups = on(broker)
    assert topics == {TOPICS + topic.name for topic in topic_admin.flow_topics()}
    assert groups == {GROUPS + row.stage for row in FLOW}

    bare = KafkaProducer(bootstrap_servers=broker.bootstrap)
    bare.partitions_for(WIRE_ITEMS.name)  # this broker would have made what was only asked for
    bare.close()
    assert WIRE_ITEMS.name in on(broker)[0]


def commands(settings: Settings) -> None:
    """What somebody on call does: they take the names of the contract, and what they send again arrives."""
    shown = [json.loads(line) for line in visitwire(settings, "topics", "show", "--json").stdout.splitlines()]
    assert [row["topic"] for row in shown if row["broker"]["name"] != row["topic"]] == []
    assert TOPICS + WIRE_ITEMS.name in [row["topic"] for row in shown]
    arrived(settings, FLOW[0].dead_letters.name, 1)
    listed = visitwire(settings, "dlq", "list", "--json").stdout.splitlines()
    assert [DeadLetter.model_validate_json(line).topic for line in listed] == [WIRE_ITEMS.name]
    assert visitwire(settings, "dlq", "replay", "--all").stdout == "1 sent again\n"
    arrived(settings, FLOW[0].dead_letters.name, 3)  # the letter, its tombstone, and the letter of the second try
    tail = visitwire(settings, "tail", "alerts", "--from-beginning", "--limit", "20", "--json")
    assert (tail.returncode, len(tail.stdout.splitlines())) == (0, 20)
    again = visitwire(settings, "reprocess", "--from", "2000-01-01", "--dry", "--json", "--stage", "visits")
    assert again.returncode == 0, again.stderr


def read_by(port: int) -> float:
    with urlopen(f"http://127.0.0.1:{port}/metrics") as told:
        lines = told.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("visitwire_messages_read_total{"))
