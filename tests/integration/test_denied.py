"""What a broker denies is a line that names it, on /readyz too, and is waited for."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from kafka.admin import (  # type: ignore[import-untyped]
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)
from visitwire_gateway.model.projection import TOPICS
from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings
from visitwire_schemas import REPORTS, STORIES_ENRICHED, VISITS, dead_letters

from tests.integration.conftest import own_broker
from tests.integration.harness import Crew, Worker, arrived, send, until
from tests.integration.test_acls import AUTHORIZER
from tests.integration.test_acls import rights as rights_of
from tests.integration.test_mtls import with_tls
from tests.integration.words import Word, sink, source
from tests.unit.alerting.makers import story, visit
from tests.unit.runtime.test_tls import Authority

WORDS, LOUD = source("acls"), sink("acls")
STAGE = "words-acls"
READ, WRITE = ACLOperation.READ, ACLOperation.WRITE
TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP
RIGHTS = [(READ, TOPIC, WORDS.name), (READ, GROUP, STAGE), (WRITE, TOPIC, LOUD.name)]
RIGHTS += [(WRITE, TOPIC, dead_letters(STAGE).name)]


class Rights:
    """What `User:CN=visitwire` may do."""

    def __init__(self, broker: str) -> None:
        self._client: Any = KafkaAdminClient(bootstrap_servers=broker)

    def give(self, *rights: tuple[ACLOperation, ResourceType, str]) -> None:
        self._client.create_acls([_acl(*right) for right in rights])

    def take(self, operation: ACLOperation, kind: ResourceType, name: str) -> None:
        pattern = ResourcePattern(kind, name)
        self._client.delete_acls([ACLFilter("User:CN=visitwire", "*", operation, ACLPermissionType.ALLOW, pattern)])

    def close(self) -> None:
        self._client.close()


def _acl(operation: ACLOperation, kind: ResourceType, name: str) -> ACL:
    return ACL("User:CN=visitwire", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Settings]]:
    """Settings of who may do all, and of who may do nothing yet."""
    folder = tmp_path_factory.mktemp("acls")
    authority = Authority(folder)
    broker = own_broker(folder / "kafka")
    certificate, key = authority.sign("visitwire")
    given = {"PROTOCOL": "SSL", "CA": authority.file, "CERTIFICATE": certificate, "KEY": key}
    try:
        secured = with_tls(broker, authority, AUTHORIZER)
        with pytest.MonkeyPatch.context() as told:
            open_ = Settings(broker=broker.bootstrap)
            topic_admin.create(open_, [*topic_admin.flow_topics(), WORDS, LOUD, dead_letters(STAGE)])
            for name, value in given.items():
                told.setenv(f"VISITWIRE_BROKER_{name}", str(value))  # for workers, too
            told.setenv("VISITWIRE_BROKER", secured)
            yield open_, Settings(metrics_port=0, gateway_port=0, retry_first=0.05, retry_most=0.2)
    finally:
        broker.stop()


@pytest.fixture
def rights(guarded: tuple[Settings, Settings]) -> Iterator[Rights]:
    made = Rights(guarded[0].broker)
    yield made
    made.close()


@pytest.fixture
def crew(guarded: tuple[Settings, Settings], tmp_path: Path) -> Iterator[Crew]:
    made = Crew(guarded[1].model_copy(update={"data_dir": tmp_path / "data"}))
    yield made
    made.stop()


def readiness(worker: Worker) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{worker.port}/readyz", timeout=5) as answer:
            return str(answer.read().decode())
    except HTTPError as refused:
        with refused:
            return refused.read().decode()
    except OSError:  # it has ended
        return ""


def says(worker: Worker, *words: str) -> None:
    """Waits until /readyz says all of them, in one line."""
    until(lambda: all(each in readiness(worker) for each in words), f"/readyz to say {words}")
    assert readiness(worker).count("\n") == 1


def test_a_worker_names_each_right_that_it_lacks_and_begins_when_it_is_given(
    guarded: tuple[Settings, Settings], rights: Rights, crew: Crew, tmp_path: Path
) -> None:
    open_, _ = guarded
    worker = crew.start("tests.integration.words", "shout", "acls", str(tmp_path))
    lacks = [f"{operation.name} on {kind.name.lower()} {name}" for operation, kind, name in RIGHTS]
    says(worker, *lacks, "give this service's user that right")
    rights.give(*RIGHTS[1:])
    until(lambda: lacks[1] not in readiness(worker), "the group to be had")
    says(worker, f"denies {lacks[0]}: give")
    assert worker.logged("denied") > 0
    assert worker.process.poll() is None
    rights.give(RIGHTS[0])
    worker.ready()
    send(open_, WORDS.name, [WORDS.encode(Word(text="hello"))])
    assert len(arrived(open_, LOUD.name, 1)) == 1

    rights.take(*RIGHTS[2])
    send(open_, WORDS.name, [WORDS.encode(Word(text="again"))])
    says(worker, f"cannot write to {LOUD.name}: the broker denies WRITE on topic {LOUD.name}: give")
    rights.give(RIGHTS[2])
    assert len(arrived(open_, LOUD.name, 2)) == 2
    until(lambda: readiness(worker) == "ok\n", "it to be ready again")

    rights.take(*RIGHTS[0])  # Faust ends over what it cannot acknowledge; started anew it waits, as at the beginning
    words = f"the broker denies READ on topic {WORDS.name}: give"
    until(lambda: words in readiness(worker) or (worker.process.poll() == 1 and words in worker.log()), words)


def test_alerting_names_the_transactional_id_that_it_may_not_use_and_publishes_once_it_may(
    guarded: tuple[Settings, Settings], rights: Rights, crew: Crew
) -> None:
    open_, _ = guarded
    rights.give(*[right for right in rights_of("alerting") if right[1] is not ResourceType.TRANSACTIONAL_ID])
    worker = crew.start("visitwire_alerting").ready()
    says(worker, "the broker denies WRITE on transactional id alerting: give")
    send(open_, STORIES_ENRICHED.name, [STORIES_ENRICHED.encode(story("a", visit(to="IN")))])
    rights.give((WRITE, ResourceType.TRANSACTIONAL_ID, "alerting"))
    assert len(arrived(open_, VISITS.name, 1)) == 1
    until(lambda: readiness(worker) == "ok\n", "it to be ready")


def test_a_gateway_names_the_topic_that_it_may_not_read_and_reads_the_others(rights: Rights, crew: Crew) -> None:
    rights.give(*[(READ, TOPIC, name) for name in TOPICS if name != REPORTS.name])
    worker = crew.start("visitwire_gateway")
    says(worker, f"denies READ on topic {REPORTS.name}: give")
    rights.give((READ, TOPIC, REPORTS.name))
    until(lambda: readiness(worker) == "ok\n", "the topic to be had")


def test_the_command_for_topics_names_those_that_it_may_not_see(guarded: tuple[Settings, Settings]) -> None:
    for command in ("show", "create"):
        told = subprocess.run(
            [sys.executable, "-m", "visitwire_suite", "topics", command], capture_output=True, text=True, check=False
        )
        assert told.returncode == 1
        [line] = told.stderr.splitlines()
        assert line.startswith("Kafka at ")
        assert "DESCRIBE on topic wire-items-v1" in line
        assert "give this service's user" in line
