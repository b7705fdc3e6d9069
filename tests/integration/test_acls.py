"""The rights in docs/kubernetes.md are enough: the seeds go through workers that have no others."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from kafka.admin import (  # type: ignore[import-untyped]
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)
from visitwire_runtime import topic_admin
from visitwire_runtime.lost_stories import kept_longer
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, FLOW, REPORTS, STORIES, STORIES_ENRICHED, VISITS, WIRE_ITEMS
from visitwire_suite.kafka_broker import Broker
from visitwire_suite.seeds import seed_items

from tests.integration.conftest import own_broker
from tests.integration.harness import ROOT, Crew, arrived, send, until
from tests.integration.test_mtls import with_tls
from tests.unit.runtime.test_tls import Authority

AUTHORIZER = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""
"""Whoever comes without TLS may do all: the test itself, and the controller."""
type Right = tuple[ACLOperation, ResourceType, str]


def rights(service: str) -> Iterator[Right]:
    """As the docs' table has them."""
    for row in FLOW:
        if service == row.stage:
            yield ACLOperation.READ, ResourceType.TOPIC, row.source.name
            yield ACLOperation.READ, ResourceType.GROUP, row.stage
            for sink in (*row.sinks, row.dead_letters):
                yield ACLOperation.WRITE, ResourceType.TOPIC, sink.name
            if kept_longer(row.source) is not None:
                yield ACLOperation.READ, ResourceType.GROUP, f"{row.stage}-lost"
                yield ACLOperation.READ, ResourceType.TOPIC, STORIES_ENRICHED.name
                yield ACLOperation.READ, ResourceType.TOPIC, STORIES.name
                yield ACLOperation.WRITE, ResourceType.TOPIC, STORIES.name
    if service == "alerting":
        yield ACLOperation.WRITE, ResourceType.TRANSACTIONAL_ID, service
    if service in ("alerting", "gateway"):
        for topic in (VISITS, ALERTS):
            yield ACLOperation.READ, ResourceType.TOPIC, topic.name
    if service == "gateway":
        for topic in (STORIES_ENRICHED, REPORTS, *(row.dead_letters for row in FLOW)):
            yield ACLOperation.READ, ResourceType.TOPIC, topic.name


SERVICES = [*(row.stage for row in FLOW), "gateway"]


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Broker, str, Authority]]:
    """A broker that gives nobody a right that it was not told, its address for TLS, and who signs certificates."""
    authority = Authority(tmp_path)
    broker = own_broker(tmp_path / "kafka")
    try:
        secured = with_tls(broker, authority, AUTHORIZER)
        topic_admin.create(Settings(broker=broker.bootstrap), topic_admin.flow_topics())
        client = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
        client.create_acls([_acl(service, right) for service in SERVICES for right in rights(service)])
        client.close()
        yield broker, secured, authority
    finally:
        broker.stop()


def _acl(service: str, right: Right) -> ACL:
    operation, kind, name = right
    return ACL(f"User:CN={service}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))


def test_the_seeds_go_through_with_the_rights_of_the_docs(
    guarded: tuple[Broker, str, Authority], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker, secured, authority = guarded
    open_ = Settings(broker=broker.bootstrap)
    crew = Crew(Settings(broker=secured, data_dir=tmp_path / "data", metrics_port=0, gateway_port=0))
    try:
        with monkeypatch.context() as told:
            told.setenv("VISITWIRE_BROKER_PROTOCOL", "SSL")
            told.setenv("VISITWIRE_BROKER_CA", str(authority.file))
            for service in SERVICES:
                certificate, key = authority.sign(service)
                told.setenv("VISITWIRE_BROKER_CERTIFICATE", str(certificate))
                told.setenv("VISITWIRE_BROKER_KEY", str(key))
                crew.start(f"visitwire_{service}").ready()
        send(open_, WIRE_ITEMS.name, map(WIRE_ITEMS.encode, seed_items(ROOT / "seeds/wires")))
        arrived(open_, STORIES_ENRICHED.name, 42)
        arrived(open_, ALERTS.name, 20)
        arrived(open_, VISITS.name, 20)
        until(lambda: _gateway_read(crew) >= 42 + 20 + 20, "the gateway to read them")
        assert [worker.name for worker in crew.workers if worker.logged("cannot_refetch")] == []
    finally:
        crew.stop()


def _gateway_read(crew: Crew) -> float:
    with urlopen(f"http://127.0.0.1:{crew.workers[-1].port}/metrics") as told:
        lines = told.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("visitwire_messages_read_total{"))


def test_the_docs_tell_these_rights() -> None:
    page = (ROOT / "docs/kubernetes.md").read_text("utf-8")
    table = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    for service in SERVICES:
        told = table[service]
        assert [name for _, _, name in rights(service) if f"`{name}`" not in told] == [], service
        with_id = [kind for _, kind, _ in rights(service) if kind is ResourceType.TRANSACTIONAL_ID]
        assert ("transactional id" in told) == bool(with_id), service
