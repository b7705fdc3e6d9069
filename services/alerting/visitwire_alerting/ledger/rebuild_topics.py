"""Reads the topics that a lost ledger is rebuilt from."""

from collections.abc import Iterator

from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.topic_reader import TopicReader
from visitwire_schemas import STORIES_ENRICHED, VISITS, EnrichedStory, LedgerVisit


def read_stories(settings: BrokerSettings) -> Iterator[EnrichedStory]:
    """Every story on stories-enriched-v1, from its beginning to what is its end now."""
    with TopicReader(settings, [STORIES_ENRICHED.name]) as reader:
        for found in reader.standing():
            if found.record.value is not None:
                yield STORIES_ENRICHED.decode(found.record)


def read_visits(settings: BrokerSettings) -> Iterator[tuple[str, LedgerVisit | None]]:
    """What visits-v1 says of each visit, in its order: how it stands, or None where nothing supports it any more."""
    with TopicReader(settings, [VISITS.name]) as reader:
        for found in reader.standing():
            id = (found.record.key or b"").decode()
            yield id, VISITS.decode(found.record) if found.record.value is not None else None
