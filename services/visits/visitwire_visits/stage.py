"""Finds the official visits that a story announces, changes or reports."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from visitwire_runtime.stage import Stage
from visitwire_schemas import STORIES_ENRICHED, STORIES_QUOTED, EnrichedStory, Visit

from visitwire_visits.filed import Filed
from visitwire_visits.reader import Reader
from visitwire_visits.resolve.resolver import Finding, Resolver, context_of
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.weights import Weights


@lru_cache(maxsize=1)
def default() -> Reader:
    """The reader that ships with the stage, read once."""
    return RulesReader()


def findings(story: EnrichedStory, reader: Reader, weights: Mapping[str, Weights] | None = None) -> list[Finding]:
    """Every visitor and destination that the reader links, likeliest first, with the visit where it is likely enough."""
    filed = Filed(story)
    context = context_of(story, filed.today, filed.here[0] if filed.here else None)
    resolver = Resolver(weights) if weights is not None else Resolver()
    return resolver.resolve(reader.read(story), context)


def visits_of(story: EnrichedStory, reader: Reader | None = None) -> tuple[Visit, ...]:
    """The visits that `story` reports, in order of their first evidence. Without a parse nothing can be found."""
    if story.parse is None or not len(story.parse):
        return ()
    found = [finding.visit for finding in findings(story, reader or default()) if finding.visit is not None]
    return tuple(sorted(found, key=lambda visit: visit.evidence[0].start if visit.evidence else 0))


def find(story: EnrichedStory, reader: Reader | None = None) -> EnrichedStory:
    """The story with its visits, and without its parse."""
    return story.model_copy(update={"visits": visits_of(story, reader), "parse": None})


def visits(reader: Reader | None = None) -> Stage[EnrichedStory, EnrichedStory]:
    """The visits stage, around whichever reader this process was given; the embedded one by default."""
    chosen = reader or default()

    def handle(story: EnrichedStory) -> Iterable[EnrichedStory]:
        yield find(story, chosen)

    return Stage("visits", source=STORIES_QUOTED, sink=STORIES_ENRICHED, handle=handle)
