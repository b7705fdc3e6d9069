"""The workers of `visitwire up`: processes that are started, looked at, started again when they die, and stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

from prometheus_client.parser import text_string_to_metric_families
from visitwire_runtime.dead_letters import TOO_MANY
from visitwire_runtime.settings import Settings

from visitwire_suite.kafka_worker import GATEWAY, module

PATIENCE = 25.0
"""Seconds a worker may take to stop; then it is killed."""
SETTLED = 60.0
"""Seconds after which a worker counts as healthy, so that its next death is its first."""
LONGEST_WAIT = 30.0
"""Seconds between a death and the next start, at most."""


@dataclass
class Member:
    """One worker's place: the process that holds it now, and what became of those before."""

    stage: str
    number: int
    port: int
    log: Path
    serves: int | None = None
    """The port of the board, where it is a gateway."""
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    again_at: float = 0.0
    deaths: int = 0
    given_up: bool = False
    trouble: str = "starting"
    counts: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.stage}-{self.number}"

    @property
    def state(self) -> str:
        """ready, or what is the matter."""
        if self.given_up:
            return f"stopped: too many dead letters, see {self.log}"
        if self.process is None:
            times = "once" if self.deaths == 1 else f"{self.deaths} times"
            return f"died {times}, see {self.log}; starts again"
        return self.trouble or "ready"

    def memory(self) -> float | None:
        """Megabytes of resident memory, where the system says."""
        try:
            pages = int(Path(f"/proc/{self.process.pid if self.process else 0}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Crew:
    """All the workers. `scale` says how many of a stage, one unless said."""

    def __init__(self, settings: Settings, stages: Sequence[str], scale: Mapping[str, int], broker: str) -> None:
        self._folder = settings.data_dir.absolute()
        self._environment = {
            **os.environ,
            "VISITWIRE_BROKER": broker,
            "VISITWIRE_DATA_DIR": str(self._folder),
            "VISITWIRE_METRICS_HOST": "127.0.0.1",
        }
        (self._folder / "logs").mkdir(parents=True, exist_ok=True)
        names = [(stage, number) for stage in stages for number in range(1, scale.get(stage, 1) + 1)]
        ports = _ports(settings.metrics_port, len(names))
        boards = iter(_ports(settings.gateway_port, scale.get(GATEWAY, 1)))
        self.members = [
            Member(
                stage,
                number,
                port,
                self._folder / "logs" / f"{stage}-{number}.log",
                next(boards) if stage == GATEWAY else None,
            )
            for (stage, number), port in zip(names, ports, strict=True)
        ]

    def start(self) -> None:
        """Ends what an earlier crew left behind, then starts everybody."""
        _swept(self._folder / "crew.json")
        for member in self.members:
            self._start(member)
        self._noted()

    def look(self) -> None:
        """Asks each how it is, and starts again those who died."""
        for member in self.members:
            if member.process is not None and member.process.poll() is not None:
                self._died(member, member.process.returncode)
            elif member.process is None and not member.given_up and monotonic() >= member.again_at:
                self._start(member)
                self._noted()
            elif member.process is not None:
                _asked(member)

    def stop(self) -> None:
        """SIGTERM to all, and SIGKILL to who does not listen."""
        running = [member.process for member in self.members if member.process is not None]
        _ended(running)
        (self._folder / "crew.json").unlink(missing_ok=True)

    @property
    def boards(self) -> list[str]:
        """The addresses of the gateways."""
        return [f"http://127.0.0.1:{member.serves}" for member in self.members if member.serves is not None]

    @property
    def ready(self) -> bool:
        return all(member.state == "ready" for member in self.members)

    def _start(self, member: Member) -> None:
        own = {"VISITWIRE_METRICS_PORT": str(member.port)}
        if member.serves is not None:
            own["VISITWIRE_GATEWAY_PORT"] = str(member.serves)
        with member.log.open("ab") as out:
            member.process = subprocess.Popen(
                [sys.executable, "-m", module(member.stage)],
                env=self._environment | own,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: we stop them, and the broker after them
            )
        member.begun, member.trouble, member.counts = monotonic(), "starting", {}

    def _died(self, member: Member, code: int) -> None:
        member.process = None
        member.deaths = 1 if monotonic() - member.begun > SETTLED else member.deaths + 1
        member.given_up = code == TOO_MANY and member.stage != GATEWAY  # whose server ends with 3 when it cannot start
        member.again_at = monotonic() + min(2.0 ** (member.deaths - 1), LONGEST_WAIT)

    def _noted(self) -> None:
        """Writes down who runs, for a crew that comes after us if we are killed."""
        running = {member.process.pid: module(member.stage) for member in self.members if member.process}
        (self._folder / "crew.json").write_text(json.dumps(running))


def _asked(member: Member) -> None:
    try:
        status, words = _get(member.port, "/readyz")
        member.trouble = "" if status == 200 else words.strip()
        families = text_string_to_metric_families(_get(member.port, "/metrics")[1])
        member.counts = {sample.name: sample.value for family in families for sample in family.samples}
    except (OSError, HTTPException):
        member.trouble = "starting" if monotonic() - member.begun < PATIENCE else "does not answer"


def _get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def _ended(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _swept(path: Path) -> None:
    """Ends the workers of a crew that was killed, so that no stage runs twice as often as asked."""
    if not path.exists():
        return
    left = [int(pid) for pid, name in json.loads(path.read_text()).items() if _is(int(pid), name)]
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    deadline = monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in left) and monotonic() < deadline:
        sleep(0.1)


def _is(pid: int, name: str) -> bool:
    """Whether the process is the worker noted down, and not another that got its number."""
    try:
        return name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _ports(first: int, count: int) -> list[int]:
    """Free ports from `first` on; any free ones when it is 0."""
    found: list[int] = []
    held: list[socket.socket] = []
    candidate = first
    while len(found) < count:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", candidate))
            found.append(one.getsockname()[1])
            held.append(one)
        except OSError:
            one.close()
        candidate += bool(first)
    for one in held:
        one.close()
    return found
