"""Which version of a story stands, whatever the order in which its versions and kills come."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from visitwire_schemas import PubStatus, Revision, Story

from visitwire_alerting.sighting import Sighting

type Rank = tuple[int, float, bool, float, float, str]
"""Orders the usable versions of a story: version, when the wire made it, a correction after what it corrects; then the
first received, when it was published, and something that never ties."""


@dataclass(frozen=True)
class Standing:
    """What is known of a story's versions: the best usable one, and the highest and the latest kill."""

    rank: Rank | None = None
    kill_version: int | None = None
    kill_at: float | None = None

    @property
    def live(self) -> bool:
        """A kill covers the versions up to its own, and whatever was published before it."""
        if self.rank is None:
            return False
        by_number = self.kill_version is not None and self.kill_version >= self.rank[0]
        return not (by_number or (self.kill_at is not None and self.kill_at >= self.rank[4]))

    def after(self, story: Story, content: str) -> "Standing":
        """What is known once `story` came too. `content` stands for what was found in it."""
        if is_kill(story):
            return replace(
                self,
                kill_version=max(story.version, self.kill_version or 0),
                kill_at=max(story.published.timestamp(), self.kill_at or 0.0),
            )
        rank = rank_of(story, content)
        return replace(self, rank=rank) if self.rank is None or rank > self.rank else self


def content_of(said: Sequence[Sighting]) -> str:
    """What tells two readings of one version apart."""
    return "\n".join(sighting.model_dump_json() for sighting in said)


def is_kill(story: Story) -> bool:
    return story.revision is Revision.KILL or story.pubstatus is not PubStatus.USABLE


def rank_of(story: Story, content: str) -> Rank:
    digest = hashlib.sha256(f"{story.raw_digest}|{content}".encode()).hexdigest()
    return (
        story.version,
        _seconds(story.versioncreated),
        story.revision is Revision.CORRECTION,
        -story.received.timestamp(),
        story.published.timestamp(),
        digest,
    )


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def dump(rank: Rank | None) -> str | None:
    return None if rank is None else json.dumps(rank)


def load(text: str | None) -> Rank | None:
    if text is None:
        return None
    version, created, correction, received, published, digest = json.loads(text)
    return version, created, correction, received, published, digest
