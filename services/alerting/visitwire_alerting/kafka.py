"""Reads the topics that a lost ledger is rebuilt from."""

from collections.abc import Iterator

from visitwire_runtime.reader import Reader
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES_ENRICHED, VISITS, EnrichedStory, LedgerVisit


def read_stories(settings: Settings) -> Iterator[EnrichedStory]:
    """Every story on stories-enriched-v1, from its beginning to what is its end now."""
    with Reader(settings, [STORIES_ENRICHED.name]) as reader:
        for found in reader.standing():
            if found.record.value is not None:
                yield STORIES_ENRICHED.decode(found.record)


def read_visits(settings: Settings) -> list[LedgerVisit]:
    """The visits that visits-v1 says stand."""
    standing: dict[bytes, LedgerVisit] = {}
    with Reader(settings, [VISITS.name]) as reader:
        for found in reader.standing():
            key = found.record.key or b""
            if found.record.value is None:
                standing.pop(key, None)
            else:
                standing[key] = VISITS.decode(found.record)
    return list(standing.values())
