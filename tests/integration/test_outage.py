"""A broker that is away, and one that does not take us: what /readyz says, and that work goes on by itself after it."""

import asyncio
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from visitwire_gateway.serve import IntoKafka
from visitwire_runtime import topic_admin
from visitwire_runtime.broker_errors import why_not
from visitwire_runtime.settings import Settings
from visitwire_schemas import WIRE_ITEMS, Record
from visitwire_suite.kafka_broker import Broker

from tests.helpers.machine import busy
from tests.integration.conftest import own_broker
from tests.integration.harness import Crew, standing, until
from tests.integration.prometheus import told_within_a_minute
from tests.integration.test_worker import Bench, asked, counted
from tests.integration.words import Word


def test_a_worker_without_work_says_within_a_minute_that_the_broker_is_dead(broker: Broker, tmp_path: Path) -> None:
    settings = Settings(
        broker=broker.bootstrap, data_dir=tmp_path / "data", session_timeout=6, metrics_port=0, retry_most=1
    )
    crew = Crew(settings)
    bench = Bench(settings, crew, tmp_path)
    try:
        worker = bench.worker().ready()
        bench.send([Word(text="a")])
        assert bench.out(1) == ["A"]
        until(lambda: asked(worker, "readyz") == (200, "ok\n"), "it to be ready")
        broker.kill(broker.nodes[0])
        with told_within_a_minute():
            status, words = until(lambda: (said := asked(worker, "readyz"))[0] == 503 and said, "it to notice") or (
                0,
                "",
            )
        assert (status, words.startswith(f"cannot read {bench.source.name} for ")) == (503, True)
        assert f"{broker.bootstrap} cannot be reached (Connection refused)" in words
        assert asked(worker, "livez") == (200, "ok\n")
        broker.start_node(broker.nodes[0])
        broker.wait()
        until(lambda: asked(worker, "readyz") == (200, "ok\n"), "it to be ready again")
        bench.send([Word(text="b")])
        until(lambda: bench.now()[-1:] == ["B"], "work to go on")  # what was not yet committed may come twice
        until(lambda: counted(worker, "lag_messages") == 0, "no lag")
    finally:
        crew.stop()


def test_why_a_broker_cannot_be_had_is_a_sentence(settings: Settings) -> None:
    assert asyncio.run(why_not(settings)) is None
    nobody = settings.model_copy(update={"broker": "127.0.0.1:9"})
    assert asyncio.run(why_not(nobody)) == "127.0.0.1:9 cannot be reached (Connection refused)"
    unread = settings.model_copy(update={"broker_protocol": "SSL"})
    want = f"{settings.broker} ends the connection: it may not speak SSL (VISITWIRE_BROKER_PROTOCOL)"
    assert asyncio.run(why_not(unread)) == want


def test_the_gateway_says_that_the_broker_is_dead_and_lives(broker: Broker, tmp_path: Path) -> None:
    settings = Settings(
        broker=broker.bootstrap, data_dir=tmp_path / "data", session_timeout=6, metrics_port=0, gateway_port=0
    )
    topic_admin.create(settings, topic_admin.flow_topics())
    crew = Crew(settings)
    try:
        gateway = crew.start("visitwire_gateway")
        until(lambda: asked(gateway, "readyz") == (200, "ok\n"), "it to be ready")
        broker.kill(broker.nodes[0])
        until(lambda: asked(gateway, "readyz")[0] == 503, "it to notice", 120)
        assert asked(gateway, "livez") == (200, "ok\n")
        page = re.findall(r'"board": "([^"]+)"', gateway.log())[-1] + "/system"
        times = [httpx.get(page, timeout=30).raise_for_status().elapsed.total_seconds() for _ in range(5)]
        assert sorted(times)[2] < busy(), "nobody waits for a broker that is away to look at the System page"
        broker.start_node(broker.nodes[0])
        broker.wait()
        until(lambda: asked(gateway, "readyz") == (200, "ok\n"), "it to be ready again", 120)
        assert asked(gateway, "livez") == (200, "ok\n")
    finally:
        crew.stop()


def test_the_gateway_sends_a_large_letter_again(flow: Settings) -> None:
    large = Record(b"wire", os.urandom(3_000_000))
    IntoKafka(flow).put(WIRE_ITEMS.name, large)
    [found] = standing(flow, WIRE_ITEMS.name)
    assert found.record.value == large.value


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Settings]:
    """Settings for a broker that asks for a name and a password."""
    started = own_broker(tmp_path / "kafka")
    node, port = started.nodes[0], _free_port()
    started.kill(node)
    properties = node.folder / "server.properties"
    users = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_desk="right";'
    lines = properties.read_text().replace(f"PLAINTEXT://127.0.0.1:{node.port}", f"{{}}://127.0.0.1:{node.port}")
    both = f"PLAINTEXT://127.0.0.1:{node.port},GUARDED://127.0.0.1:{port}"
    lines = lines.replace(f"{{}}://127.0.0.1:{node.port}", both)
    lines = lines.replace("PLAINTEXT:PLAINTEXT", "PLAINTEXT:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
    more = ("sasl.enabled.mechanisms=PLAIN", f"listener.name.guarded.plain.sasl.jaas.config={users}")
    properties.write_text("\n".join([lines, *more, ""]))
    started.start_node(node)
    started.wait()
    try:
        yield Settings(
            broker=f"127.0.0.1:{port}",
            broker_protocol="SASL_PLAINTEXT",
            broker_mechanism="PLAIN",
            broker_username="desk",
            broker_password=SecretStr("right"),
        )
    finally:
        started.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_wrong_password_and_a_wrong_mechanism_are_told_as_such(guarded: Settings) -> None:
    assert asyncio.run(why_not(guarded)) is None
    wrong = guarded.model_copy(update={"broker_password": SecretStr("wrong")})
    want = f"{guarded.broker} refuses the password of 'desk' (VISITWIRE_BROKER_PASSWORD)"
    assert asyncio.run(why_not(wrong)) == want
    other = guarded.model_copy(update={"broker_mechanism": "SCRAM-SHA-512"})
    assert asyncio.run(why_not(other)) == f"{guarded.broker} takes no SCRAM-SHA-512 (VISITWIRE_BROKER_MECHANISM)"


def test_up_starts_a_broker_that_died_again(broker: Broker) -> None:
    assert broker.look() == {"broker-1": "ready"}
    broker.kill(broker.nodes[0])
    log = broker.nodes[0].folder / "broker.log"
    assert broker.look() == {"broker-1": f"died with -9, see {log}; starts again"}
    assert broker.look() == {"broker-1": f"died once, see {log}; starts again"}
    until(lambda: broker.look() == {"broker-1": "ready"}, "the node to be started")
    broker.wait()
