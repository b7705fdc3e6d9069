"""Makes the topics on a broker, from what the code says of them, and never lowers what is there."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kafka.admin import ConfigResource, KafkaAdminClient  # type: ignore[import-untyped]
from visitwire_schemas import FLOW, dead_letters

from visitwire_runtime.broker_connection import for_kafka_python
from visitwire_runtime.broker_permissions import TOPIC_DENIED, denied
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_runtime.stage import AnyStage, AnyTopic
from visitwire_runtime.topic_names import on_broker, ours

ALREADY_EXISTS = 36
"""Kafka's error code TOPIC_ALREADY_EXISTS: another worker was first."""
FRAMING = 64 * 1024
"""Bytes a record batch may take beyond the records themselves."""


@dataclass(frozen=True)
class TopicOnBroker:
    """A topic as the broker has it."""

    name: str
    """With the prefix that it has there."""
    partitions: int
    replication: int
    configs: Mapping[str, str] = field(default_factory=dict)
    """What differs from the broker's defaults."""

    def number(self, name: str) -> int | None:
        value = self.configs.get(name)
        return None if value is None else int(value)


@dataclass(frozen=True)
class TopicChange:
    """What was done to a topic, or why it was left, in plain words."""

    topic: str
    words: str
    done: bool = True


class TopicsRefused(CannotStart):
    """The broker would not make a topic."""


def flow_topics(stages: Iterable[str] | None = None) -> list[AnyTopic]:
    """Every topic of the flow, the dead letters' too; only those that `stages` read or write, where given."""
    rows = [row for row in FLOW if stages is None or row.stage in set(stages)]
    topics = [topic for row in rows for topic in (row.source, *row.sinks, row.dead_letters)]
    return list({topic.name: topic for topic in topics}.values())


def stage_topics(stage: AnyStage) -> list[AnyTopic]:
    """The topics a stage's worker needs before it starts."""
    known = flow_topics([stage.name])
    own = [stage.source, *([stage.sink] if stage.sink else []), dead_letters(stage.name)]
    return list({topic.name: topic for topic in [*known, *own]}.values())


@contextmanager
def _admin(settings: BrokerSettings) -> Iterator[Any]:
    admin = KafkaAdminClient(**for_kafka_python(settings), client_id="visitwire-admin", request_timeout_ms=20_000)
    try:
        yield admin
    finally:
        admin.close()


def configs(topic: AnyTopic) -> dict[str, str]:
    """The broker's settings of a topic that are ours to say."""
    milliseconds = -1 if topic.retention is None else int(topic.retention.total_seconds() * 1000)
    tombstones = {"delete.retention.ms": str(int(topic.tombstones.total_seconds() * 1000))} if topic.compacted else {}
    return tombstones | {
        "retention.ms": str(milliseconds),
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "max.message.bytes": str(topic.max_bytes + FRAMING),
    }


def standing(settings: BrokerSettings, topics: Iterable[AnyTopic]) -> dict[str, TopicOnBroker]:
    """Those of the topics that exist, by our name of them. Raises `Denied`."""
    with _admin(settings) as admin:
        there = _standing(admin, [on_broker(settings, topic.name) for topic in topics], settings)
    return {ours(settings, name): found for name, found in there.items()}


def create(
    settings: BrokerSettings, topics: Iterable[AnyTopic], *, raise_partitions: bool = False
) -> list[TopicChange]:
    """Makes what is missing and raises what is too small.

    More partitions move keys to others, so that versions of one story may overtake each other while the old ones
    drain: that is done only with `raise_partitions`. Raises `TopicsRefused`, or `Denied` where ACLs are why.
    """
    wanted = {on_broker(settings, topic.name): topic for topic in topics}
    with _admin(settings) as admin:
        there = _standing(admin, list(wanted), settings)
        missing = {name: topic for name, topic in wanted.items() if name not in there}
        changes = _make(admin, missing, settings)
        for name, found in there.items():
            changes += _raise_configs(admin, wanted[name], found)
            changes += _partitions(admin, wanted[name], found, raise_partitions)
    return changes


