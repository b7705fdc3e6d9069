"""Workers as processes, and what is on the broker."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from kafka import TopicPartition  # type: ignore[import-untyped]
from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from visitwire_runtime import broker_connection, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_reader import FoundRecord, TopicReader
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import FLOW, Record

from tests.helpers.machine import busy

PATIENCE = 60.0
"""Seconds after which a test gives up waiting on an idle machine."""
LOOK = 0.05
ROOT = Path(__file__).parents[2]


def until[T](value: Callable[[], T], what: str = "it", patience: float = PATIENCE) -> T:
    """Polls until `value` is true, and returns it. Raises `TimeoutError`, later on a busy machine."""
    begun, pause = monotonic(), Event()
    while not (found := value()):
        if (waited := monotonic() - begun) > patience * busy():
            raise TimeoutError(f"waited {waited:.0f} s for {what}")
        pause.wait(LOOK)
    return found


def environment(settings: Settings) -> dict[str, str]:
    """What makes another process use these settings."""
    names = ["broker", "data_dir", "session_timeout", "metrics_port", "retry_first", "retry_most", "dead_letter_row"]
    names += ["gateway_port", "gateway_rate", "message_timeout", "topic_prefix", "group_prefix"]
    given = {f"VISITWIRE_{name.upper()}": str(getattr(settings, name)) for name in names}
    if settings.gateway_database_url is not None:
        given["VISITWIRE_GATEWAY_DATABASE_URL"] = settings.gateway_database_url.get_secret_value()
    if settings.database_url is not None:
        given["VISITWIRE_DATABASE_URL"] = settings.database_url.get_secret_value()
    return dict(os.environ) | given


class Worker:
    """A worker process with a log of its own."""

    def __init__(self, settings: Settings, arguments: list[str], log: Path) -> None:
        self._log, self._arguments = log, arguments
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env=environment(settings),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def name(self) -> str:
        """The module it runs."""
        return self._arguments[0]

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def logged(self, event: str) -> int:
        """How often it said so."""
        return self.log().count(f'"event": "{event}"')

    def ready(self) -> "Worker":
        """Returns when it works. Raises when it ended instead."""

        def works() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self._arguments} ended with {self.process.returncode}:\n{self.log()[-3000:]}")
            return bool(self.logged("ready"))

        until(works, f"{self._arguments} to be ready")
        return self

    @property
    def port(self) -> int:
        """Of its metrics and health."""
        return int(until(lambda: re.search(r'"port": (\d+)', self.log()), "the health port")[1])  # type: ignore[index]

    def memory(self) -> float:
        """Mebibytes of resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE * busy())

    def ended(self) -> int:
        """Waits until it ends by itself; the exit code."""
        return self.process.wait(PATIENCE * busy())


class Crew:
    """The workers of a test."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.workers = settings, list[Worker]()
        settings.data_dir.mkdir(parents=True, exist_ok=True)

    def start(self, *arguments: str, settings: Settings | None = None) -> Worker:
        """Runs `python -m arguments`; returns at once."""
        name = f"{arguments[0].rpartition('.')[2]}-{len(self.workers)}.log"
        worker = Worker(settings or self.settings, list(arguments), self.settings.data_dir / name)
        self.workers.append(worker)
        return worker

    def flow(self, count: int = 1) -> list[Worker]:
        """`count` workers of each stage, ready."""
        workers = [self.start(f"visitwire_{row.stage}") for row in FLOW for _ in range(count)]
        return [worker.ready() for worker in workers]

    def stop(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.send_signal(signal.SIGTERM)
        for worker in self.workers:
            try:
                worker.process.wait(20 * busy())
            except subprocess.TimeoutExpired:
                worker.kill()


def send(settings: Settings, topic: str, records: Iterable[Record]) -> None:
    """Returns when the broker has them."""
    with Sender(settings) as sender:
        for record in records:
            sender.send(topic, record)


def standing(settings: Settings, topic: str) -> list[FoundRecord]:
    """What is on a topic now, by partition and offset."""
    with TopicReader(settings, [topic]) as reader:
        return list(reader.standing())


def arrived(settings: Settings, topic: str, count: int, patience: float = PATIENCE) -> list[FoundRecord]:
    """What is on a topic when it has at least `count` records. Raises `TimeoutError`, later on a busy machine."""
    found: list[FoundRecord] = []
    patience *= busy()
    deadline = monotonic() + patience
    with TopicReader(settings, [topic]) as reader:
        for each in reader.following(beginning=True, deadline=deadline):
            found.append(each)
            if len(found) >= count:
                return found
    raise TimeoutError(f"{len(found)} of {count} records on {topic} after {patience:.0f} s")


def emptied(settings: Settings) -> None:
    """Removes the flow's topics and groups, then makes the topics anew."""
    topics = topic_admin.flow_topics()
    with _admin(settings) as client:
        there = list(topic_admin.standing(settings, topics))
        if there:
            client.delete_topics(there)
            until(lambda: not topic_admin.standing(settings, topics), "the topics to be gone")
        groups = {group["group_id"] for group in client.list_groups()} & {row.stage for row in FLOW}
        if groups:
            client.delete_groups(sorted(groups))
    topic_admin.create(settings, topics)


def forget(settings: Settings, group: str) -> None:
    """Removes a group, so that it reads everything again."""
    with _admin(settings) as client:
        client.delete_groups([group])


def remove(settings: Settings, ends: Mapping[TopicPartition, int]) -> None:
    """Removes what is on partitions before an offset each, as retention does."""
    with _admin(settings) as client:
        client.delete_records(dict(ends))


@contextmanager
def _admin(settings: Settings) -> Iterator[Any]:
    client = KafkaAdminClient(**broker_connection.for_kafka_python(settings))
    try:
        yield client
    finally:
        client.close()
