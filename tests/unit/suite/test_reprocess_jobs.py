"""Several processes read batches of stories, and give them back in order."""

from itertools import batched

from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES_PARSED, EnrichedStory, Record
from visitwire_suite.chain import Failed
from visitwire_suite.reprocess_pool import Readers

from tests.helpers.factories import make_enriched, make_story

NAMES = ("attribution", "visits")
"""Those that load no language model."""


def test_what_processes_read_comes_in_order_and_is_what_one_reads() -> None:
    records = [STORIES_PARSED.encode(make_enriched(make_story(uri=f"s{number}"))) for number in range(11)]
    records[4] = Record(b"bad", b"{}")
    found = []
    for jobs in (1, 2):
        with Readers(Settings(), NAMES, jobs) as readers:
            read = list(readers.over(batched(records, 2), list))
            found.append((readers.versions, [_read(one) for _, made in read for one in made]))
    assert found[0] == found[1]
    assert found[0][1] == [f"s{number}" if number != 4 else "attribution" for number in range(11)]


def _read(made: bytes | Failed) -> str:
    return made.stage if isinstance(made, Failed) else EnrichedStory.model_validate_json(made).story.uri
