"""What a rebuild works on, in a database of its own on disk, so that it needs no memory for all stories and visits."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

from pydantic import TypeAdapter
from visitwire_schemas import LedgerVisit

from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.snapshots import place

TABLES = """
create table told (key text primary key, standing text not null, live integer not null, said text not null);
create table reports (part text, story text not null, place text not null, ordinal integer not null,
  body text not null);
create table known (number integer primary key, id text unique, content text not null, body text not null,
  taken integer);
create table known_stories (story text not null, number integer not null);
create table folded (number integer primary key, part text not null, seat integer not null, id text unique,
  trip text, body text);
create index known_content on known (content);
create index known_by_story on known_stories (story);
create index reports_by_story on reports (story);
"""
SAID = TypeAdapter(tuple[Sighting, ...])


class RebuildStore:
    """SQLite's own temporary database: in memory while it is small, then in a file that is gone when it is closed (in
    the folder SQLITE_TMPDIR, else /var/tmp). A context manager."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(TABLES)
        for pragma in ("journal_mode=off", "synchronous=off"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def one(self, query: str, *values: Any) -> Any:
        return self._connection.execute(query, values).fetchone()

    def each(self, query: str, *values: Any) -> Iterator[Any]:
        """Rows one by one; others may be written meanwhile."""
        return self._connection.cursor().execute(query, values)

    def do(self, query: str, *values: Any) -> int:
        return self._connection.execute(query, values).rowcount

    def count(self, table: str) -> int:
        return int(self.one(f"select count(*) from {table}")[0])

    def know(self, visit: LedgerVisit, content: str) -> None:
        """Notes a visit as it stands; the later of two with one id."""
        self.forget(visit.id)
        query = "insert into known (id, content, body) values (?, ?, ?) returning number"
        [number] = self.one(query, visit.id, content, visit.model_dump_json())
        for story in {report.story for report in visit.reports}:
            self.do("insert into known_stories values (?, ?)", story, number)

    def forget(self, id: str) -> None:
        """Takes a visit for one that does not stand."""
        row = self.one("delete from known where id = ? returning number", id)
        if row is not None:
            self.do("delete from known_stories where number = ?", row[0])

    def report(self, part: str, sighting: Sighting) -> None:
        row = (part, sighting.story, place(sighting.order), sighting.ordinal, sighting.model_dump_json())
        self.do("insert into reports values (?, ?, ?, ?, ?)", *row)

    def parts(self) -> Iterator[str]:
        """The groups of reports, in the order of their first."""
        query = "select part from reports group by part order by min(place), min(ordinal)"
        return (row[0] for row in self.each(query))

    def reports_of(self, part: str) -> list[Sighting]:
        query = "select body from reports where part = ? order by place, ordinal"
        return [Sighting.model_validate_json(row[0]) for row in self.each(query, part)]

    def parts_of(self, stories: Collection[str]) -> list[str]:
        """The groups in which one of these stories reports something."""
        found = {row[0] for story in stories for row in self.each("select part from reports where story = ?", story)}
        return sorted(found)

    def tie(self, parts: Iterable[str]) -> None:
        """Makes one group of several."""
        first, *others = parts
        for other in others:
            self.do("update reports set part = ? where part = ?", first, other)

    def index(self) -> None:
        """To be called once the reports are in."""
        self.do("create index if not exists reports_by_part on reports (part, place)")
