"""Finds the stories whose records retention removed before a stage read them, and sends them again, over kafka-python.

They are still on the topic that they come from, as that one is kept longer. Which they are, between what came through
before and what the stage still finds, is asked of the topics themselves, since nobody can read what was removed.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from kafka.structs import OffsetAndMetadata  # type: ignore[import-untyped]
from pydantic import AwareDatetime, BaseModel, ValidationError
from visitwire_schemas import FLOW, STORIES_ENRICHED, EnrichedStory, Record, Story

from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_kafka_python
from visitwire_runtime.consumer_check import Gap
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.stage import AnyTopic
from visitwire_runtime.topic_names import group, on_broker
from visitwire_runtime.topic_sender import Sender

MARGIN = timedelta(minutes=15)
"""How far the clocks of two machines may differ for nothing to be left out."""
TAIL = 200
"""Records at a topic's end that are looked at for what came through last: more than a stage has under way."""
PATIENCE = 30.0
"""Seconds without a record that is known to be there."""


def kept_longer(source: AnyTopic) -> AnyTopic | None:
    """The nearest topic before `source` in the flow that is kept longer; None where there is none."""
    earlier = [row.source for row in FLOW]
    names = [topic.name for topic in earlier]
    if source.name not in names or source.retention is None:
        return None
    before = reversed(earlier[: names.index(source.name)])
    return next((topic for topic in before if topic.retention is None or topic.retention > source.retention), None)


class Plan(BaseModel, frozen=True):
    """What is sent again of a partition. It is kept on the broker with the offset that was reached."""

    since: AwareDatetime | None
    """None: from the topic's beginning."""
    before: AwareDatetime
    end: int
    """The offset at which it is done."""


class Uneven(Exception):
    """Two topics differ in their partitions, so that a story's partition does not tell where it lies on the other."""


