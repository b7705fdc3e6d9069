"""A drop: a folder on an agency's SFTP or FTP server. Each file that has stopped growing is one wire item, once.

Nothing is taken at the first look: a file must look the same (size and time) at two looks. What was taken is
remembered in the feed's state, so that a restart goes on where it was; files that are gone are forgotten.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import structlog
from visitwire_schemas import WIRE_ITEMS, WireItem

from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_ingestion.transports.redaction import scrubbed, shown
from visitwire_ingestion.transports.server_folder import DropFailed, FileEntry, ServerFolder

log = structlog.get_logger()
MOST = 200
"""Files taken at one look."""
MOST_FAILED = 3
"""Files in a row that cannot be taken, from which it is the server and not the file."""
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is fetched; what is too large for a story is refused by name further on."""
PATIENCE = 240.0
"""Seconds a look may take: less than the time for which a worker has the feed to itself."""
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp", "~")


@dataclass
class _Progress:
    """What a look has done so far; it counts also when the look breaks off."""

    looked: Mapping[str, str]
    taken: dict[str, str]
    fresh: int = 0
    complaint: str | None = None
    refused: str | None = None


async def visit(
    feed: Feed,
    state: FeedState,
    acceptance: Acceptance,
    now: datetime,
    *,
    allow_private: bool,
    leave: bool = False,
) -> FeedState:
    """One look at the drop. `leave`: nothing is moved or removed, whatever the definition says."""
    done = _Progress(state.looked, dict(state.taken))
    failure: str | None = None
    try:
        async with asyncio.timeout(PATIENCE), opened(feed, allow_private) as drop:
            await _collect(drop, feed, done, acceptance, now, leave)
    except TimeoutError:
        failure = f"The drop took longer than {PATIENCE:.0f} seconds; it goes on at the next look."
    except (DropFailed, OSError) as error:
        failure = f"The drop on {urlsplit(feed.url).hostname} failed: {scrubbed(str(error), feed).rstrip('.')}."
    known = state.novelty(now).model_copy(update={"refused": done.refused}) if done.fresh else state
    known = known.model_copy(update={"looked": dict(done.looked), "taken": done.taken})
    if failure:
        return known.model_copy(update={"error": failure, "failures": state.failures + 1})
    return known.model_copy(update={"error": done.complaint, "failures": 0, "answered": now})


async def _collect(
    drop: ServerFolder, feed: Feed, done: _Progress, acceptance: Acceptance, now: datetime, leave: bool
) -> None:
    listed = [each for each in await drop.entries() if _finished(each.name)]
    found = {each.key: each for each in listed if fnmatchcase(each.name.lower(), feed.files.lower())}
    if listed and not found:
        done.complaint = f"There are {len(listed)} files, and none is called {feed.files}: correct `files`."
    before, done.looked = done.looked, {key: each.look for key, each in found.items()}
    done.taken = {key: look for key, look in done.taken.items() if key in found}
    ready = [each for key, each in found.items() if before.get(key) == each.look != done.taken.get(key)]
    failed = 0
    for each in sorted(ready, key=lambda one: (one.changed, one.name))[:MOST]:
        try:
            raw = await drop.read(each.name, LARGEST)
            failed = 0
        except (DropFailed, OSError) as error:  # it vanished, or is not ours to read: the others are
            failed += 1
            done.complaint = f"{shown(each.name)} was not taken: {scrubbed(str(error), feed).rstrip('.')}."
            if failed == MOST_FAILED:
                raise
            continue
        await _take(feed, each, raw, done, acceptance, now)
        if raw is not None and done.taken.get(each.key) == each.look and not leave:
            done.complaint = await _put_away(drop, feed, each.name, now) or done.complaint


async def _take(
    feed: Feed,
    each: FileEntry,
    raw: bytes | None,
    done: _Progress,
    acceptance: Acceptance,
    now: datetime,
) -> None:
    name = shown(each.name)
    if raw is None:
        done.complaint = f"{name} has more than {LARGEST:,} bytes: it was not taken; send its parts alone."
    elif len(raw) != each.size:
        return  # somebody writes to it again
    elif raw:
        receipt = now + timedelta(microseconds=done.fresh)  # in the order of their times: the later one wins
        item = WireItem(raw=raw, provider=feed.owner, name=name, received=receipt)
        await acceptance.publish(WIRE_ITEMS, item)
        done.fresh += 1
        done.refused = (await acceptance.outlook(item)).refused
    done.taken[each.key] = each.look
    log.info("drop_taken", feed=feed.name, file=name, bytes=each.size)


def _finished(name: str) -> bool:
    return bool(name) and "/" not in name and not name.startswith(".") and not name.lower().endswith(UNFINISHED)


async def _put_away(drop: ServerFolder, feed: Feed, name: str, now: datetime) -> str | None:
    """As the definition wants it; where the server does not let us, the file is remembered all the same."""
    try:
        if feed.after == "move":
            await drop.move(name, feed.processed, f"{now:%Y%m%dT%H%M%S}-{name}")
        elif feed.after == "remove":
            await drop.remove(name)
    except DropFailed as error:
        said = scrubbed(str(error), feed).rstrip(".")
        return f"{shown(name)} was taken, but the server did not let it be {feed.after}d: {said}."
    return None


@asynccontextmanager
async def opened(feed: Feed, allow_private: bool) -> AsyncIterator[ServerFolder]:
    """The drop of the definition. The clients are loaded where a feed asks for them: asyncssh alone is 20 MB."""
    if feed.kind == "sftp":
        from visitwire_ingestion.transports import sftp

        async with sftp.opened(feed, allow_private) as drop:
            yield drop
    else:
        from visitwire_ingestion.transports import ftp

        async with ftp.opened(feed, allow_private) as other:
            yield other
