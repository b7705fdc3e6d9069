"""A broker that takes nobody without a certificate: topics, a worker and a reader show ours."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker import Broker

from tests.integration.conftest import own_broker
from tests.integration.harness import Crew, arrived, send
from tests.integration.words import Word, sink, source
from tests.unit.runtime.test_tls import Authority


def with_tls(broker: Broker, authority: Authority, more: str = "") -> str:
    """Restarts it with a second listener, for TLS with a certificate on both sides; the address of that."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    [node] = broker.nodes
    broker.stop()
    file = node.folder / "server.properties"
    text = file.read_text("utf-8")
    text = text.replace(",CONTROLLER://", f",TLS://127.0.0.1:{port},CONTROLLER://")
    text = text.replace("advertised.listeners=", f"advertised.listeners=TLS://127.0.0.1:{port},")
    text = text.replace("protocol.map=", "protocol.map=TLS:SSL,") + _stores(authority) + more
    file.write_text(text, "utf-8")
    broker.start_node(node)
    broker.wait()
    return f"127.0.0.1:{port}"


def _stores(authority: Authority) -> str:
    def one_line(pem: Path) -> str:
        return pem.read_text("utf-8").strip().replace("\n", "\\n")

    certificate, key = authority.sign("broker")
    own = {
        "client.auth": "required",
        "keystore.type": "PEM",
        "keystore.certificate.chain": one_line(certificate),
        "keystore.key": one_line(key),
        "truststore.type": "PEM",
        "truststore.certificates": one_line(authority.file),
    }
    return "".join(f"\nlistener.name.tls.ssl.{name}={value}" for name, value in own.items()) + "\n"


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a certificate that the broker knows."""
    authority = Authority(tmp_path)
    broker = own_broker(tmp_path / "kafka")
    try:
        certificate, key = authority.sign("visitwire")
        given = {"PROTOCOL": "SSL", "CA": authority.file, "CERTIFICATE": certificate, "KEY": key}
        for name, value in given.items():
            monkeypatch.setenv(f"VISITWIRE_BROKER_{name}", str(value))  # for the worker, too
        yield Settings(broker=with_tls(broker, authority), data_dir=tmp_path / "data", metrics_port=0)
    finally:
        broker.stop()


def test_a_broker_that_asks_for_a_certificate_takes_ours_and_nobody_without(secured: Settings, tmp_path: Path) -> None:
    words, loud = source("mtls"), sink("mtls")
    topic_admin.create(secured, [words, loud])
    crew = Crew(secured)
    try:
        crew.start("tests.integration.words", "shout", "mtls", str(tmp_path)).ready()
        send(secured, words.name, [words.encode(Word(text="hello"))])
        assert [loud.decode(found.record).text for found in arrived(secured, loud.name, 1)] == ["HELLO"]
    finally:
        crew.stop()
    nobody = secured.model_copy(update={"broker_certificate": None, "broker_key": None})
    with pytest.raises(KafkaError):
        topic_admin.standing(nobody, [words])