class LostStories:
    """Those of one stage's source. How far they were sent again is the offset of a group of its own, so that it
    outlives the worker, and whoever has the partition next goes on. Methods raise `KafkaError` or `OSError` where the
    broker is away or denies it, and `Uneven`."""

    def __init__(self, stage: str, source: AnyTopic, origin: AnyTopic, settings: WorkerSettings) -> None:
        self._source, self._origin, self._settings = source, origin, settings
        self._topics = origin, source, STORIES_ENRICHED
        self._group = group(settings, f"{stage}-lost")
        self._consumer: Any = None
        self._sender: Sender | None = None
        self._through: dict[int, tuple[Plan, dict[str, Rank]]] = {}
        self.stopped = Event()

    def note(self, gap: Gap) -> None:
        """Writes down what to send again."""
        home = self._place(self._origin, gap.partition)
        since, before = self._came_through(gap.partition), gap.before or datetime.now(UTC)
        begin = self._client(gap.partition).beginning_offsets([home])[home]
        first, end = self._at(home, since - MARGIN) if since else begin, self._at(home, before + MARGIN)
        if (under_way := self._noted(home)) is not None:
            offset, plan = under_way
            first, end, before = min(first, offset), max(end, plan.end), max(before, plan.before)
            since = None if since is None or plan.since is None else min(since, plan.since)
        if first < end:
            self._write(home, first, Plan(since=since, before=before, end=end))

    def send(self, partition: int, most: int) -> int | None:
        """Sends at most so many again, and returns how many; None if nothing is left."""
        home = self._place(self._origin, partition)
        if (under_way := self._noted(home)) is None:
            self._through.pop(partition, None)
            return None
        offset, plan = under_way
        known, sent, reached = self._known(partition, plan), 0, plan.end
        for place, record in self._records(home, offset, plan.end):
            story = _story(self._origin, record)
            if story is not None and known.get(story.key, LOWEST) < _rank(story):
                self._sender = self._sender or Sender(self._settings, "visitwire-lost")
                self._sender.send(self._origin.name, record)
                known[story.key] = _rank(story)
                sent += 1
            if sent == most:
                reached = place + 1
                break
        if self._sender is not None:
            self._sender.flush()
        self._write(home, reached, plan if reached < plan.end else None)
        return sent

    @property
    def is_open(self) -> bool:
        """Whether it has connections."""
        return self._consumer is not None or self._sender is not None

    def close(self) -> None:
        """Ends its connections; the next call makes new ones."""
        consumer, sender, self._consumer, self._sender = self._consumer, self._sender, None, None
        with suppress(Exception):  # what is left of a client whose broker is away
            if sender is not None:
                sender.close()
            if consumer is not None:
                consumer.close(autocommit=False)

    def _came_through(self, partition: int) -> datetime | None:
        """When the stories were received that came through last; None if there are none."""
        place = self._place(STORIES_ENRICHED, partition)
        begin, last = self._client(partition).beginning_offsets([place])[place], self._end(place)
        while last > begin:
            first = max(begin, last - TAIL)
            found = [_message(STORIES_ENRICHED, record) for _, record in self._records(place, first, last)]
            ours = [one for one in found if isinstance(one, EnrichedStory) and one.reprocessed is None]
            if ours:
                return min(one.story.received for one in ours)
            last = first
        return None

    def _known(self, partition: int, plan: Plan) -> "dict[str, Rank]":
        """By story, the highest version that came through since, or that the stage still finds."""
        kept = self._through.get(partition)
        if kept is None or kept[0] != plan:
            out, waiting = self._place(STORIES_ENRICHED, partition), self._place(self._source, partition)
            begins = self._client(partition).beginning_offsets([out, waiting])
            first = self._at(out, plan.since - MARGIN) if plan.since else begins[out]
            known: dict[str, Rank] = {}
            self._learn(known, STORIES_ENRICHED, self._records(out, first, self._end(out)))
            self._learn(
                known, self._source, self._records(waiting, begins[waiting], self._at(waiting, plan.before + MARGIN))
            )
            kept = self._through[partition] = plan, known
        return kept[1]

    def _learn(self, known: "dict[str, Rank]", topic: AnyTopic, found: Iterator[tuple[int, Record]]) -> None:
        for _, record in found:
            if (story := _story(topic, record)) is not None:
                known[story.key] = max(known.get(story.key, LOWEST), _rank(story))

    def _noted(self, home: Any) -> tuple[int, Plan] | None:
        found = self._client(home.partition).committed(home, metadata=True)
        if not found or not found.metadata:
            return None
        try:
            return found.offset, Plan.model_validate_json(found.metadata)
        except ValidationError:  # not ours
            return None

    def _write(self, home: Any, offset: int, plan: Plan | None) -> None:
        metadata = plan.model_dump_json() if plan else ""
        self._client(home.partition).commit({home: OffsetAndMetadata(offset, metadata, -1)}, timeout_ms=PATIENCE * 1000)

    def _records(self, place: Any, first: int, last: int) -> Iterator[tuple[int, Record]]:
        """Those of a partition from `first` until before `last`, with their offsets."""
        client = self._client(place.partition)
        client.pause(*client.assignment())
        client.resume(place)
        client.seek(place, first)
        deadline = monotonic() + PATIENCE
        while client.position(place) < last and not self.stopped.is_set():
            for each in client.poll(timeout_ms=500).get(place, ()):
                deadline = monotonic() + PATIENCE
                if each.offset < last:
                    yield each.offset, Record(each.key, each.value, tuple(each.headers))
            if monotonic() > deadline:
                raise KafkaTimeoutError(f"{place.topic} gives no record")
        if self.stopped.is_set():
            raise KafkaTimeoutError("stopped")

    def _at(self, place: Any, time: datetime) -> int:
        """The first offset that is not from before `time`; the end where there is none."""
        found = self._client(place.partition).offsets_for_times({place: round(time.timestamp() * 1000)}).get(place)
        return int(found.offset) if found else self._end(place)

    def _end(self, place: Any) -> int:
        return int(self._client(place.partition).end_offsets([place])[place])

    def _even(self, client: Any) -> None:
        topics = [on_broker(self._settings, topic.name) for topic in self._topics]
        counts = {name: len(client.partitions_for_topic(name) or ()) for name in topics}
        if len(set(counts.values())) > 1:
            raise Uneven(", ".join(f"{name} has {count} partitions" for name, count in counts.items()))

    def _place(self, topic: AnyTopic, partition: int) -> Any:
        return TopicPartition(on_broker(self._settings, topic.name), partition)

    def _client(self, partition: int) -> Any:
        """The consumer, assigned that partition of each topic: of others it has no leaders, and gives no offsets."""
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                **for_kafka_python(self._settings),
                client_id="visitwire-lost",
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_partition_fetch_bytes=LARGEST_REQUEST,
            )
        places = {self._place(topic, partition) for topic in self._topics}
        if self._consumer.assignment() != places:
            self._even(self._consumer)
            self._consumer.assign(list(places))
        return self._consumer


type Rank = tuple[int, float]
LOWEST: Rank = (-1, 0.0)


def _rank(story: Story) -> Rank:
    """What orders a story's versions: the wire's count, then the receipt."""
    return story.version, story.received.timestamp()


def _story(topic: AnyTopic, record: Record) -> Story | None:
    message = _message(topic, record)
    return message.story if isinstance(message, EnrichedStory) else message


def _message(topic: AnyTopic, record: Record) -> Story | EnrichedStory | None:
    """None where the record carries none: it became a dead letter."""
    try:
        message = topic.decode(record)
    except ValidationError:
        return None
    return message if isinstance(message, Story | EnrichedStory) else None
