"""The life of a story: what arrives, what stands, what is passed on. Pure functions; the keeper remembers.

A kill is final: whatever comes before or after it, in any order, the story is dead. Otherwise the delivery of the
highest rank decides, so that neither the order of processing nor repetition can change where a story ends. The wire's
own count of versions goes first, then the time of receipt, which travels with the raw item: a wire's dates go
backwards, are missing, or lie in 2062, and what was received last is what the wire says now.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from visitwire_schemas import PubStatus, Revision, Story

type Rank = tuple[int, float, float, int, int, str]
"""What orders deliveries: count, receipt, date, hold, number; the last entry is the story's `digest`."""

_COUNTED = 1_000_000
"""A version below this counts revisions; above it is some other number, and only the receipt orders it."""


class StoryState(StrEnum):
    LIVE = "live"
    HELD = "held"
    EMBARGOED = "embargoed"
    KILLED = "killed"


@dataclass(frozen=True)
class KnownStory:
    """What is remembered of one story."""

    rank: Rank
    standing: StoryState
    out: bool = False
    """Whether any version of it was passed on."""
    version: int = 0
    """The version that was passed on last; what is passed on after it has a higher one."""
    item: str = ""
    """The delivery that brought it here: the same delivery again passes on the same."""


@dataclass(frozen=True)
class Decision:
    known: KnownStory
    emit: Story | None = None
    why: str = ""
    """In a word, for the log: new, again, late, held, embargoed, killed."""


def digest(story: Story) -> str:
    """What makes two deliveries the same version: everything but when and in which bytes they came."""
    body = story.model_dump_json(exclude={"received", "raw_digest", "same_as", "warnings"})
    return sha256(body.encode("utf-8", "replace")).hexdigest()


def rank(story: Story) -> Rank:
    """The order of deliveries: the version's number, the receipt; of those received in one file or look, the date, and
    a hold after what it holds."""
    counted = story.version if story.version < _COUNTED else 0
    at = story.versioncreated.timestamp() if story.versioncreated else 0.0
    return (
        counted,
        story.received.timestamp(),
        at,
        int(story.pubstatus == PubStatus.WITHHELD),
        story.version,
        digest(story),
    )


def is_kill(story: Story) -> bool:
    return story.pubstatus == PubStatus.CANCELED or story.revision == Revision.KILL


def decide(known: KnownStory | None, story: Story, ranked: Rank, item: str, now: datetime) -> Decision:
    """What becomes of the story when `story`, whose rank is `ranked`, is delivered as `item` at `now`."""
    if known is not None and known.standing == StoryState.KILLED:
        again = is_kill(story) and item == known.item
        return Decision(known, numbered(story, known.version) if again else None, "again" if again else "killed")
    if is_kill(story):
        return _pass_on(known, story, KnownStory(ranked, StoryState.KILLED, item=item), "killed")
    standing = _standing(story, now)
    if known is not None and ranked[-1] == known.rank[-1]:
        return _again(replace(known, rank=max(known.rank, ranked)), story, standing, item)
    if known is not None and ranked < known.rank:
        return Decision(known, None, "late")
    fresh = KnownStory(ranked, standing, item=item)
    if standing == StoryState.LIVE or (standing == StoryState.HELD and known is not None and known.out):
        return _pass_on(known, story, fresh, "new" if standing == StoryState.LIVE else "held")
    return Decision(
        replace(fresh, out=bool(known and known.out), version=known.version if known else 0), None, standing
    )


def _standing(story: Story, now: datetime) -> StoryState:
    if story.pubstatus == PubStatus.WITHHELD:
        return StoryState.HELD
    return StoryState.EMBARGOED if story.embargoed and story.embargoed > now else StoryState.LIVE


def _again(known: KnownStory, story: Story, standing: StoryState, item: str) -> Decision:
    """The same version: passed on when its embargo has run out, or when this very delivery comes a second time.

    The second is what a crash leaves behind between remembering and passing on; the wire's own repetition is another
    delivery, and passes on nothing.
    """
    if known.standing == StoryState.EMBARGOED and standing == StoryState.LIVE:
        return _pass_on(known, story, KnownStory(known.rank, StoryState.LIVE, item=item), "new")
    if item == known.item and known.out and standing in (StoryState.LIVE, StoryState.HELD):
        return Decision(known, numbered(story, known.version), "again")
    return Decision(known, None, "again")


def _pass_on(known: KnownStory | None, story: Story, fresh: KnownStory, why: str) -> Decision:
    before = known.version if known and known.out else None
    version = story.version if before is None else max(story.version, before + 1)
    return Decision(replace(fresh, out=True, version=version), numbered(story, version), why)


def numbered(story: Story, version: int) -> Story:
    """The story under the version number that it is passed on with."""
    return story if story.version == version else story.model_copy(update={"version": version})


def retracted(story: Story) -> Story:
    """The story, taken back."""
    return story.model_copy(update={"pubstatus": PubStatus.CANCELED, "revision": Revision.KILL})


def utc(time: datetime) -> datetime:
    """`time` in UTC; SQLite gives times without an offset."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
