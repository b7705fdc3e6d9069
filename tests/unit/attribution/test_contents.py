"""The examples that stand with each pattern of what a cue takes."""

import pytest
from visitwire_attribution.verbs import reporting
from visitwire_extraction.stage import enrich_many
from visitwire_language.data_files import of_language, sections
from visitwire_language.text import Text

from tests.helpers.factories import make_story
from tests.helpers.language_model import language_model
from tests.helpers.pattern_examples import check_examples, rows_of, sources_of

TABLES = sections(of_language("contents.toml", "en"))
ROWS = rows_of(TABLES)


@pytest.fixture(scope="module")
def texts() -> dict[str, Text]:
    sources = sources_of(TABLES)
    stories = enrich_many([make_story(source, uri=source) for source in sources], language_model())
    return {story.story.text: Text(story.story.text, story.parse) for story in stories if story.parse is not None}


@pytest.mark.parametrize(("table", "number"), ROWS, ids=[f"{table} {number + 1}" for table, number in ROWS])
def test_a_content_is_found_as_its_examples_say(texts: dict[str, Text], table: str, number: int) -> None:
    check_examples(TABLES, table, number, {"reporting": reporting()}, texts)
