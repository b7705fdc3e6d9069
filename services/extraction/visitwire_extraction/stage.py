"""Name the people, countries, organisations and places of a story, and parse it once for all later stages."""

from collections.abc import Iterable, Sequence

from spacy.language import Language
from visitwire_runtime import Stage
from visitwire_schemas import STORIES, STORIES_PARSED, EnrichedStory, Story

from visitwire_extraction.document import document_of
from visitwire_extraction.entities import entities_of
from visitwire_extraction.model import knowledge_of, load, parse_many

__all__ = ["enrich_many", "extraction", "load"]


def enrich_many(stories: Sequence[Story], nlp: Language) -> list[EnrichedStory]:
    """Each story with its entities and its parse; a batch costs less than its stories one by one."""
    known = knowledge_of(nlp)
    enriched = []
    for parsed in parse_many(stories, nlp):
        parse = known.columns.parse_of(parsed.docs)
        doc = document_of(parsed.story, parse, parsed.docs)
        entities = entities_of(doc, known)
        enriched.append(EnrichedStory(story=parsed.story, entities=entities, parse=parse))
    return enriched


def extraction(nlp: Language, batch: int = 32) -> Stage[Story, EnrichedStory]:
    """The extraction stage, around a loaded model."""

    def handle(story: Story) -> Iterable[EnrichedStory]:
        return enrich_many([story], nlp)

    def handle_batch(stories: Sequence[Story]) -> Sequence[Iterable[EnrichedStory]]:
        return [[story] for story in enrich_many(stories, nlp)]

    return Stage("extraction", STORIES, STORIES_PARSED, handle, handle_batch=handle_batch, batch=batch)
