"""A watched folder: each file that is whole is one wire item, then moves to `processed` or `failed`.

A file that was taken too early and grows afterwards is read again, as a new version.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import structlog
from visitwire_runtime import Background, Publish
from visitwire_schemas import WIRE_ITEMS, WireItem

from visitwire_ingestion.story_store import Clock, now_utc
from visitwire_ingestion.transports.acceptance import Accept, Acceptance
from visitwire_ingestion.transports.complete_files import is_open, is_whole
from visitwire_ingestion.transports.processed_files import move
from visitwire_ingestion.transports.redaction import shown

log = structlog.get_logger()
OWN = ("processed", "failed")
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp", "~")
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is taken up at all; what is too large for a story is refused by name further on."""
GROWS_FOR = timedelta(minutes=10)
"""How long a file that was taken is looked at, whether it grows."""
OPEN_FOR = timedelta(minutes=5)
"""How long a file that somebody holds open is waited for, though it does not change."""
EMPTY_FOR = timedelta(minutes=1)
"""How long an empty file is waited for: some producers make it first, and fill it then."""
_REMEMBERED = 1000
_DEEPEST = 8
"""Levels of folders below the inbox that are looked into."""


@dataclass(frozen=True)
class FileLook:
    """What a file looked like at the last look, and since when; the same again means that nobody writes to it."""

    size: int
    changed: int
    since: datetime
    fate: Literal["new", "taken", "stuck"] = "new"
    """A taken file lies in `processed` or `failed`; a stuck one was taken and could not be moved there."""
    provider: str = ""
    name: str = ""

    def same(self, other: "FileLook | None") -> bool:
        return other is not None and (self.size, self.changed) == (other.size, other.changed)


type _Take = Callable[[bytes | None, FileLook], Awaitable[str | None]]


def watch(
    folder: Path,
    accept: Accept,
    clock: Clock = now_utc,
    every: float = 0.5,
    provider: str = "unknown",
    settle: float = 0.0,
) -> Background:
    """Background work that takes up what appears in `folder`, for ever.

    A folder below it names the provider of what lies in it, however deep: `inbox/mercury/story.xml`. A file that does
    not say itself that it is whole must not have changed for `settle` seconds.
    """

    async def work(publish: Publish) -> None:
        seen: Mapping[Path, FileLook] = {}
        acceptance = Acceptance(publish, accept)
        while True:
            await asyncio.to_thread(lambda: folder.mkdir(parents=True, exist_ok=True))
            seen = await sweep(folder, seen, acceptance, clock, provider, settle)
            await asyncio.sleep(every)

    return work


async def sweep(
    folder: Path,
    seen: Mapping[Path, FileLook],
    acceptance: Acceptance,
    clock: Clock,
    provider: str = "unknown",
    settle: float = 0.0,
) -> Mapping[Path, FileLook]:
    """Takes up every file that looks as it did in `seen` and is whole; gives back how the others look now.

    One file that cannot be read, moved or published takes no other with it.
    """
    now, take = clock(), partial(_published, acceptance)
    left: dict[Path, FileLook] = {}
    for path, look in sorted((await asyncio.to_thread(_looks, folder, now)).items(), key=lambda each: bytes(each[0])):
        owner = shown(path.relative_to(folder).parts[0]) if path.parent != folder else provider
        named = replace(look, provider=owner, name=shown(path.name), since=clock())  # a receipt of its own
        left |= await _look_at(folder, path, named, seen, take, settle)
    taken = {path: known for path, known in seen.items() if known.fate == "taken" and now - known.since < GROWS_FOR}
    taken = dict(list(taken.items())[-_REMEMBERED:])
    changed = await asyncio.to_thread(_changed, taken, now)
    for path, grown in changed.items():
        left |= await _watched(path, taken[path], grown, take, now)
    return left | {path: known for path, known in taken.items() if path not in changed}


