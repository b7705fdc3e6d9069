"""Name the people, countries, organisations and places of a story, and parse it once for all later stages."""

from collections.abc import Iterable, Sequence

from prometheus_client import Counter
from spacy.language import Language
from visitwire_runtime import Stage
from visitwire_runtime.setting_groups.extraction import ExtractionSettings
from visitwire_schemas import STORIES, STORIES_PARSED, EnrichedStory, Story

from visitwire_extraction.document import document_of
from visitwire_extraction.entities import entities_of
from visitwire_extraction.knowledge import Knowledge
from visitwire_extraction.model import Parsed, knowledge_of, load, parse_many, version_by

__all__ = ["configured", "enrich_many", "extraction", "load"]


def enrich_many(stories: Sequence[Story], nlp: Language) -> list[EnrichedStory]:
    """Each story with its entities and its parse; a batch costs less than its stories one by one.

    A story in a language that the model does not read is marked so and gets neither.
    """
    known = knowledge_of(nlp)
    foreign = [unread_by(nlp, story) for story in stories]
    parsed = iter(parse_many([story for story, code in zip(stories, foreign, strict=True) if code is None], nlp))
    return [
        _enriched(next(parsed), known) if code is None else EnrichedStory(story=story, unread=code)
        for story, code in zip(stories, foreign, strict=True)
    ]


def unread_by(nlp: Language, story: Story) -> str | None:
    """The story's language where it is known and not the model's."""
    return story.language_code if story.language_code not in (None, nlp.lang) else None


def _enriched(parsed: Parsed, known: Knowledge) -> EnrichedStory:
    parse = known.columns.parse_of(parsed.docs)
    doc = document_of(parsed.story, parse, parsed.docs)
    return EnrichedStory(story=parsed.story, entities=entities_of(doc, known), parse=parse)


def extraction(nlp: Language, batch: int = 32) -> Stage[Story, EnrichedStory]:
    """The extraction stage, around a loaded model; it counts the stories in languages that the model does not read."""
    unread = Counter("visitwire_unread_stories", "Stories in a language that is not read", ["language"], registry=None)

    def handle(story: Story) -> Iterable[EnrichedStory]:
        return _counted(enrich_many([story], nlp), unread)

    def handle_batch(stories: Sequence[Story]) -> Sequence[Iterable[EnrichedStory]]:
        return [[story] for story in _counted(enrich_many(stories, nlp), unread)]

    return Stage(
        "extraction",
        STORIES,
        STORIES_PARSED,
        handle,
        handle_batch=handle_batch,
        batch=batch,
        version=version_by(nlp),
        collectors=(unread,),
    )


def configured(settings: ExtractionSettings) -> Stage[Story, EnrichedStory]:
    """The stage with the model and the table of office-holders that the settings name. Raises what `load` raises."""
    return extraction(load(settings.model, settings.officeholders), settings.batch)


def _counted(stories: list[EnrichedStory], unread: Counter) -> list[EnrichedStory]:
    for story in stories:
        if story.unread is not None:
            unread.labels(story.unread).inc()
    return stories
