"""Enters stories in the ledger: reports, the visits they make, and what is to be told, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, bindparam, select, update
from visitwire_runtime.database import insert_or
from visitwire_schemas import EnrichedStory, Story

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.alerts import taken_back
from visitwire_alerting.ledger.fold.sighting import Sighting, sightings
from visitwire_alerting.ledger.fold.versions import StandingVersion, content_of, dump, is_kill, load
from visitwire_alerting.ledger.refold import refold
from visitwire_alerting.ledger.visitor_locks import hold
from visitwire_alerting.ledger.write_visit import Cause, EntryResult
from visitwire_alerting.storage.database import committed
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.ledger_tables import stories

TOGETHER = 10
"""Stories entered with one commit on PostgreSQL."""

type Said = tuple[EnrichedStory, tuple[Sighting, ...]]
type Clock = Callable[[], datetime]


def record(
    engine: Engine, batch: Sequence[EnrichedStory], clock: Clock = now, news_for: timedelta | None = None
) -> EntryResult:
    """Enters a batch of stories, each folded by itself. The same story again changes nothing.

    On SQLite with one commit, which is what costs; on PostgreSQL a few at a time, since other workers wait meanwhile
    for the visitors that are in them. What a story tells that was published longer ago than `news_for` is marked as
    old; None: nothing is.
    """
    said = [(enriched, sightings(enriched)) for enriched in batch]
    heard = EntryResult()
    size = TOGETHER if engine.dialect.name == "postgresql" else len(said)
    for start in range(0, len(said), max(1, size)):
        heard.add(committed(engine, partial(_record, said=said[start : start + size], clock=clock, news_for=news_for)))
    return heard


def _record(connection: Connection, said: Sequence[Said], clock: Clock, news_for: timedelta | None) -> EntryResult:
    keys = sorted({enriched.key for enriched, _ in said})
    heard = EntryResult()
    rows = [{"key": key, "seen": clock()} for key in keys]
    connection.execute(insert_or(connection, stories).on_conflict_do_nothing(), rows)
    hold(connection, keys, [sighting for _, found in said for sighting in found])
    for enriched, found in said:
        _enter(connection, enriched, found, clock(), news_for, heard)
    return heard


def _enter(
    connection: Connection,
    enriched: EnrichedStory,
    found: Sequence[Sighting],
    at: datetime,
    news_for: timedelta | None,
    heard: EntryResult,
) -> None:
    story, again = enriched.story, enriched.reprocessed
    was = standing_of(connection, story.key)
    knows = was.after(enriched, content_of(found))
    if knows == was:
        return
    _save(connection, story.key, knows)
    held = live_reports.of_story(connection, story.key) if was.rank else []
    before = [one.sighting for one in held]
    if is_kill(story) or knows.rank == was.rank:
        after = before if knows.live else []
    else:
        after = list(found) if knows.live else []
    if after == before:
        return
    if before:
        live_reports.replace(connection, story.key, after)
    else:
        live_reports.enter(connection, story.key, after)
    withdrawn = is_kill(story) or any(sighting.correction for sighting in after) or not after
    corrected = bool(before) and (withdrawn or again is not None)
    back = taken_back(story, [sighting.report for sighting in before], at) if corrected and again is None else None
    quiet = again is not None and not again.told
    cause = Cause(story.key, corrected, at, back, _old(story, at, news_for), quiet=quiet, heard=heard)
    refold(connection, cause, [*before, *after], {one.visit for one in held if one.visit})


def _old(story: Story, at: datetime, news_for: timedelta | None) -> bool:
    """Whether a story came too late to be news; an embargo that ended since keeps it fresh."""
    told = max(story.published, story.embargoed or story.published)
    return news_for is not None and at - told > news_for


def standing_of(connection: Connection, story: str) -> StandingVersion:
    row = connection.execute(_STANDING, {"of": story}).one()
    return StandingVersion(load(row.rank), row.kill_version, row.kill_at)


def _save(connection: Connection, story: str, knows: StandingVersion) -> None:
    values = {"rank": dump(knows.rank), "kill_version": knows.kill_version, "kill_at": knows.kill_at}
    connection.execute(_SAVE, {"of": story, **values})


_STANDING = select(stories.c.rank, stories.c.kill_version, stories.c.kill_at).where(stories.c.key == bindparam("of"))
_SAVE = update(stories).where(stories.c.key == bindparam("of"))
