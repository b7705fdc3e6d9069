"""The stages themselves on Kafka: the same results as in one process, and nothing broken stops them."""

import pytest
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES_ENRICHED, VISITS, WIRE_ITEMS

from tests.helpers.invented import stories
from tests.integration.harness import Crew, arrived, send
from tests.integration.suite import Outcome, embedded, on_kafka

COUNT = 500
PATIENCE = 240.0


@pytest.fixture(scope="module")
def want(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What 500 stories come to in one process."""
    return embedded((story.item for story in stories(COUNT)), tmp_path_factory.mktemp("embedded"))


@pytest.mark.parametrize("workers", [1, 2])
def test_500_stories_give_the_same_on_kafka_as_in_one_process(
    flow: Settings, crew: Crew, want: Outcome, workers: int
) -> None:
    crew.flow(workers)
    send(flow, WIRE_ITEMS.name, (WIRE_ITEMS.encode(story.item) for story in stories(COUNT)))
    arrived(flow, STORIES_ENRICHED.name, COUNT, PATIENCE)
    arrived(flow, ALERTS.name, len(want.alerts))
    arrived(flow, VISITS.name, len(want.alerts))
    got = on_kafka(flow)
    assert len(want.stories) == COUNT
    assert len(want.alerts) > COUNT // 2
    assert (got.dead, got.repeated) == ([], 0)
    assert got.stories == want.stories
    assert got.alerts == want.alerts
    assert got.visits == want.visits
