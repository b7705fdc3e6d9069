"""Which version of a story stands, whatever the order in which its versions and kills come."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from visitwire_schemas import EnrichedStory, PubStatus, ReadingRank, Revision, Story

from visitwire_alerting.ledger.fold.sighting import Sighting

GONE = 2**31 - 1
"""The version of the kill that covers whatever comes: of a story that was forgotten for the law's sake."""


class Rank(NamedTuple):
    """Orders the usable versions of a story, and the readings of one version."""

    version: int
    created: float
    """When the wire made it."""
    correction: bool
    """After what it corrects."""
    reading: ReadingRank
    """The newer stands."""
    received: float
    """The first received; less than 0."""
    published: float
    reader: str
    """A digest of who read it."""
    digest: str
    """Never ties."""

    @property
    def of_wire(self) -> tuple[int, float, bool]:
        """What the wire's versions are ordered by."""
        return self[:3]


@dataclass(frozen=True)
class StandingVersion:
    """What is known of a story's versions: the best usable one, and the highest and the latest kill."""

    rank: Rank | None = None
    kill_version: int | None = None
    kill_at: float | None = None

    @property
    def live(self) -> bool:
        """A kill covers the versions up to its own, and whatever was published before it."""
        if self.rank is None:
            return False
        by_number = self.kill_version is not None and self.kill_version >= self.rank.version
        return not (by_number or (self.kill_at is not None and self.kill_at >= self.rank.published))

    def after(self, enriched: EnrichedStory, content: str) -> "StandingVersion":
        """What is known once the story came too. `content` stands for what was found in it."""
        story = enriched.story
        if is_kill(story):
            return replace(
                self,
                kill_version=max(story.version, self.kill_version or 0),
                kill_at=max(story.published.timestamp(), self.kill_at or 0.0),
            )
        rank = rank_of(enriched, content)
        return replace(self, rank=rank) if self.rank is None or rank > self.rank else self


def content_of(said: Sequence[Sighting]) -> str:
    """What tells two readings of one version apart."""
    return "\n".join(sighting.model_dump_json() for sighting in said)


def is_kill(story: Story) -> bool:
    return story.revision is Revision.KILL or story.pubstatus is not PubStatus.USABLE


def rank_of(enriched: EnrichedStory, content: str) -> Rank:
    story = enriched.story
    digest = hashlib.sha256(f"{story.raw_digest}|{content}".encode()).hexdigest()
    return Rank(
        *of_wire(story),
        enriched.reading,
        -story.received.timestamp(),
        story.published.timestamp(),
        reader_of([(row.stage, row.version) for row in enriched.trace]),
        digest,
    )


def of_wire(story: Story) -> tuple[int, float, bool]:
    """What orders the versions of a story that its wire sent."""
    return story.version, _seconds(story.versioncreated), story.revision is Revision.CORRECTION


def reader_of(stages: Sequence[tuple[str, str]]) -> str:
    """A digest of the stages that read a story, each with its version; "" of none."""
    said = " ".join(f"{stage}/{version}" for stage, version in stages)
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest() if said else ""


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def dump(rank: Rank | None) -> str | None:
    return None if rank is None else json.dumps(rank)


def load(text: str | None) -> Rank | None:
    """The rank that `dump` wrote, in this release or in one before readings were told apart."""
    if text is None:
        return None
    parts: list[Any] = json.loads(text)
    if len(parts) == 6:
        version, created, correction, received, published, digest = parts
        return Rank(version, created, correction, (0.0, ()), received, published, "", digest)
    run, releases = parts[3]
    parts[3] = (run, tuple(tuple(numbers) for numbers in releases))
    return Rank(*parts)
