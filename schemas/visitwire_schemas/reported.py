"""Which visits of the ledger a story reports: what joins stories with visits."""

from typing import Annotated

from pydantic import Field

from visitwire_schemas.base import Message
from visitwire_schemas.story import story_key


class ReportedVisit(Message):
    """One of the story's visits, and the visit of the ledger that it is."""

    visit: str
    """The id of the ledger's visit, the key of visits-v1."""
    index: Annotated[int, Field(ge=0)]
    """Which of the `visits` of the story on stories-enriched-v1 it is, from 0."""
    quotes: tuple[int, ...] = ()
    """Which of the story's `quotes` say it, from 0; empty too where an older release entered the report."""


class StoryReports(Message):
    """What one story reports, in the version that stands. Of a dismissed visit it reports none."""

    provider: str
    """The wire."""
    uri: str
    """Its story."""
    version: int
    """The version of the story that `index` and `quotes` count in."""
    reports: tuple[ReportedVisit, ...]
    """In the order of the story's visits."""

    @property
    def key(self) -> str:
        return story_key(self.provider, self.uri)
