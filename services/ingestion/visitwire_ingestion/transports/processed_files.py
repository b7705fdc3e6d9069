"""Where taken files of a watched folder go: under names that no other has, beside the reason of a refusal."""

import os
from hashlib import sha256
from pathlib import Path

_NAME = 255
"""Bytes of the longest name that file systems take."""


def move(folder: Path, path: Path, where: str, reason: str | None) -> Path:
    """Into `where`, under the folder of its provider; beside a failed file lies the reason. Names are never reused."""
    if (folder / where).is_file():  # somebody's file has our folder's name; it is taken up under another
        (folder / where).rename(folder / f"{where}-{sha256(os.urandom(8)).hexdigest()[:8]}")
    target = folder / where / path.parent.relative_to(folder)
    target.mkdir(parents=True, exist_ok=True)
    turn, free = 0, target / path.name
    while free.exists():
        turn += 1
        free = target / fitting(path.stem, f"-{turn}{path.suffix}")
    path.rename(free)
    if reason:
        note = target / fitting(free.name, ".reason.txt")
        note.write_text(reason + "\n", encoding="utf-8", errors="backslashreplace")
    return free


def fitting(name: str, ending: str) -> str:
    """The name with the ending, cut so that a file system takes it; a cut name keeps a digest of the whole."""
    raw, end = os.fsencode(name), os.fsencode(ending)
    if len(raw) + len(end) <= _NAME:
        return name + ending
    mark = b"~" + sha256(raw).hexdigest()[:8].encode()
    return os.fsdecode(raw[: _NAME - len(end) - len(mark)].decode("utf-8", "ignore").encode() + mark + end)
