"""What stories come to, whatever their order, on disk: what a rebuild folds, and the visits that give it their ids."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Self

from sqlalchemy import Engine, select
from visitwire_schemas import EnrichedStory, LedgerVisit

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.sighting import Sighting, sightings
from visitwire_alerting.ledger.fold.versions import GONE, StandingVersion, content_of, dump, load
from visitwire_alerting.ledger.rebuild_store import SAID, RebuildStore
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import stories


class RebuildInput:
    """What stories come to, whatever their order: the versions of each, and what the standing one says. A context
    manager."""

    def __init__(self) -> None:
        self.store = RebuildStore()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.__exit__()

    def take(self, enriched: EnrichedStory) -> None:
        said = sightings(enriched)
        row = self.store.one("select standing from told where key = ?", enriched.key)
        was = StandingVersion() if row is None else _standing(row[0])
        now = was.after(enriched, content_of(said))
        if row is None:
            self._put(enriched.key, now, said if now.rank else ())
        elif now.rank != was.rank:
            self._put(enriched.key, now, said)
        elif now != was:
            query = "update told set standing = ?, live = ? where key = ?"
            self.store.do(query, _written(now), now.live, enriched.key)

    def fill(self, engine: Engine) -> None:
        """Adds what the ledger has of stories that did not come, and of those that law had forgotten, which are not to
        come."""
        with reading(engine) as connection:
            rows = connection.execute(select(stories).execution_options(yield_per=500))
            for row in rows:
                came = self.store.one("select 1 from told where key = ?", row.key) is not None
                if row.kill_version == GONE or not came:
                    standing = StandingVersion(load(row.rank), row.kill_version, row.kill_at)
                    said = tuple(held.sighting for held in live_reports.of_story(connection, row.key))
                    self._put(row.key, standing, said)

    def _put(self, key: str, standing: StandingVersion, said: Sequence[Sighting]) -> None:
        row = key, _written(standing), standing.live, SAID.dump_json(tuple(said)).decode()
        self.store.do("insert or replace into told values (?, ?, ?, ?)", *row)

    def know(self, visit: LedgerVisit) -> None:
        """Notes a visit as it stands, which gives its id to what is rebuilt; the later of two with one id."""
        self.store.know(visit, content(visit))

    def known(self) -> Iterator[LedgerVisit]:
        """The visits as they stand."""
        for row in self.store.each("select body from known order by number"):
            yield LedgerVisit.model_validate_json(row[0])

    def live(self) -> Iterator[Sighting]:
        """Every report that stands."""
        for row in self.store.each("select said from told where live"):
            yield from SAID.validate_json(row[0])

    def every(self) -> Iterator[tuple[str, StandingVersion, tuple[Sighting, ...]]]:
        """Each story with the reports of it that stand."""
        for key, standing, live, said in self.store.each("select key, standing, live, said from told"):
            yield key, _standing(standing), SAID.validate_json(said) if live else ()


def _written(standing: StandingVersion) -> str:
    return json.dumps([dump(standing.rank), standing.kill_version, standing.kill_at])


def _standing(text: str) -> StandingVersion:
    rank, kill_version, kill_at = json.loads(text)
    return StandingVersion(load(rank), kill_version, kill_at)


def content(visit: LedgerVisit) -> str:
    """A digest of everything but its id and revision."""
    return hashlib.sha256(visit.model_dump_json(exclude={"id", "revision"}).encode()).hexdigest()
