"""Read what the wires send into stories, and pass on what stands."""

import asyncio
from collections.abc import Iterable
from time import monotonic

import structlog
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from visitwire_runtime import Background, Publish, Stage
from visitwire_runtime.setting_groups.ingestion import IngestionSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import STORIES, WIRE_ITEMS, Story, WireItem

from visitwire_ingestion.formats.read import read
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import Keeper, now_utc
from visitwire_ingestion.transports import folder
from visitwire_ingestion.transports.acceptance import accepting

log = structlog.get_logger()
HOUR = 3600.0
LONG = 60.0
"""Seconds after which background work that failed begins again at the latest."""


def ingestion(settings: IngestionSettings | None = None, *, keeper: Keeper | None = None) -> Stage[WireItem, Story]:
    """The ingestion stage.

    With `settings` it remembers stories in their database and opens the transports they name; with a `keeper` alone it
    remembers there; with neither it only reads. Raises `CannotStart` where push would let in anybody.
    """
    database = engine(_database(settings)) if settings else None
    kept = keeper or (Keeper(database) if database else None)

    def handle(item: WireItem) -> Iterable[Story]:
        found = read(item)
        for story in found:
            if story.warnings:
                log.warning("story_warnings", provider=story.provider, uri=story.uri, why=list(story.warnings))
        yield from kept.receive(item, found) if kept else found

    background = _transports(settings, database) if settings and database else ()
    upkeep = (unending("release", release(kept)), unending("forget", forget(kept))) if kept else ()
    return Stage(
        "ingestion",
        source=WIRE_ITEMS,
        sink=STORIES,
        handle=handle,
        background=(*background, *upkeep),
        close=kept.close if kept else None,
        collectors=_collectors(settings, database) if settings and database else (),
    )


def _database(settings: IngestionSettings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return settings.ingestion_database.get_secret_value()


def _transports(settings: IngestionSettings, database: Engine) -> tuple[Background, ...]:
    """An HTTP server and an HTTP client are loaded only where a setting asks for them: together they are 10 MB."""
    accept = accepting(read)
    made = [unending("inbox", folder.watch(settings.watched, accept, settle=settings.inbox_settle))]
    if settings.push_port is not None:
        from visitwire_ingestion.transports import push

        if settings.push_token is None and settings.push_host not in ("127.0.0.1", "::1", "localhost"):
            raise CannotStart("HTTP push is open to other machines and has no token: set VISITWIRE_PUSH_TOKEN.")
        serve = push.serve(settings.push_host, settings.push_port, settings.push_token, settings.push_most_bytes)
        made.append(unending("push", serve))
    if settings.feeds is not None:
        from visitwire_ingestion.transports import poll

        made.append(unending("feeds", poll.polling(settings.feeds, database, accept, settings.fetch_from_private)))
    return tuple(made)


def _collectors(settings: IngestionSettings, database: Engine) -> tuple[Collector, ...]:
    from visitwire_runtime.database_errors import errors_of

    errors = errors_of({"ingestion": database})
    if settings.feeds is None:
        return (errors,)
    from visitwire_ingestion.feed_metrics import FeedMetrics
    from visitwire_ingestion.feed_states import states

    return (
        errors,
        FeedMetrics(settings.feeds, lambda: states(database), now_utc),
    )


def unending(name: str, work: Background, first: float = 1.0) -> Background:
    """The background work, begun again after whatever it raised: it takes neither itself nor another down."""

    async def kept_up(publish: Publish) -> None:
        pause = first
        while True:
            begun = monotonic()
            try:
                return await work(publish)
            except CannotStart:
                raise
            except Exception as error:
                pause = first if monotonic() - begun > LONG else min(pause * 2, LONG)
                # its words may be anybody's, a server's or a secret's: they are not repeated
                log.error("background_failed", work=name, error=type(error).__name__, again_in=pause)
                await asyncio.sleep(pause)

    return kept_up


def release(keeper: Keeper, every: float = 1.0) -> Background:
    """Repeats deliveries whose embargo has run out: through the topic, so that a kill on its way is not overtaken."""

    async def work(publish: Publish) -> None:
        while True:
            due = await asyncio.to_thread(keeper.due)
            for item in due:
                await publish(WIRE_ITEMS, item)
            if due:
                await asyncio.to_thread(keeper.released, due)
            await asyncio.sleep(every)

    return work


def forget(keeper: Keeper, every: float = HOUR) -> Background:
    """Drops what is too old to matter, every hour."""

    async def work(publish: Publish) -> None:
        while True:
            await asyncio.to_thread(keeper.forget)
            await asyncio.sleep(every)

    return work
