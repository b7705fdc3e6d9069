"""A real Apache Kafka on this machine without Docker: one node, or three."""

import os
import secrets
import signal
import socket
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep

from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_suite.kafka_broker.java import KAFKA, NoKafka, jars, java
from visitwire_suite.kafka_broker.node import Fall, Node

__all__ = ["Broker", "NoKafka", "Node", "find"]

FLAGS = (
    *("-Xms64m", "-Xmx320m", "-Xss512k", "-XX:MaxDirectMemorySize=64m"),
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    *("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"),
)
"""A small heap and a compiler that starts fast: up in three seconds with 150 MB."""
PATIENCE = 60.0
"""Seconds a node may take to come up or to stop."""
LOOK = 0.1
"""Seconds between looks."""


class Broker:
    """The nodes under `home`. What they hold stays there when they stop."""

    def __init__(self, home: Path, libs: Path, java: Path, *, nodes: int = 1, port: int = 0) -> None:
        """`port` is the first node's, the others' follow it, the controllers' lie 100 above; 0 takes free ones."""
        self.home, self._libs, self._java = home.absolute(), libs.absolute(), java
        taken = [0] * (2 * nodes) if port == 0 else [*range(port, port + nodes), *range(port + 100, port + 100 + nodes)]
        ports = _free(taken)
        self.nodes = [
            Node(number, ports[number - 1], ports[nodes + number - 1], self.home / f"node-{number}")
            for number in range(1, nodes + 1)
        ]
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._falls: dict[int, Fall] = {}

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self) -> None:
        """Formats what is new, starts every node and returns when they serve. Raises `NoKafka`."""
        for node in self.nodes:
            self._configure(node)
            self.start_node(node)
        self.wait()

    def start_node(self, node: Node) -> None:
        """Starts one node and does not wait for it."""
        if not (node.folder / "data" / "meta.properties").exists():
            self._format(node)
        with (node.folder / "broker.log").open("ab") as out:
            child = subprocess.Popen(
                [*self._command(), "kafka.Kafka", str(node.folder / "server.properties")],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for whoever started us: workers must stop before their broker
            )
        (node.folder / "pid").write_text(str(child.pid))
        self._children[node.number] = child

    def wait(self) -> None:
        """Returns when this cluster answers, not just anybody on its port. Raises `NoKafka`."""
        deadline = monotonic() + PATIENCE
        while not self._answers():
            for node in self.nodes:
                child = self._children.get(node.number)
                if child is not None and child.poll() is not None:
                    raise NoKafka(f"Kafka's node {node.number} ended at once:\n{node.log()}")
            if monotonic() > deadline:
                raise NoKafka(f"Kafka did not come up in {PATIENCE:.0f} s:\n{self.nodes[0].log()}")
            sleep(LOOK)

    def look(self) -> dict[str, str]:
        """How each node is, by its name; one that died is started again, later each time."""
        told: dict[str, str] = {}
        for node in self.nodes:
            name, child = f"broker-{node.number}", self._children.get(node.number)
            if child is None or child.poll() is None:
                told[name] = "ready"
                continue
            fall = self._falls.setdefault(node.number, Fall())
            if fall.noticed(child.pid):
                told[name] = f"died with {child.returncode}, see {node.folder / 'broker.log'}; starts again"
            if monotonic() >= fall.again_at:
                self.start_node(node)
            told.setdefault(name, f"died {fall.often}, see {node.folder / 'broker.log'}; starts again")
        return told

    def stop(self) -> None:
        """Stops every node in its own time; kills one that takes more than a minute."""
        for node in self.nodes:
            self._signal(node, signal.SIGTERM)
        deadline = monotonic() + PATIENCE
        for node in self.nodes:
            while self._runs(node):
                if monotonic() > deadline:
                    self._signal(node, signal.SIGKILL)
                sleep(LOOK)
            (node.folder / "pid").unlink(missing_ok=True)

    def kill(self, node: Node) -> None:
        """SIGKILL, as a machine that loses power."""
        self._signal(node, signal.SIGKILL)
        while self._runs(node):
            sleep(LOOK)

    def _signal(self, node: Node, number: signal.Signals) -> None:
        pid = node.pid
        if pid is not None:
            os.kill(pid, number)

    def _runs(self, node: Node) -> bool:
        child = self._children.get(node.number)
        return child.poll() is None if child is not None else node.pid is not None

    def _command(self) -> list[str]:
        return [str(self._java), *FLAGS, "-cp", f"{self._libs}/*"]

    def _cluster(self) -> str:
        """The id of the cluster, made once."""
        path = self.home / "cluster.id"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            path.write_text(urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "A"))
        return path.read_text()

    def _configure(self, node: Node) -> None:
        three = len(self.nodes) >= 3
        text = (files(__package__) / "server.properties").read_text()
        node.folder.mkdir(parents=True, exist_ok=True)
        fields = {
            "node": node.number,
            "port": node.port,
            "controller_port": node.controller_port,
            "voters": ",".join(f"{each.number}@127.0.0.1:{each.controller_port}" for each in self.nodes),
            "data": node.folder / "data",
            "copies": 3 if three else 1,
            "in_sync": 2 if three else 1,
        }
        for name, value in fields.items():
            text = text.replace(f"{{{name}}}", str(value))
        (node.folder / "server.properties").write_text(text)

    def _format(self, node: Node) -> None:
        properties = str(node.folder / "server.properties")
        command = [*self._command(), "kafka.tools.StorageTool", "format", "-t", self._cluster(), "-c", properties]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoKafka(f"Kafka's storage could not be made: {(done.stdout + done.stderr).strip()[:500]}")

    def _answers(self) -> bool:
        if not all(_listens(node.port) for node in self.nodes):
            return False
        for node in self.nodes:
            try:
                with _admin(f"127.0.0.1:{node.port}") as admin:
                    if admin.describe_cluster()["cluster_id"] != self._cluster():
                        raise NoKafka(f"port {node.port} is another Kafka's")
            except KafkaError:
                return False
        return True


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _admin(server: str) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=server, client_id="visitwire-broker", request_timeout_ms=5_000)
    try:
        yield admin
    finally:
        admin.close()


def _free(ports: list[int]) -> list[int]:
    """The ports themselves where nobody has them, and free ones in place of zeros. Raises `NoKafka`."""
    with ExitStack() as held:
        found = []
        for port in ports:
            held_one = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            held_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                held_one.bind(("127.0.0.1", port))
            except OSError:
                raise NoKafka(f"port {port} is taken: choose another with --port") from None
            found.append(held_one.getsockname()[1])
        return found


def find(home: Path, cache: Path, *, nodes: int = 1, port: int = 0) -> Broker:
    """A broker under `home`, with Java and jars found or fetched into `cache`. Raises `NoKafka`."""
    cache.mkdir(parents=True, exist_ok=True)
    return Broker(home, jars(cache / f"kafka-{KAFKA}"), java(cache), nodes=nodes, port=port)