def _standing(admin: Any, names: list[str], settings: BrokerSettings) -> dict[str, TopicOnBroker]:
    answers = admin.describe_topics(names)
    if unseen := [topic["name"] for topic in answers if topic["error_code"] == TOPIC_DENIED]:
        raise denied(settings.broker, [f"DESCRIBE on topic {name}" for name in unseen])
    described = [topic for topic in answers if topic["error_code"] == 0]
    resources = [ConfigResource("topic", topic["name"]) for topic in described]
    found = admin.describe_configs(resources).get("topic", {}) if resources else {}
    return {
        topic["name"]: TopicOnBroker(
            topic["name"],
            len(topic["partitions"]),
            min((len(partition["replica_nodes"]) for partition in topic["partitions"]), default=0),
            {name: row["value"] for name, row in found.get(topic["name"], {}).items()},
        )
        for topic in described
    }


def _make(admin: Any, topics: Mapping[str, AnyTopic], settings: BrokerSettings) -> list[TopicChange]:
    if not topics:
        return []
    asked = {
        name: {
            "num_partitions": topic.partitions,
            "replication_factor": settings.replication,
            "configs": configs(topic),
        }
        for name, topic in topics.items()
    }
    answers = admin.create_topics(asked, raise_errors=False)["topics"]
    refused = [answer for answer in answers if answer["error_code"] not in (0, ALREADY_EXISTS)]
    if lacks := [f"CREATE on topic {answer['name']}" for answer in refused if answer["error_code"] == TOPIC_DENIED]:
        raise denied(settings.broker, lacks)
    if refused:
        words = "; ".join(f"{answer['name']}: {answer['error_message']}" for answer in refused)
        raise TopicsRefused(f"Kafka at {settings.broker} would not make topics: {words}")
    admin.wait_for_topics(list(topics))
    return [TopicChange(name, f"made with {topic.partitions} partitions") for name, topic in topics.items()]


def _raise_configs(admin: Any, topic: AnyTopic, found: TopicOnBroker) -> list[TopicChange]:
    wanted, changes = configs(topic), []
    for name in ("retention.ms", "max.message.bytes"):
        is_there, want = found.number(name), int(wanted[name])
        if is_there is not None and is_there != -1 and (want == -1 or want > is_there):
            admin.alter_configs([ConfigResource("topic", found.name, {name: wanted[name]})])
            changes.append(TopicChange(found.name, f"{name} raised from {is_there} to {want}"))
    changes += _tombstones(admin, topic, found)
    policy = found.configs.get("cleanup.policy", "delete")
    if policy != wanted["cleanup.policy"]:
        words = f"cleanup.policy is {policy}, wanted {wanted['cleanup.policy']}: left, as changing it removes records"
        changes.append(TopicChange(found.name, words, done=False))
    return changes


def _tombstones(admin: Any, topic: AnyTopic, found: TopicOnBroker) -> list[TopicChange]:
    """Kafka keeps them for a day where nobody says otherwise: a consumer that was away for longer never sees them."""
    wanted = configs(topic).get("delete.retention.ms")
    is_there = found.number("delete.retention.ms") or 86_400_000
    compacted = "compact" in found.configs.get("cleanup.policy", "")
    if wanted is None or not compacted or int(wanted) <= is_there:
        return []
    admin.alter_configs([ConfigResource("topic", found.name, {"delete.retention.ms": wanted})])
    return [TopicChange(found.name, f"delete.retention.ms raised from {is_there} to {wanted}")]


def _partitions(admin: Any, topic: AnyTopic, found: TopicOnBroker, allowed: bool) -> list[TopicChange]:
    if found.partitions >= topic.partitions:
        return []
    if not allowed:
        words = (
            f"{found.partitions} partitions, wanted {topic.partitions}: left, as more would reorder stories under way"
        )
        return [TopicChange(found.name, words, done=False)]
    admin.create_partitions({found.name: topic.partitions})
    return [TopicChange(found.name, f"partitions raised from {found.partitions} to {topic.partitions}")]
