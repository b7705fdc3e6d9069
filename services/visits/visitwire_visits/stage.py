"""Finds the official visits that a story announces, changes or reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from visitwire_runtime.reader_release import version_of
from visitwire_runtime.setting_groups.visits import ReaderSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_runtime.stage import Stage
from visitwire_schemas import STORIES_ENRICHED, STORIES_QUOTED, EnrichedStory, ReadBy, Visit

from visitwire_visits.candidate import Candidate
from visitwire_visits.filed import Filed
from visitwire_visits.reader import Reader
from visitwire_visits.resolve.resolver import Finding, Resolver, context_of, joined_by
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.weights import Weights


@lru_cache(maxsize=1)
def default() -> Reader:
    """The reader that ships with the stage, read once."""
    return RulesReader()


@dataclass(frozen=True)
class Heard:
    """What the readers of one story gave, and which of them spoke."""

    candidates: Sequence[Candidate]
    read_by: tuple[ReadBy, ...]
    dropped: tuple[str, ...] = ()
    """What a reader said and was not believed, each with the reason, for `explain`."""

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(one.reader for one in self.read_by if one.spoke)


def heard_by(reader: Reader, story: EnrichedStory) -> Heard:
    """The story as one reader reads it; nothing in a language that it does not read."""
    if story.unread or unread_by(reader, story) is not None:
        return Heard((), ())
    found = [one if one.reader == reader.name else replace(one, reader=reader.name) for one in reader.read(story)]
    return Heard(found, (ReadBy(reader=reader.name, spoke=True),))


def findings(story: EnrichedStory, heard: Heard, weights: Mapping[str, Weights] | None = None) -> list[Finding]:
    """Every visitor and destination that was linked, likeliest first, with the visit where likely enough."""
    filed = Filed(story)
    context = context_of(story, filed.today, filed.here[0] if filed.here else None)
    resolver = Resolver(weights) if weights is not None else Resolver()
    return resolver.resolve(heard.candidates, joined_by(context, heard.candidates, heard.speakers))


def unread_by(reader: Reader, story: EnrichedStory) -> str | None:
    """The story's language where it is known and the reader does not read it."""
    code = story.story.language_code
    return code if code is not None and code not in reader.languages else None


def visits_of(story: EnrichedStory, reader: Reader | None = None) -> tuple[Visit, ...]:
    """The visits that `story` reports, in order of their first evidence; none in a language that is not read."""
    return visits_in(story, heard_by(reader or default(), story))


def visits_in(story: EnrichedStory, heard: Heard, weights: Mapping[str, Weights] | None = None) -> tuple[Visit, ...]:
    """The visits in what was heard, in order of their first evidence."""
    found = [finding.visit for finding in findings(story, heard, weights) if finding.visit is not None]
    return tuple(sorted(found, key=lambda visit: visit.evidence[0].start if visit.evidence else 0))


def find(story: EnrichedStory, reader: Reader | None = None) -> EnrichedStory:
    """The story with its visits, and without its parse."""
    chosen = reader or default()
    return settled(story, heard_by(chosen, story), story.unread or unread_by(chosen, story))


def settled(
    story: EnrichedStory, heard: Heard, unread: str | None = None, weights: Mapping[str, Weights] | None = None
) -> EnrichedStory:
    """The story with the visits in what was heard, and without its parse."""
    found = visits_in(story, heard, weights)
    return story.model_copy(update={"visits": found, "parse": None, "unread": unread, "read_by": heard.read_by})


def visits(reader: Reader | None = None) -> Stage[EnrichedStory, EnrichedStory]:
    """The visits stage, around whichever reader this process was given; the embedded one by default."""
    chosen = reader or default()

    def handle(story: EnrichedStory) -> Iterable[EnrichedStory]:
        yield find(story, chosen)

    version = version_of("visitwire_visits", "visitwire_language")
    return Stage("visits", source=STORIES_QUOTED, sink=STORIES_ENRICHED, handle=handle, version=version)


def embedded_only(settings: ReaderSettings) -> Stage[EnrichedStory, EnrichedStory]:
    """The stage around the embedded reader. Raises `CannotStart` where the settings ask for another."""
    if settings.readers != "rules":
        raise CannotStart(
            f"VISITWIRE_READERS is {settings.readers!r}, and `python -m visitwire_visits` has the embedded reader only;"
            " run `python -m visitwire_reader_llm`, an image of its own"
        )
    return visits()
