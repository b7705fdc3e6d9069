"""Which stories of the past are worth reading again, and what another reading changes in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select
from visitwire_schemas import EnrichedStory, Story

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.sighting import Sighting, sightings
from visitwire_alerting.ledger.fold.versions import StandingVersion, content_of, is_kill, load, of_wire
from visitwire_alerting.storage.ledger_tables import stories


class Fate(StrEnum):
    """What becomes of a story on its topic."""

    READ = "read again"
    KILLED = "taken back by their wire"
    OUTDATED = "replaced by a later version"
    ALREADY = "read by this reader already"
    KNOWN = "in the ledger already"


def fates(connection: Connection, found: Sequence[tuple[Story, str]], run: float, is_lost: bool = False) -> list[Fate]:
    """Which of these stories, each with the digest of who would read it now (`versions.reader_of`), are to be read;
    `is_lost`: only of versions that the ledger never heard of.

    `run` is when this run began (seconds since 1970): what it read itself is read once more, for it may have ended
    before all of that was safe.
    """
    keys = {story.key for story, _ in found}
    rows = connection.execute(select(stories).where(stories.c.key.in_(keys))).all()
    known = {row.key: StandingVersion(load(row.rank), row.kill_version, row.kill_at) for row in rows}
    return [_fate(story, reader, known, run, is_lost) for story, reader in found]


def _fate(story: Story, reader: str, known: Mapping[str, StandingVersion], run: float, is_lost: bool) -> Fate:
    standing = known.get(story.key, StandingVersion())
    if is_kill(story) or (story.key in known and standing.rank is not None and not standing.live):
        return Fate.KILLED
    if standing.rank is None:
        return Fate.KILLED if standing.kill_version is not None else Fate.READ
    if of_wire(story) < standing.rank.of_wire:
        return Fate.OUTDATED
    if of_wire(story) > standing.rank.of_wire or standing.rank.reading[0] == run:
        return Fate.READ
    if is_lost:
        return Fate.KNOWN
    return Fate.ALREADY if standing.rank.reader == reader else Fate.READ


class Kind(StrEnum):
    """How two readings of a story differ."""

    SAME = "same"
    DETAILS = "details"
    """Other evidence, words or confidence; who goes where, when, and how far along is the same."""
    VISITS = "visits"


@dataclass(frozen=True)
class Difference:
    """Two readings of one story."""

    before: tuple[Sighting, ...]
    after: tuple[Sighting, ...]

    @property
    def kind(self) -> Kind:
        if content_of(self.before) == content_of(self.after):
            return Kind.SAME
        return Kind.DETAILS if sorted(map(gist, self.before)) == sorted(map(gist, self.after)) else Kind.VISITS


def difference(connection: Connection, enriched: EnrichedStory) -> Difference:
    """What the ledger has of a story, beside what it says as it was read now."""
    before = tuple(one.sighting for one in live_reports.of_story(connection, enriched.key))
    return Difference(before, sightings(enriched))


def gist(sighting: Sighting) -> str:
    """A report in a line: "President Lucas Andrade (BR) to IN, accepted, April"."""
    party, report = sighting.visitor, sighting.report
    who = " ".join(part for part in (party.label, party.name) if part) or "somebody"
    when = report.dates and (report.dates.start or report.dates.text)
    what = [f"{who} ({party.country or '?'}) to {sighting.where}", report.status.value, when or "no date"]
    return ", ".join([*what, *([] if report.focus else ["background"])])
