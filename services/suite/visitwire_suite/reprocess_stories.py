"""Where the past is read from, and where its new reading goes: Kafka, or the read model of a board without Kafka."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol

import structlog
from pydantic import ValidationError
from sqlalchemy import select
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.sql_tables import STORIES as KEPT
from visitwire_gateway.model.sql_tables import stamp
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_reader import FoundRecord, PartitionName, TopicReader
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import (
    FLOW,
    STORIES,
    STORIES_ENRICHED,
    EnrichedStory,
    Record,
    Story,
    Topic,
)

from visitwire_suite.reprocess_run import RunState

log = structlog.get_logger()


@dataclass(frozen=True)
class Past:
    """A story of the past, as the first stage that reads again takes it."""

    message: Story | EnrichedStory
    record: Record
    reached: tuple[str, int | str]
    """How far the run is once this story is done: a partition and its next offset, or "" and the story's key."""

    @property
    def story(self) -> Story:
        return self.message.story if isinstance(self.message, EnrichedStory) else self.message

    @property
    def readers(self) -> list[tuple[str, str]]:
        """Who read it already, and is not asked again."""
        trace = self.message.trace if isinstance(self.message, EnrichedStory) else ()
        return [(row.stage, row.version) for row in trace]


class Archive(Protocol):
    """Stories that lie somewhere, and may be put there again."""

    def stories(self) -> Iterator[Past | None]:
        """Those of the plan, from where the run came; None for a record that carries none."""

    def put(self, read: Sequence[EnrichedStory]) -> None:
        """Returns when the new readings are safe there."""

    def whole(self) -> bool:
        """Whether all that ever was there in that time is still there."""


def source_of(stage: str) -> Topic[Story] | Topic[EnrichedStory]:
    """The topic that the stage reads."""
    topic = next(row.source for row in FLOW if row.stage == stage)
    if not issubclass(topic.message, Story | EnrichedStory):
        raise ValueError(f"{stage} reads no stories")
    return topic


class Topics:
    """The archive on Kafka. A context manager."""

    def __init__(self, settings: Settings, state: RunState) -> None:
        self._state, self._source = state, source_of(state.plan.stage)
        self._open = ExitStack()
        self._reader = self._open.enter_context(TopicReader(settings, [self._source.name]))
        self._sender = self._open.enter_context(Sender(settings))

    def __enter__(self) -> "Topics":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def stories(self) -> Iterator[Past | None]:
        plan = self._state.plan
        reached = {PartitionName(*_split(place)): offset for place, offset in self._state.reached.items()}
        for found in self._reader.between(plan.begin, plan.end, reached):
            yield self._past(found)

    def _past(self, found: FoundRecord) -> Past | None:
        try:
            message = self._source.decode(found.record)
        except ValidationError:  # the stage made a dead letter of it
            return None
        return Past(message, found.record, (f"{found.topic}/{found.partition}", found.offset + 1))

    def put(self, read: Sequence[EnrichedStory]) -> None:
        for story in read:
            self._sender.send(STORIES_ENRICHED.name, STORIES_ENRICHED.encode(story))
        self._sender.flush()

    def whole(self) -> bool:
        return self._reader.reaches_back_to(self._state.plan.begin)


def _split(place: str) -> tuple[str, int]:
    topic, _, partition = place.rpartition("/")
    return topic, int(partition)


SOME = 200
"""Stories read from the read model at once."""


class Board:
    """The archive of a suite that runs in one process: what the board keeps."""

    def __init__(self, settings: Settings, state: RunState) -> None:
        self._state = state
        self._engine = open_database(settings.gateway_database.get_secret_value())

    def stories(self) -> Iterator[Past | None]:
        after = self._state.after or ""
        while rows := self._some(after):
            for key, body in rows:
                story = EnrichedStory.model_validate_json(body).story
                yield Past(story, STORIES.encode(story), ("", key))
                after = key

    def _some(self, after: str) -> list[tuple[str, str]]:
        plan, usable = self._state.plan, KEPT.c.usable
        then = KEPT.c.received >= stamp(plan.begin), KEPT.c.received < stamp(plan.end)
        query = select(KEPT.c.key, KEPT.c.body).where(KEPT.c.key > after, usable, *then).order_by(KEPT.c.key)
        with self._engine.connect() as connection:
            return [(row.key, row.body) for row in connection.execute(query.limit(SOME))]

    def put(self, read: Sequence[EnrichedStory]) -> None:
        made = [project(STORIES_ENRICHED.name, STORIES_ENRICHED.encode(story)) for story in read]
        write(self._engine, [rows for rows in made if rows is not None])

    def whole(self) -> bool:
        return True


def now() -> datetime:
    return datetime.now(UTC)
