"""Whether a file is whole: nobody has it open for writing, or it says itself that it has ended."""

import fcntl
import os
import re
import signal
from contextlib import suppress
from errno import EAGAIN
from pathlib import Path

_TAIL = 4096
_XML = re.compile(rb"</([A-Za-z_][\w.:-]*)\s*>\s*(?:<!--.*?-->\s*)*[\x00\x1a\s]*$", re.DOTALL)
_OPENS = re.compile(rb"<(?![?!])([A-Za-z_][\w.:-]*)")
_ENDED = re.compile(rb"(?:\bNNNN\b|\x03|\x04)[^\x02]{0,200}$")
"""The marks at which a transmission ends: NNNN of a telex, ETX and EOT."""


def is_open(path: Path) -> bool:
    """Whether some process of this machine has the file open for writing; False where the system cannot say.

    Linux gives a read lease only on a file that nobody writes to. Who opens it just then would end us by SIGIO: another
    signal is chosen, which does nothing.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == EAGAIN
    else:
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    finally:
        os.close(handle)


def is_whole(path: Path) -> bool:
    """Whether the file's own end shows that nothing is missing: the first element closes, the JSON's bracket closes,
    the transmission has its end mark."""
    try:
        with path.open("rb") as file:
            head = file.read(_TAIL)
            file.seek(max(0, path.stat().st_size - _TAIL))
            tail = file.read(_TAIL)
    except OSError:
        return False
    return shows_end(head, tail)


def shows_end(head: bytes, tail: bytes) -> bool:
    """Whether the end of what so begins shows that nothing is missing."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start.startswith(b"<"):
        opened, closed = _OPENS.search(start), _XML.search(tail)
        return bool(opened and closed and opened[1] == closed[1])
    if start.startswith((b"{", b"[")):
        return tail.rstrip(b"\x00\x1a \t\r\n").endswith(b"}" if start.startswith(b"{") else b"]")
    return bool(_ENDED.search(tail))
