"""The `visitwire` command as somebody starts it: a process of its own in a folder of its own, at a terminal or not."""

import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from tests.helpers.machine import busy

PATIENCE = 90.0
"""Seconds after which a test gives up waiting: a cold start of the language model on a busy machine fits in."""
LOOK = 0.05
WIDTH = 200
QUIET = {"VISITWIRE_GATEWAY_PORT": "0", "VISITWIRE_METRICS_PORT": "0", "COLUMNS": str(WIDTH)}
"""Free ports, and lines that are not broken in the middle of an address."""
STORY = Path(__file__).parents[2] / "seeds/wires/nordwire/2026-03-02T0910-andrade-accepts-invitation.json"
ANDRADE = ("Lucas Andrade", "IN", "accepted")
"""The gist of the one visit that it reports."""
ADDRESS = r"http://127\.0\.0\.1:\d+"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@dataclass(frozen=True)
class Process:
    """One process, told from a later one with the same number by when it began."""

    pid: int
    began: str
    command: str

    @property
    def alive(self) -> bool:
        return _process(self.pid) == self


class Command:
    """`visitwire ARGUMENTS`, started; what it says is read as it comes."""

    def __init__(self, arguments: list[str], folder: Path, environment: Mapping[str, str], terminal: bool) -> None:
        self._heard: list[str] = []
        self.known: list[Process] = []
        """Its family when it was told to stop: whom it leaves behind is nobody's child."""
        read, write = pty.openpty() if terminal else os.pipe()
        with heeding_ctrl_c():
            self.process = subprocess.Popen(
                [sys.executable, "-m", "visitwire_suite", *arguments],
                cwd=folder,
                env=environment,
                stdin=write if terminal else subprocess.DEVNULL,
                stdout=write,
                stderr=write,
                start_new_session=True,
            )
        os.close(write)
        self._reader = threading.Thread(target=self._hear, args=(read,), daemon=True)
        self._reader.start()

    def _hear(self, read: int) -> None:
        with suppress(OSError), open(read, "rb", buffering=0) as source:  # a terminal whose other end is gone: EIO
            while chunk := source.read(65536):
                self._heard.append(chunk.decode(errors="replace"))

    @property
    def said(self) -> str:
        """Everything until now, without colours."""
        return CONTROL.sub("", "".join(self._heard))

    def says(self, pattern: str) -> str:
        """Waits until it says so; the first group. Raises when it ends, or is silent for too long."""

        def found() -> re.Match[str] | None:
            ended = self.process.poll()
            match = re.search(pattern, self.said)
            assert match or ended is None, f"ended with {ended} and never said {pattern!r}:\n{self.said[-3000:]}"
            return match

        match = until(found, lambda: f"{pattern!r} in\n{self.said[-3000:]}")
        assert match is not None
        return match[1] if match.lastindex else match[0]

    def family(self) -> list[Process]:
        """It and all that it started, to the last grandchild."""
        found, asked = list[Process](), [self.process.pid]
        while asked:
            pid = asked.pop()
            if process := _process(pid):
                found.append(process)
                asked += [child for child in _numbers() if _parent(child) == pid]
        return found

    def ends(self) -> int:
        """Waits until it ends by itself; the exit code."""
        code = self.process.wait(PATIENCE * busy())
        self._reader.join(PATIENCE * busy())
        return code

    def stop(self, number: signal.Signals) -> int:
        """Sends the signal, SIGINT as a terminal does: to it and to all that share its terminal; the exit code."""
        self.known = self.family()
        if number is signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.ends()


@contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """What is started in here heeds SIGINT, however these tests were started themselves: a shell has its background
    jobs ignore it, and a child inherits that. A handler of ours it does not inherit, but the default in its place."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def command(
    *arguments: str, folder: Path, terminal: bool = False, environment: Mapping[str, str] | None = None
) -> Iterator[Command]:
    """Starts `visitwire ARGUMENTS` in `folder`, without this machine's VISITWIRE_* and CI; leaves nothing behind."""
    clean = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("VISITWIRE_")}
    started = Command(list(arguments), folder, {**clean, **QUIET, **(environment or {})}, terminal)
    try:
        yield started
    finally:
        for process in [*started.family(), *started.known]:
            if process.alive:
                os.kill(process.pid, signal.SIGKILL)
        started.process.wait()


def until[T](value: Callable[[], T], what: Callable[[], str], patience: float = PATIENCE) -> T:
    """Polls until `value` is true, and returns it. Fails with `what` it waited for, later on a busy machine."""
    begun, pause = monotonic(), threading.Event()
    while not (found := value()):
        assert (waited := monotonic() - begun) < patience * busy(), f"waited {waited:.0f} s for {what()}"
        pause.wait(LOOK)
    return found


def shown(address: str) -> list[dict[str, Any]]:
    """The visits of the API, without conditions."""
    found: list[dict[str, Any]] = httpx.get(f"{address}/api/v1/visits?background=true&limit=200").json()["items"]
    return found


def ids(address: str) -> set[str]:
    return {visit["id"] for visit in shown(address)}


def cards(address: str) -> int:
    """On the board as a browser gets it."""
    return httpx.get(address).text.count("<article")


def drop(inbox: Path, name: str = STORY.name, content: bytes | None = None) -> None:
    """As another program does: written beside, then moved in whole. The seeds' first story unless told."""
    part = inbox.parent / f"{name}.part"
    part.write_bytes(STORY.read_bytes() if content is None else content)
    part.rename(inbox / name)


def gist(visit: Mapping[str, Any]) -> tuple[str, str, str]:
    """Who, where to, how far along."""
    return visit["visitor"]["name"], visit["destination"]["country"], visit["status"]


def ended(process: Command, code: int) -> None:
    """With that exit code, without a traceback, and without a word of what was left open."""
    loud = [word for word in ("Traceback", "Warning", "Error", "Exception") if word in process.said]
    assert (process.process.returncode, loud) == (code, []), process.said


def _numbers() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, from the state on; none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    return int((_fields(pid) or ["", "0"])[1])


def _process(pid: int) -> Process | None:
    """None as well for one that has ended and was not asked for its exit code."""
    fields = _fields(pid)
    if not fields or fields[0] == "Z":
        return None
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return Process(pid, fields[19], words.strip())
    return None
