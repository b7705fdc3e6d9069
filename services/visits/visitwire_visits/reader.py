"""The seam between language and the rest: whoever reads a story for what it says of visits."""

from collections.abc import Sequence
from typing import Protocol

from visitwire_schemas import EnrichedStory

from visitwire_visits.candidate import Candidate


class Reader(Protocol):
    """Reads one story, with its entities, quotes and parse, for what it says of visits.

    A reader knows a language. It knows nothing of who is an official, what is abroad, or of other stories, and nothing
    after it looks at grammar: what it gives is all that the resolver sees.
    """

    name: str
    """What events call it."""
    languages: frozenset[str]
    """ISO 639-1 codes of the languages it reads."""

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        """Every place of the story that may tell of a visit, in text order."""
        ...
