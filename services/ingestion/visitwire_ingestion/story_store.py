"""Remembers the stories that came, and passes on what stands: one transaction a delivery."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, bindparam, delete, func, select, update
from sqlalchemy.exc import OperationalError
from visitwire_runtime import Unavailable
from visitwire_runtime.database import insert_or, upsert
from visitwire_schemas import PubStatus, Story, WireItem

from visitwire_ingestion import near_duplicates
from visitwire_ingestion.formats.draft import raw_digest
from visitwire_ingestion.formats.shared_ids import own, unlike
from visitwire_ingestion.life import (
    Decision,
    KnownStory,
    Rank,
    StoryState,
    decide,
    is_kill,
    numbered,
    rank,
    retracted,
    utc,
)
from visitwire_ingestion.sql_tables import KEPT, kills, names, stories, texts, versions
from visitwire_ingestion.story_names import called, killed_before, linked, meant, victim

ALIKE_FOR = timedelta(hours=72)
"""How far back copies of a text are looked for."""

type Clock = Callable[[], datetime]


def now_utc() -> datetime:
    return datetime.now(UTC)


class Keeper:
    """The store of one database. Several workers may share it; each delivery is atomic."""

    def __init__(self, engine: Engine, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock

    def receive(self, item: WireItem, found: Sequence[Story]) -> list[Story]:
        """The stories to pass on of those that `item` brought.

        Raises `Unavailable` when the database is.
        """
        try:
            with self._engine.begin() as connection:
                return [each for story in found for each in self._story(connection, item, story)]
        except OperationalError as error:
            raise Unavailable(f"The database of ingestion does not answer: {error.orig}.") from error

    def _story(self, connection: Connection, item: WireItem, story: Story) -> Iterator[Story]:
        now = self._clock()
        story = self._apart(connection, story)
        known_as = called(story)
        if is_kill(story) and (named := victim(story, known_as)):
            yield from self._kill(connection, item, story, named, now)
            return
        story = linked(connection, story, known_as)
        if not is_kill(story) and killed_before(connection, story, known_as):
            known = self._known(connection, story.key)
            verdict = self._apply(connection, item, retracted(story), now)
            if verdict.emit is not None and known is not None and known.out:
                yield verdict.emit
            return
        verdict = self._apply(connection, item, self._grouped(connection, story, now), now)
        for name in known_as:
            values = {"provider": story.provider, "name": name, "key": story.key, "published": story.published}
            _add(connection, names, values)
        if verdict.emit is not None:
            yield verdict.emit

    def _apart(self, connection: Connection, story: Story) -> Story:
        """Under an id of its own where what stands under the wire's id is another story: a sender's constant."""
        if is_kill(story) or story.pubstatus == PubStatus.WITHHELD:
            return story
        row = connection.execute(_STORY, {"of": story.key}).one_or_none()
        if row is None or _rank_of(row)[4] != story.version:
            return story
        return own(story) if unlike(Story.model_validate_json(row.story), story) else story

    def _apply(self, connection: Connection, item: WireItem, story: Story, now: datetime) -> Decision:
        known, delivery, ranked = self._known(connection, story.key), _identity(item), rank(story)
        verdict = decide(known, story, ranked, delivery, now)
        this = {"key": story.key, "digest": ranked[-1]}
        if verdict.why == "late" and (before := _passed_before(connection, this, delivery)) is not None:
            return replace(verdict, emit=numbered(story, before))
        passed = verdict.emit.version if verdict.emit else None
        row = {"version": str(story.version), "fate": verdict.why, "item": delivery, "passed": passed, "at": now}
        _add(connection, versions, {**this, **row})
        if known is not None and verdict.known == replace(known, rank=verdict.known.rank):
            if verdict.known.rank != known.rank:
                raised = update(stories).where(stories.c.key == story.key)
                connection.execute(raised.values(rank=json.dumps(verdict.known.rank), updated=now))
        elif verdict.known is not known:
            self._remember(connection, item, verdict.emit or story, verdict.known, now)
        return verdict

    def _known(self, connection: Connection, key: str) -> KnownStory | None:
        row = connection.execute(_STORY_ALONE, {"of": key}).one_or_none()
        if row is None:
            return None
        return KnownStory(_rank_of(row), StoryState(row.standing), row.out, row.version, row.item)

    def _remember(self, connection: Connection, item: WireItem, story: Story, known: KnownStory, now: datetime) -> None:
        waiting = known.standing == StoryState.EMBARGOED
        row = {
            "provider": story.provider,
            "rank": json.dumps(known.rank),
            "standing": known.standing.value,
            "out": known.out,
            "version": known.version,
            "item": known.item,
            "story": story.model_dump_json(exclude={"html"}, exclude_defaults=True),
            "due": story.embargoed if waiting else None,
            "raw": item.raw if waiting else None,
            "sender": item.provider if waiting else None,
            "name": item.name if waiting else None,
            "received": item.received,
            "updated": now,
        }
        upsert(connection, stories, [{"key": story.key}], row)

    def _kill(self, connection: Connection, item: WireItem, kill: Story, named: str, now: datetime) -> Iterator[Story]:
        """A kill in words: retracts every story of the wire that goes by that name, now and when it comes late."""
        _add(connection, kills, {"provider": kill.provider, "name": named, "published": kill.published})
        for key in meant(connection, kill, named):
            row = connection.execute(select(stories.c.story).where(stories.c.key == key)).one_or_none()
            if row is None:  # it is killed when it comes
                continue
            taken_back = retracted(Story.model_validate_json(row.story))
            verdict = self._apply(connection, item, taken_back, now)
            if verdict.emit is not None:
                yield verdict.emit

    def _grouped(self, connection: Connection, story: Story, now: datetime) -> Story:
        """With the group of copies it belongs to: that of a text alike on any wire, else one of its own."""
        signed = None if is_kill(story) else near_duplicates.signature(story.text)
        if signed is None:
            return story
        keys = near_duplicates.bands(signed)
        asked = {"bands": keys, "from": now - ALIKE_FOR}
        rows = {(group, bytes(other)) for group, other in connection.execute(_COPIES, asked)}
        group = near_duplicates.nearest(signed, rows) or sha256(story.key.encode()).hexdigest()[:32]
        upsert(
            connection,
            texts,
            [{"band": band, "key": story.key} for band in keys],
            {"signature": signed, "group": group, "at": now},
        )
        return story.model_copy(update={"same_as": group})

    def due(self) -> list[WireItem]:
        """The deliveries whose embargo has run out, to be repeated."""
        query = select(stories).where(stories.c.due <= self._clock()).order_by(stories.c.due, stories.c.key).limit(100)
        with self._engine.connect() as connection:
            return [
                WireItem(raw=row.raw, provider=row.sender, name=row.name, received=utc(row.received))
                for row in connection.execute(query)
                if row.raw is not None
            ]

    def released(self, items: Sequence[WireItem]) -> None:
        """Notes that these were repeated. Called after they are safe, so that a crash repeats rather than forgets."""
        with self._engine.begin() as connection:
            for item in items:
                where = and_(stories.c.item == _identity(item), stories.c.due <= self._clock())
                connection.execute(update(stories).where(where).values(due=None, raw=None))

    def forget(self) -> int:
        """Drops what is older than is needed; killed stories are kept for ever. Says how many rows went."""
        old, now = 0, self._clock()
        with self._engine.begin() as connection:
            for table, column, span in (
                (texts, texts.c.at, ALIKE_FOR),
                (names, names.c.published, KEPT),
                (kills, kills.c.published, KEPT),
                (versions, versions.c.at, KEPT),
            ):
                old += connection.execute(delete(table).where(column < now - span)).rowcount
            gone = and_(stories.c.updated < now - KEPT, stories.c.standing == StoryState.LIVE.value)
            old += connection.execute(delete(stories).where(gone)).rowcount
        return old

    def standing(self) -> Mapping[str, int]:
        """How many stories stand how."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(stories.c.standing, func.count()).group_by(stories.c.standing))
            return {row[0]: row[1] for row in rows}

    def close(self) -> None:
        self._engine.dispose()


