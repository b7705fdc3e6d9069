"""Remembers the stories that came, and passes on what stands: one transaction a delivery."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from visitwire_runtime import Unavailable
from visitwire_schemas import PubStatus, Revision, Story, WireItem
from visitwire_schemas.story import story_key

from visitwire_ingestion import near
from visitwire_ingestion.formats.apart import own, unlike
from visitwire_ingestion.formats.revision import called_by_headline, unlabelled
from visitwire_ingestion.life import Known, Rank, Standing, Verdict, decide, is_kill, numbered, rank, retracted, utc
from visitwire_ingestion.tables import KEPT, kills, names, stories, texts, versions

NAMED_FOR = timedelta(hours=48)
"""How long a name such as "dpa 157" means one story; numbers start again each day or two."""
SLUG_FOR = timedelta(hours=24)
ALIKE_FOR = timedelta(hours=72)
"""How far back copies of a text are looked for."""
_BY_ID = "id:"
_OWN = "urn:visitwire:"
"""Uris that were made here, for formats without ids."""
_MESSAGE = re.compile(r"[^\s@:/]+@[^\s@:/]+")
"""The id of an e-mail, or of a calendar's event."""

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
        called = _called(story)
        if is_kill(story) and (named := _victim(story, called)):
            yield from self._kill(connection, item, story, named, now)
            return
        story = self._linked(connection, story, called)
        if not is_kill(story) and self._killed_before(connection, story, called):
            known = self._known(connection, story.key)
            verdict = self._apply(connection, item, retracted(story), now)
            if verdict.emit is not None and known is not None and known.out:
                yield verdict.emit
            return
        verdict = self._apply(connection, item, self._grouped(connection, story, now), now)
        for name in called:
            values = {"provider": story.provider, "name": name, "key": story.key, "published": story.published}
            _add(connection, names, values)
        if verdict.emit is not None:
            yield verdict.emit

    def _apart(self, connection: Connection, story: Story) -> Story:
        """Under an id of its own where what stands under the wire's id is another story: a sender's constant."""
        if is_kill(story) or story.pubstatus == PubStatus.WITHHELD:
            return story
        row = connection.execute(select(stories).where(stories.c.key == story.key)).one_or_none()
        if row is None or _rank_of(row)[4] != story.version:
            return story
        return own(story) if unlike(Story.model_validate_json(row.story), story) else story

    def _apply(self, connection: Connection, item: WireItem, story: Story, now: datetime) -> Verdict:
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

    def _known(self, connection: Connection, key: str) -> Known | None:
        row = connection.execute(select(stories).where(stories.c.key == key).with_for_update()).one_or_none()
        if row is None:
            return None
        return Known(_rank_of(row), Standing(row.standing), row.out, row.version, row.item)

    def _remember(self, connection: Connection, item: WireItem, story: Story, known: Known, now: datetime) -> None:
        waiting = known.standing == Standing.EMBARGOED
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
        put(connection, stories, {"key": story.key}, row)

    def _kill(self, connection: Connection, item: WireItem, kill: Story, named: str, now: datetime) -> Iterator[Story]:
        """A kill in words: retracts every story of the wire that goes by that name, now and when it comes late."""
        _add(connection, kills, {"provider": kill.provider, "name": named, "published": kill.published})
        for key in self._named(connection, kill, named):
            row = connection.execute(select(stories.c.story).where(stories.c.key == key)).one_or_none()
            if row is None:  # it is killed when it comes
                continue
            victim = retracted(Story.model_validate_json(row.story))
            verdict = self._apply(connection, item, victim, now)
            if verdict.emit is not None:
                yield verdict.emit

    def _named(self, connection: Connection, kill: Story, named: str) -> list[str]:
        """The keys of the stories that go by the name, which is an id or some words for a day or two."""
        if named.startswith(_BY_ID):
            return [story_key(kill.provider, named.removeprefix(_BY_ID))]
        query = select(names.c.key).where(
            and_(
                names.c.provider == kill.provider,
                names.c.name == named,
                names.c.published <= kill.published,
                names.c.published >= kill.published - _span(named),
            )
        )
        return [str(key) for (key,) in connection.execute(query.order_by(names.c.key))]

    def _killed_before(self, connection: Connection, story: Story, called: Sequence[str]) -> bool:
        by_id = [f"{_BY_ID}{story.uri}"[:300]] if "@" in story.uri else []  # only mails are killed by id
        for name in [*called, *by_id]:
            query = select(func.count()).where(and_(kills.c.provider == story.provider, kills.c.name == name))
            if not name.startswith(_BY_ID):
                meant = kills.c.published.between(story.published, story.published + _span(name))
                query = query.where(meant)
            if connection.execute(query).scalar_one():
                return True
        return False

    def _linked(self, connection: Connection, story: Story, called: Sequence[str]) -> Story:
        """For formats without ids: an update, correction or take evolved from the story of the same slug and day."""
        follows = story.revision in (Revision.UPDATE, Revision.CORRECTION, Revision.REFILE, Revision.REPEAT)
        slug = next((each for each in called if each.startswith("slug:")), None)
        if not (follows and slug and story.uri.startswith(_OWN)) or story.evolvedfrom:
            return story
        query = select(names.c.key).where(
            and_(
                names.c.provider == story.provider,
                names.c.name == slug,
                names.c.key != story.key,
                names.c.published <= story.published,
                names.c.published >= story.published - SLUG_FOR,
            )
        )
        found = connection.execute(query.order_by(names.c.published.desc(), names.c.key).limit(1)).scalar_one_or_none()
        return story.model_copy(update={"evolvedfrom": found.partition("|")[2]}) if found else story

    def _grouped(self, connection: Connection, story: Story, now: datetime) -> Story:
        """With the group of copies it belongs to: that of a text alike on any wire, else one of its own."""
        signed = None if is_kill(story) else near.signature(story.text)
        if signed is None:
            return story
        keys = near.bands(signed)
        query = select(texts.c.group, texts.c.signature).where(
            and_(texts.c.band.in_(keys), texts.c.at >= now - ALIKE_FOR)
        )
        rows = {(row.group, bytes(row.signature)) for row in connection.execute(query)}
        group = near.nearest(signed, rows) or sha256(story.key.encode()).hexdigest()[:32]
        for band in keys:
            put(connection, texts, {"band": band, "key": story.key}, {"signature": signed, "group": group, "at": now})
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
            gone = and_(stories.c.updated < now - KEPT, stories.c.standing == Standing.LIVE.value)
            old += connection.execute(delete(stories).where(gone)).rowcount
        return old

    def standing(self) -> Mapping[str, int]:
        """How many stories stand how."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(stories.c.standing, func.count()).group_by(stories.c.standing))
            return {row[0]: row[1] for row in rows}

    def close(self) -> None:
        self._engine.dispose()


def _passed_before(connection: Connection, version: Mapping[str, str], delivery: str) -> int | None:
    """The number under which this very delivery was passed on before a higher version came, if it was.

    After a crash between remembering and passing on, both come again: then the lower one is passed on again too.
    """
    query = select(versions.c.passed).filter_by(**version, item=delivery)
    return connection.execute(query).scalar_one_or_none()


def _identity(item: WireItem) -> str:
    """One delivery: these bytes, received at this moment. The same delivery again is the broker's doing."""
    return f"{sha256(item.raw).hexdigest()}@{item.received.timestamp():.6f}"


