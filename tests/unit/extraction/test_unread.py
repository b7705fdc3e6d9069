"""Stories in a language that the model does not read: marked, counted, and left alone."""

import pytest
from prometheus_client import CollectorRegistry
from spacy.language import Language
from visitwire_extraction.stage import extraction
from visitwire_schemas import EnrichedStory

from tests.helpers.factories import make_story

FRENCH = "Le président Lucas Andrade se rendra en Inde la semaine prochaine, a annoncé le ministère à Paris."


def test_a_story_in_another_language_is_marked_and_gets_nothing(nlp: Language) -> None:
    foreign, english = make_story(FRENCH, language="fr-FR"), make_story(language="en-GB")
    stage = extraction(nlp)
    assert stage.handle_batch is not None
    [[first], [second]] = [list(given) for given in stage.handle_batch([foreign, english])]

    assert first == EnrichedStory(story=foreign, unread="fr")
    assert (second.story, second.unread) == (english, None)
    assert "Lucas Andrade" in {entity.name for entity in second.entities}


def test_such_stories_are_counted_by_language(nlp: Language) -> None:
    stage, registry = extraction(nlp), CollectorRegistry()
    for collector in stage.collectors:
        registry.register(collector)
    for language in ("fr", "fr-CA", "de", "en", None):
        list(stage.handle(make_story(FRENCH, language=language)))

    counts = {
        code: registry.get_sample_value("visitwire_unread_stories_total", {"language": code})
        for code in ("fr", "de", "en")
    }
    assert counts == {"fr": 2.0, "de": 1.0, "en": None}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"),
        ("EN", "en"),
        ("eng", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("fil", "fil"),
        ("und", None),
        ("mul", None),
        ("English text", None),
        ("", None),
        (None, None),
    ],
)
def test_the_code_of_a_tag(tag: str | None, code: str | None) -> None:
    assert make_story(language=tag).language_code == code