_STORY = select(stories).where(stories.c.key == bindparam("of"))
_STORY_ALONE = _STORY.with_for_update()
_COPIES = select(texts.c.group, texts.c.signature).where(
    and_(texts.c.band.in_(bindparam("bands", expanding=True)), texts.c.at >= bindparam("from"))
)


def _passed_before(connection: Connection, version: Mapping[str, str], delivery: str) -> int | None:
    """The number under which this very delivery was passed on before a higher version came, if it was.

    After a crash between remembering and passing on, both come again: then the lower one is passed on again too.
    """
    query = select(versions.c.passed).filter_by(**version, item=delivery)
    return connection.execute(query).scalar_one_or_none()


def _identity(item: WireItem) -> str:
    """One delivery: these bytes, received at this moment. The same delivery again is the broker's doing."""
    return f"{raw_digest(item.raw)}@{item.received.timestamp():.6f}"


def _rank_of(row: Any) -> Rank:
    """The rank that stands; one remembered by an earlier release lacks the time of receipt."""
    said = json.loads(row.rank)
    if len(said) == 5:
        said.insert(1, utc(row.received).timestamp())
    counted, received, at, held, version, digest = said
    return counted, received, at, held, version, digest


def _add(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Inserts the row unless it is there."""
    connection.execute(insert_or(connection, table).on_conflict_do_nothing(), values)