def _rank_of(row: Any) -> Rank:
    """The rank that stands; one remembered by an earlier release lacks the time of receipt."""
    said = json.loads(row.rank)
    if len(said) == 5:
        said.insert(1, utc(row.received).timestamp())
    counted, received, at, held, version, digest = said
    return counted, received, at, held, version, digest


def _victim(kill: Story, called: Sequence[str]) -> str | None:
    """What a kill names, where it is not the story of its own id: another id, or words where the format has no ids."""
    named = kill.identifiers.get("kills")
    if named and "@" in named:
        return f"{_BY_ID}{named}"[:300]
    if not _nameless(kill):
        return None
    if named or (slug := next((each for each in called if each.startswith("slug:")), None)):
        return named or slug
    return called_by_headline(said) if (said := unlabelled(kill.headline or "")) else None


def _span(name: str) -> timedelta:
    """How long a name means one story."""
    return SLUG_FOR if name.startswith(("slug:", "headline:")) else NAMED_FOR


def _nameless(story: Story) -> bool:
    """Whether no desk would use the story's id: one made here, or that of a message."""
    return story.uri.startswith(_OWN) or bool(_MESSAGE.fullmatch(story.uri))


def _called(story: Story) -> list[str]:
    """What the desk may call the story later, where it has no id of its own."""
    called = []
    if item := story.identifiers.get("item"):
        called += [item, item.lstrip("abcdefghijklmnopqrstuvwxyz")]
    if story.slugline and _nameless(story):
        called.append(f"slug:{story.slugline.lower()[:280]}")
    elif story.headline and _nameless(story) and not is_kill(story):
        called.append(called_by_headline(story.headline))
    return [each for each in dict.fromkeys(called) if each]


def _add(connection: Connection, table: Any, values: Mapping[str, object]) -> None:
    """Inserts the row unless it is there."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def put(connection: Connection, table: Any, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Inserts the row or replaces what it says."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(table).values(**key, **values)
    connection.execute(made.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
