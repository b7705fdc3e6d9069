"""One broker process of several: where it lies, whether it runs, and how often it died."""

import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

SETTLED, LONGEST_WAIT = 120.0, 30.0
"""Seconds after which a node's next death is its first, and between a death and the next start at most."""


@dataclass(frozen=True)
class Node:
    """One broker process; its folder holds properties, data, log and pid."""

    number: int
    port: int
    controller_port: int
    folder: Path

    @property
    def pid(self) -> int | None:
        """The process, when it runs and is this node's."""
        try:
            pid = int((self.folder / "pid").read_text())
            command = Path(f"/proc/{pid}/cmdline")
            if command.parent.parent.is_dir() and str(self.folder).encode() not in command.read_bytes():
                return None
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid

    def log(self) -> str:
        """The last lines of its log."""
        path = self.folder / "broker.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-10:]) if path.exists() else ""


@dataclass
class Fall:
    """How often a node died, and when it is started again."""

    count: int = 0
    again_at: float = 0.0
    _pid: int = 0
    _last: float = 0.0

    @property
    def often(self) -> str:
        return "once" if self.count == 1 else f"{self.count} times"

    def noticed(self, pid: int) -> bool:
        """Whether this process's end is a new one."""
        if pid == self._pid:
            return False
        now = monotonic()
        self.count = 1 if now - self._last > SETTLED else self.count + 1
        self._pid, self._last = pid, now
        self.again_at = now + min(2.0 ** (self.count - 1), LONGEST_WAIT)
        return True
