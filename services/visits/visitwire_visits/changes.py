"""What a changed lexicon changes on stories: the visits it finds that the other does not, and the reverse."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from visitwire_schemas import EnrichedStory

from visitwire_visits.explain import summary
from visitwire_visits.lexicon import Lexicon
from visitwire_visits.stage import visits_of


@dataclass(frozen=True)
class StoryChange:
    """What two lexicons find differently in one story, each visit in one line."""

    uri: str
    headline: str | None
    lost: tuple[str, ...]
    gained: tuple[str, ...]


def changes(stories: Iterable[EnrichedStory], before: Lexicon, after: Lexicon) -> Iterator[StoryChange]:
    """The stories in which the two lexicons differ, in order."""
    for story in stories:
        old, new = ([summary(visit) for visit in visits_of(story, lexicon)] for lexicon in (before, after))
        lost, gained = tuple(v for v in old if v not in new), tuple(v for v in new if v not in old)
        if lost or gained:
            yield StoryChange(story.story.uri, story.story.headline, lost, gained)


def lines(change: StoryChange) -> list[str]:
    """A change for people, a line each."""
    told = [f"{change.uri}: {change.headline or 'no headline'}"]
    return [*told, *(f"  - {visit}" for visit in change.lost), *(f"  + {visit}" for visit in change.gained)]
