"""What a run of `visitwire reprocess` does with a batch: chooses stories, takes new readings, notes what changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from visitwire_alerting.ledger import enter_story
from visitwire_alerting.ledger.fold.versions import reader_of
from visitwire_alerting.ledger.reprocessing import Difference, Fate, Kind, difference, fates, gist
from visitwire_alerting.ledger.write_visit import EntryResult
from visitwire_alerting.storage.database import reading
from visitwire_alerting.wording import STATUSES, dates, route
from visitwire_schemas import EnrichedStory, LedgerVisit, Record, Reprocessed

from visitwire_suite.chain import Failed
from visitwire_suite.reprocess_pool import Outcomes, Versions
from visitwire_suite.reprocess_run import Run
from visitwire_suite.reprocess_stories import Archive, Past


@dataclass(frozen=True)
class Batch:
    """Some stories, and those of them that are read again."""

    stories: Sequence[Past | None]
    chosen: Sequence[Past]
    left: Counter[str]
    """Why the others are not."""

    def records(self) -> list[Record]:
        return [past.record for past in self.chosen]


class Work:
    """Takes new readings: into the ledger, to the archive, into the report."""

    def __init__(
        self, run: Run, engine: Engine, archive: Archive, versions: Versions, news_for: timedelta | None
    ) -> None:
        self._run, self._engine, self._archive, self._versions = run, engine, archive, versions
        self._again = Reprocessed(at=run.state.at, told=run.state.plan.told)
        self._news_for = news_for

    def chosen(self, stories: Sequence[Past | None]) -> Batch:
        """Those that stand, and were not read by these readers yet."""
        readable = [past for past in stories if past is not None]
        asked = [(past.story, reader_of([*past.readers, *self._versions])) for past in readable]
        with reading(self._engine) as connection:
            fate = fates(connection, asked, self._again.at.timestamp(), self._run.state.plan.lost)
        chosen = [past for past, what in zip(readable, fate, strict=True) if what is Fate.READ]
        left = Counter(what.value for what in fate if what is not Fate.READ)
        left["not readable"] += len(stories) - len(readable)
        return Batch(stories, chosen, +left)

    def take(self, batch: Batch, outcomes: Outcomes) -> None:
        """Safe in this order: a run that was cut reads once more what it had not noted as done."""
        read = [_marked(made, self._again) for made in outcomes if isinstance(made, bytes)]
        lines = [_failed(past, made) for past, made in zip(batch.chosen, outcomes, strict=True) if _is_failed(made)]
        counts = batch.left + Counter(failed=len(lines))
        with reading(self._engine) as connection:
            found = [(story, difference(connection, story)) for story in read]
        counts.update(differs.kind.value for _, differs in found)
        lines += [_differing(story, differs) for story, differs in found if differs.kind is not Kind.SAME]
        heard = enter_story.record(self._engine, read, news_for=self._news_for)
        self._run.note([*lines, *_brought(heard)])
        if not self._run.state.plan.dry:
            self._archive.put(read)
        self._reached(batch, counts)

    def _reached(self, batch: Batch, counts: Counter[str]) -> None:
        state = self._run.state
        state.counts.update(counts)
        for place, how_far in (past.reached for past in batch.stories if past is not None):
            if isinstance(how_far, int):
                state.reached[place] = how_far
            else:
                state.after = how_far
        self._run.save()


def _is_failed(made: bytes | Failed) -> bool:
    return isinstance(made, Failed)


def _marked(made: bytes, again: Reprocessed) -> EnrichedStory:
    return EnrichedStory.model_validate_json(made).model_copy(update={"reprocessed": again})


def _failed(past: Past, made: bytes | Failed) -> dict[str, Any]:
    assert isinstance(made, Failed)
    return {"story": past.story.key, "failed": f"{made.stage}: {made.reason}"}


def _differing(enriched: EnrichedStory, differs: Difference) -> dict[str, Any]:
    return {
        "story": enriched.key,
        "version": enriched.story.version,
        "headline": enriched.story.headline,
        "differs": differs.kind.value,
        "was": [gist(one) for one in differs.before],
        "is": [gist(one) for one in differs.after],
    }


def _brought(heard: EntryResult) -> Iterable[dict[str, Any]]:
    """What the readings changed in the ledger, a line each."""
    for id, visit in heard.changed.items():
        yield {"visit": id, "stands": _state(visit) if visit else None}
    for how, alerts in (("held", heard.held), ("told", heard.alerts)):
        for alert in alerts:
            yield {how: alert.id, "visit": alert.subject, "kinds": list(alert.data.change.kinds)}


def _state(visit: LedgerVisit) -> str:
    return f"{route(visit)}: {STATUSES[visit.status]}, {dates(visit.dates)}"
