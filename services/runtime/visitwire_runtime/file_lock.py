"""Lets one process of several on this machine do what only one may."""

import fcntl
from pathlib import Path
from typing import IO


class FileLock:
    """The lock of a file, which is made where it is missing. The kernel frees it when its process ends, however."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: IO[bytes] | None = None

    def take(self) -> bool:
        """Takes the lock if nobody has it; whether it is ours. Raises `OSError` where the file cannot be locked."""
        return self._is_taken(fcntl.LOCK_NB)

    def wait(self) -> None:
        """Takes the lock, as soon as nobody has it. Raises `OSError` as `take`."""
        self._is_taken(0)

    def _is_taken(self, how: int) -> bool:
        if self._held is not None:
            return True
        opened = self._path.open("ab")
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | how)
        except BlockingIOError:
            opened.close()
            return False
        except BaseException:
            opened.close()
            raise
        self._held = opened
        return True

    def free(self) -> None:
        """Lets another have it."""
        if self._held is not None:
            self._held.close()
        self._held = None
