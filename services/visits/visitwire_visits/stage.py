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
    """Every visitor and destination that the reader links, likeliest first, with the visit where likely enough."""
    filed = Filed(story)
    context = context_of(story, filed.today, filed.here[0] if filed.here else None)
    resolver = Resolver(weights) if weights is not None else Resolver()
    return resolver.resolve(reader.read(story), context)


def unread_by(reader: Reader, story: EnrichedStory) -> str | None:
    """The story's language where it is known and the reader does not read it."""
    code = story.story.language_code
    return code if code is not None and code not in reader.languages else None


def visits_of(story: EnrichedStory, reader: Reader | None = None) -> tuple[Visit, ...]:
    """The visits that `story` reports, in order of their first evidence; none in a language that is not read."""
    chosen = reader or default()
    if unread_by(chosen, story) is not None:
        return ()
    found = [finding.visit for finding in findings(story, chosen) if finding.visit is not None]
    return tuple(sorted(found, key=lambda visit: visit.evidence[0].start if visit.evidence else 0))


def find(story: EnrichedStory, reader: Reader | None = None) -> EnrichedStory:
    """The story with its visits, and without its parse."""
    chosen = reader or default()
    unread = story.unread or unread_by(chosen, story)
    return story.model_copy(update={"visits": visits_of(story, chosen), "parse": None, "unread": unread})


def visits(reader: Reader | None = None) -> Stage[EnrichedStory, EnrichedStory]:
    """The visits stage, around whichever reader this process was given; the embedded one by default."""
    chosen = reader or default()

    def handle(story: EnrichedStory) -> Iterable[EnrichedStory]:
        yield find(story, chosen)

    return Stage("visits", source=STORIES_QUOTED, sink=STORIES_ENRICHED, handle=handle)
