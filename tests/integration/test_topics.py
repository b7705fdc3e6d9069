"""Topics are made as the flow wants them, and what is there is never lowered."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyTopic
from visitwire_runtime.topic_admin import TopicChange, TopicOnBroker
from visitwire_schemas import VISITS, Topic

from tests.integration.words import Word, source

DAY = 86_400_000


@pytest.fixture
def topic() -> Topic[Word]:
    return replace(source(uuid4().hex[:8]), partitions=3, retention=timedelta(days=2), max_bytes=1_000_000)


def standing(settings: Settings, topic: AnyTopic) -> TopicOnBroker:
    return topic_admin.standing(settings, [topic])[topic.name]


def test_a_topic_is_made_as_it_is_described(settings: Settings, topic: Topic[Word]) -> None:
    assert topic_admin.create(settings, [topic]) == [TopicChange(topic.name, "made with 3 partitions")]
    wanted = {"retention.ms": str(2 * DAY), "cleanup.policy": "delete", "max.message.bytes": "1065536"}
    assert standing(settings, topic) == TopicOnBroker(topic.name, 3, 1, wanted)
    assert topic_admin.create(settings, [topic]) == []


def test_what_is_larger_stays(settings: Settings, topic: Topic[Word]) -> None:
    topic_admin.create(settings, [topic])
    before = standing(settings, topic)
    smaller = replace(topic, partitions=1, retention=timedelta(hours=1), max_bytes=1000)
    assert topic_admin.create(settings, [smaller], raise_partitions=True) == []
    assert standing(settings, topic) == before


def test_what_is_smaller_is_raised_and_partitions_only_when_asked(settings: Settings, topic: Topic[Word]) -> None:
    topic_admin.create(settings, [topic])
    larger = replace(topic, partitions=5, retention=timedelta(days=3), max_bytes=2_000_000)
    assert topic_admin.create(settings, [larger]) == [
        TopicChange(topic.name, f"retention.ms raised from {2 * DAY} to {3 * DAY}"),
        TopicChange(topic.name, "max.message.bytes raised from 1065536 to 2065536"),
        TopicChange(topic.name, "3 partitions, wanted 5: left, as more would reorder stories under way", done=False),
    ]
    assert topic_admin.create(settings, [larger], raise_partitions=True) == [
        TopicChange(topic.name, "partitions raised from 3 to 5")
    ]
    assert standing(settings, topic).partitions == 5


def test_keeping_for_ever_is_never_cut(settings: Settings, topic: Topic[Word]) -> None:
    topic_admin.create(settings, [replace(topic, retention=None)])
    assert topic_admin.create(settings, [topic]) == []
    assert standing(settings, topic).number("retention.ms") == -1


def test_a_cleanup_policy_is_left_and_said(settings: Settings, topic: Topic[Word]) -> None:
    topic_admin.create(settings, [topic])
    assert topic_admin.create(settings, [replace(topic, compacted=True)]) == [
        TopicChange(
            topic.name, "cleanup.policy is delete, wanted compact: left, as changing it removes records", done=False
        )
    ]


def test_tombstones_are_kept_for_those_who_were_away(settings: Settings, topic: Topic[Word]) -> None:
    brief = replace(topic, compacted=True, tombstones=timedelta(days=1))
    topic_admin.create(settings, [brief])
    assert topic_admin.create(settings, [replace(brief, tombstones=timedelta(days=14))]) == [
        TopicChange(topic.name, f"delete.retention.ms raised from {DAY} to {14 * DAY}")
    ]
    assert topic_admin.create(settings, [brief]) == []
    assert standing(settings, topic).number("delete.retention.ms") == 14 * DAY


def test_the_flow_has_all_its_topics(flow: Settings) -> None:
    there = topic_admin.standing(flow, topic_admin.flow_topics())
    assert sorted(there) == sorted(topic.name for topic in topic_admin.flow_topics())
    visits = there[VISITS.name]
    assert (visits.configs["cleanup.policy"], visits.number("retention.ms")) == ("compact", -1)
