"""Words that are countries only with a capital letter."""

import pytest
from spacy.language import Language
from visitwire_extraction.stage import enrich_many

from tests.helpers.factories import make_story


@pytest.mark.parametrize(
    "text",
    [
        "A family reunion was held in Norway.",
        "He wore a yellow jersey in Norway.",
        "They roasted a turkey in Norway.",
    ],
)
def test_small_words_are_no_countries(text: str, nlp: Language) -> None:
    story = enrich_many([make_story(text)], nlp)[0]
    assert [entity.country for entity in story.entities if entity.kind == "country"] == ["NO"]
