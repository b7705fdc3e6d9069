"""An old and a new release of a stage at work together on a real broker, deployed from the flow's end to its start."""

import json
from collections import Counter

from visitwire_alerting.ledger import rebuild
from visitwire_alerting.storage.database import open_database
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES, STORIES_ENRICHED, STORIES_PARSED, Story

from tests.integration.harness import Crew, Worker, arrived, send, standing, until
from tests.unit.alerting.makers import person, story

MODULE = "tests.integration.rolling"
STAGES = ("extraction", "attribution", "visits")
EACH = 40


def stories(begin: int) -> list[Story]:
    return [
        story(str(number), day=number / 100).story.model_copy(update={"headline": person(number).partition(" ")[2]})
        for number in range(begin, begin + EACH)
    ]


def fed(settings: Settings, begin: int, topic_count: int) -> None:
    send(settings, STORIES.name, map(STORIES.encode, stories(begin)))
    arrived(settings, STORIES_ENRICHED.name, topic_count)


def test_stages_are_replaced_one_after_the_other_and_the_newer_reading_stands(flow: Settings, crew: Crew) -> None:
    crew.start("visitwire_alerting").ready()
    workers: dict[str, Worker] = {name: crew.start(MODULE, name, "old").ready() for name in STAGES}
    fed(flow, 0, EACH)
    for name in reversed(STAGES):  # whoever reads a new field is there before anybody writes it
        new = crew.start(MODULE, name, "new").ready()
        fed(flow, EACH * len(crew.workers), len(standing(flow, STORIES_ENRICHED.name)) + EACH)  # both are at work
        workers[name].kill()  # what it had read and not acknowledged is read again, by the other release
        workers[name] = new
        fed(flow, EACH * (20 + len(crew.workers)), len(standing(flow, STORIES_ENRICHED.name)) + EACH)
    made = [json.loads(found.record.value or b"") for found in standing(flow, STORIES_ENRICHED.name)]
    told = {one["story"]["uri"] for one in made}
    assert len(told) == 7 * EACH
    by_last = {one["story"]["uri"]: one for one in sorted(made, key=lambda one: one["trace"][-1]["version"])}
    want = Counter(one["visits"][0]["status"] for one in by_last.values())
    assert want["accepted"] >= EACH  # since extraction is new
    assert want["invited"] >= EACH
    assert not [found for row in ("extraction", "attribution", "visits") for found in standing(flow, f"{row}-dlq")]
    engine = open_database(flow.database.get_secret_value())
    until(lambda: Counter(one.status.value for one in rebuild.each_standing(engine)) == want, "the ledger")
    engine.dispose()


def test_a_stage_before_the_others_loses_what_they_do_not_know(flow: Settings, crew: Crew) -> None:
    """Why the order of a deploy matters: an old stage in the middle drops a field that it does not know."""
    for name, release in (("extraction", "new"), ("attribution", "old"), ("visits", "new")):
        crew.start(MODULE, name, release).ready()
    fed(flow, 0, EACH)
    [parsed, *_] = standing(flow, STORIES_PARSED.name)
    assert json.loads(parsed.record.value or b"")["mood"] == "glad"
    made = [json.loads(found.record.value or b"") for found in standing(flow, STORIES_ENRICHED.name)]
    assert {(one.get("mood"), one["visits"][0]["status"]) for one in made} == {(None, "planned")}
