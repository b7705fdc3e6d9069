"""A watched folder: each file that has stopped growing is one wire item, then moves to `processed` or `failed`."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from visitwire_runtime import Background, InvalidMessage, Publish
from visitwire_schemas import WIRE_ITEMS, WireItem

from visitwire_ingestion.formats import read
from visitwire_ingestion.keeper import Clock, now_utc

log = structlog.get_logger()
OWN = ("processed", "failed")
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp", "~")
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is taken up at all; what is too large for a story is refused by name further on."""


@dataclass(frozen=True)
class Seen:
    """What a file looked like at the last look; the same again means that nobody writes to it."""

    size: int
    changed: int


def watch(folder: Path, clock: Clock = now_utc, every: float = 0.5, provider: str = "unknown") -> Background:
    """Background work that takes up what appears in `folder`, for ever.

    A folder below it names the provider of what lies in it: `inbox/mercury/story.xml`.
    """

    async def work(publish: Publish) -> None:
        await asyncio.to_thread(lambda: folder.mkdir(parents=True, exist_ok=True))
        seen: Mapping[Path, Seen] = {}
        while True:
            seen = await sweep(folder, seen, publish, clock, provider)
            await asyncio.sleep(every)

    return work


async def sweep(
    folder: Path, seen: Mapping[Path, Seen], publish: Publish, clock: Clock, provider: str = "unknown"
) -> Mapping[Path, Seen]:
    """Takes up every file that looks as it did in `seen`; gives back how the others look now."""
    now: dict[Path, Seen] = {}
    for path, look in sorted((await asyncio.to_thread(_looks, folder)).items()):
        if seen.get(path) != look:
            now[path] = look
            continue
        owner = path.parent.name if path.parent != folder else provider
        await _take(folder, path, owner, publish, clock())
    return now


def _looks(folder: Path) -> dict[Path, Seen]:
    return {path: look for path in _files(folder) if (look := _look(path)) is not None}


def _files(folder: Path) -> Iterator[Path]:
    """Files in the folder and one level below, without hidden and half-written ones, and without links out of it."""
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir() and entry.name not in OWN:
            yield from (
                Path(each.path)
                for each in os.scandir(entry.path)
                if each.is_file(follow_symlinks=False) and _finished(each.name)
            )
        elif entry.is_file() and _finished(entry.name):
            yield Path(entry.path)


def _finished(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def _look(path: Path) -> Seen | None:
    try:
        found = path.stat()
    except OSError:  # gone between two looks
        return None
    return Seen(found.st_size, found.st_mtime_ns)


async def _take(folder: Path, path: Path, provider: str, publish: Publish, now: datetime) -> None:
    """Publishes the file, then moves it: a crash in between publishes it twice, never not at all."""
    try:
        raw = await asyncio.to_thread(_bytes, path)
    except OSError as error:
        log.warning("file_unreadable", file=path.name, why=str(error))
        return
    reason: str | None = f"The file has more than {LARGEST:,} bytes: send its parts alone."
    if raw is not None:
        item = WireItem(raw=raw, provider=provider, name=path.name, received=now)
        reason = await asyncio.to_thread(_refused, item)
        await publish(WIRE_ITEMS, item)
    await asyncio.to_thread(_move, folder, path, "failed" if reason else "processed", reason)
    log.info("file_taken", file=path.name, provider=provider, refused=reason)


def _bytes(path: Path) -> bytes | None:
    """The file's bytes; None when they are too many to be held."""
    return path.read_bytes() if path.stat().st_size <= LARGEST else None


def _refused(item: WireItem) -> str | None:
    """Why the item will be a dead letter; it is published all the same, so that it can be replayed after a fix."""
    try:
        read(item)
    except InvalidMessage as error:
        return str(error)
    return None


def _move(folder: Path, path: Path, where: str, reason: str | None) -> None:
    """Into `where`, under the folder of its provider; beside a failed file lies the reason. Names are never reused."""
    target = folder / where / path.parent.relative_to(folder)
    target.mkdir(parents=True, exist_ok=True)
    free: Callable[[int], Path] = lambda turn: target / (f"{path.stem}-{turn}{path.suffix}" if turn else path.name)  # noqa: E731
    turn = next(turn for turn in range(1_000_000) if not free(turn).exists())
    path.rename(free(turn))
    if reason:
        free(turn).with_name(free(turn).name + ".reason.txt").write_text(reason + "\n", encoding="utf-8")