async def _look_at(
    folder: Path, path: Path, look: FileLook, seen: Mapping[Path, FileLook], take: _Take, settle: float
) -> Mapping[Path, FileLook]:
    """How the file stands afterwards: where it now lies, or still here."""
    before = seen.get(path)
    if before is None or not look.same(before):
        return {path: look}
    if before.fate == "stuck" or not await asyncio.to_thread(_ready, path, look, before.since, settle):
        return {path: before}
    try:
        raw = await asyncio.to_thread(_bytes, path)
    except OSError as error:
        return _untaken(path, before, error)
    try:
        reason = await take(raw, look)
    except Exception as error:  # of the broker, say: tried again at the next look, and the other files with it
        log.warning("file_not_published", file=look.name, why=type(error).__name__)
        return {path: before}
    try:
        where = await asyncio.to_thread(move, folder, path, "failed" if reason else "processed", reason)
    except OSError as error:
        return _untaken(path, before, error)
    log.info("file_taken", file=look.name, provider=look.provider, refused=reason)
    return {where: replace(look, fate="taken")}


def _untaken(path: Path, before: FileLook, error: OSError) -> Mapping[Path, FileLook]:
    """A file that cannot be read or moved is told once, and left until it changes; one that is gone is forgotten."""
    if isinstance(error, FileNotFoundError) and not path.exists():
        return {}
    log.warning("file_not_taken", file=shown(path.name), why=error.strerror)
    return {path: replace(before, fate="stuck")}


async def _published(acceptance: Acceptance, raw: bytes | None, look: FileLook) -> str | None:
    """Publishes the bytes; why they will be no story, or None. A crash before the file is moved publishes it twice,
    never not at all."""
    if raw is None:
        return f"The file has more than {LARGEST:,} bytes: send its parts alone."
    item = WireItem(raw=raw, provider=look.provider, name=look.name, received=look.since)
    outlook = await acceptance.outlook(item)
    await acceptance.publish(WIRE_ITEMS, item)
    return outlook.refused


def _changed(taken: Mapping[Path, FileLook], now: datetime) -> Mapping[Path, FileLook | None]:
    """How those of the taken files look now that look otherwise; None for one that is gone."""
    looks = {path: _look(path, now) for path in taken}
    return {path: look for path, look in looks.items() if not taken[path].same(look)}


async def _watched(
    path: Path, known: FileLook, look: FileLook | None, take: _Take, now: datetime
) -> Mapping[Path, FileLook]:
    """A taken file that changed: what it has become is published again, once nobody writes to it."""
    if look is None:
        return {}
    grown = replace(known, size=look.size, changed=look.changed)
    if look.size <= known.size:
        return {path: grown}
    try:
        if await asyncio.to_thread(is_open, path):
            return {path: known}
        await take(await asyncio.to_thread(_bytes, path), replace(grown, since=now))
    except Exception as error:  # tried again at the next look
        log.warning("file_not_taken", file=known.name, why=type(error).__name__)
        return {path: known}
    log.info("file_grew", file=known.name, provider=known.provider, bytes=look.size)
    return {path: grown}


def _ready(path: Path, look: FileLook, since: datetime, settle: float) -> bool:
    """Whether a file that did not change since `since` is whole."""
    quiet = look.since - since
    if is_open(path) and quiet < OPEN_FOR:
        return False
    if look.size == 0:
        return quiet >= min(EMPTY_FOR, timedelta(seconds=12 * settle))
    return quiet >= timedelta(seconds=settle) or is_whole(path)


def _looks(folder: Path, now: datetime) -> dict[Path, FileLook]:
    return {path: look for path in _files(folder) if (look := _look(path, now)) is not None}


def _files(folder: Path, depth: int = 0) -> Iterator[Path]:
    """Files in the folder and below, without hidden and half-written ones, and without links out of it."""
    for entry in _entries(folder):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            if depth < _DEEPEST and not (depth == 0 and entry.name in OWN):
                yield from _files(Path(entry.path), depth + 1)
        elif entry.is_file() and _finished(entry.name):
            yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in the folder; nothing where it cannot be read, which is told."""
    try:
        return list(os.scandir(folder))
    except OSError as error:
        log.warning("folder_unreadable", folder=shown(str(folder)), why=error.strerror)
        return []


def _finished(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def _look(path: Path, now: datetime) -> FileLook | None:
    try:
        found = path.stat()
    except OSError:  # gone between two looks
        return None
    return FileLook(found.st_size, found.st_mtime_ns, now)


def _bytes(path: Path) -> bytes | None:
    """The file's bytes; None when they are too many to be held."""
    return path.read_bytes() if path.stat().st_size <= LARGEST else None
