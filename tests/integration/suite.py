"""The whole flow over items, in one process or on Kafka, and what came of it in a form that can be compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visitwire_runtime.embedded import run
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    FLOW,
    STORIES_ENRICHED,
    VISITS,
    EnrichedStory,
    Record,
    WireItem,
    dead_letters,
)
from visitwire_suite.stages import STAGES, build

from tests.integration.harness import standing

type Plain = Mapping[str, Any]
"""A message as JSON has it."""


@dataclass(frozen=True)
class Outcome:
    """What the flow made of its input."""

    stories: Mapping[str, Plain]
    """Enriched stories by key and version, without the times in their trace."""
    alerts: Mapping[str, Plain]
    """Alerts by id."""
    visits: Mapping[str, Plain | None]
    """By id, each visit as it last stood; None after a tombstone."""
    repeated: int
    """Alerts that came again, with an id that had been there."""
    dead: Sequence[str]
    """The reasons of all dead letters."""


def embedded(items: Iterable[WireItem], folder: Path) -> Outcome:
    """In this process, with a ledger in `folder`."""
    settings = Settings(data_dir=folder)
    folder.mkdir(parents=True, exist_ok=True)
    produced = run([build(name, settings) for name in STAGES], items, spool=settings.spool)
    return outcome(dict(produced.records.items()))


def on_kafka(settings: Settings) -> Outcome:
    """What is on the broker now."""
    topics = [STORIES_ENRICHED, ALERTS, VISITS, *(row.dead_letters for row in FLOW)]
    return outcome({topic.name: [found.record for found in standing(settings, topic.name)] for topic in topics})


def outcome(records: Mapping[str, Sequence[Record]]) -> Outcome:
    stories = [STORIES_ENRICHED.decode(record) for record in records.get(STORIES_ENRICHED.name, ())]
    alerts = [ALERTS.decode(record) for record in records.get(ALERTS.name, ())]
    visits = records.get(VISITS.name, ())
    letters = [
        dead_letters(row.stage).decode(record) for row in FLOW for record in records.get(row.dead_letters.name, ())
    ]
    by_id = {alert.id: alert.model_dump(mode="json") for alert in alerts}
    return Outcome(
        stories={f"{story.key} {story.story.version}": untimed(story) for story in stories},
        alerts=by_id,
        visits={(record.key or b"").decode(): json.loads(record.value or b"null") for record in visits},
        repeated=len(alerts) - len(by_id),
        dead=[f"{letter.stage}: {letter.reason}" for letter in letters],
    )


def untimed(story: EnrichedStory) -> Plain:
    """The story as JSON; of its trace, who and which version."""
    plain = story.model_dump(mode="json")
    for row in plain["trace"]:
        del row["milliseconds"]
    return plain
