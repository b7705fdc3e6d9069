"""Wire items out of files, folders and standard input."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from visitwire_ingestion.transports.redaction import shown
from visitwire_schemas import WIRE_ITEMS, WireItem

LARGEST = WIRE_ITEMS.max_bytes
"""Bytes of an item: what its topic takes, so that a file is refused here as it would be there."""


@dataclass(frozen=True)
class UnreadableInput:
    """Why a file, or one line of it, could not be taken."""

    file: str
    reason: str
    raw: bytes | None = None
    """What was refused, where it could be read."""


def items(paths: Iterable[str], received: datetime | None = None) -> Iterator[tuple[str, WireItem] | UnreadableInput]:
    """The items of each path, with the file's name as the caller gave it: "-" is standard input, a folder gives all
    its files in the order of their names, and a file of JSON lines an item a line.

    `received` is the time for stories that carry none; now, unless given.
    """
    when = received or datetime.now(UTC)
    for path in paths:
        yield from _standard_input(when) if path == "-" else _under(Path(path), path, when)


def _under(path: Path, name: str, when: datetime) -> Iterator[tuple[str, WireItem] | UnreadableInput]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield from _file(file, str(file), when)
    else:
        yield from _file(path, name, when)


def _file(path: Path, name: str, when: datetime) -> Iterator[tuple[str, WireItem] | UnreadableInput]:
    name = shown(name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield UnreadableInput(name, f"It cannot be read: {error.strerror or error}.")
        return
    yield from _split(raw, name, when)


def _standard_input(when: datetime) -> Iterator[tuple[str, WireItem] | UnreadableInput]:
    yield from _split(sys.stdin.buffer.read(), "-", when)


def _split(raw: bytes, name: str, when: datetime) -> Iterator[tuple[str, WireItem] | UnreadableInput]:
    for piece in raw.split(b"\n") if _is_lines(raw) else [raw]:
        if len(piece) > LARGEST:
            yield UnreadableInput(
                name, f"It has {len(piece) / 1e6:.1f} MB; an item may have {LARGEST / 1e6:.1f} MB.", piece
            )
        elif piece.strip() or piece is raw:
            yield name, WireItem(raw=piece, name=name, received=when)


def _is_lines(raw: bytes) -> bool:
    """Whether the first line is a JSON object of its own, and more lines follow."""
    first, newline, rest = raw.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not (newline and rest.strip() and first.startswith(b"{") and first.rstrip().endswith(b"}")):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False
