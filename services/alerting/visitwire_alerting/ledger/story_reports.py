"""Which visits each story reports, as the ledger has it: what reports-v1 carries.

A story is marked when one of its reports comes, goes, or turns out to be about another visit; what it reports is read
when it is published, so that the last record of a story is always the truth.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select
from visitwire_schemas import ReportedVisit, StoryReports

from visitwire_alerting.ledger.fold.sighting import read_sighting
from visitwire_alerting.storage.ledger_tables import report_updates, sightings, visits

SOME = 500
"""Rows read at once of all."""


def mark(connection: Connection, stories: Collection[str]) -> None:
    """Notes that what these stories report is to be published. One that is marked already is marked again: to look
    would make workers wait for one another."""
    if stories:
        connection.execute(insert(report_updates), [{"story": key} for key in sorted(set(stories))])


def mark_visit(connection: Connection, visit: str) -> None:
    """The same for all stories that report a visit."""
    mark(connection, connection.scalars(select(sightings.c.story).where(sightings.c.visit == visit)).all())


def reported(connection: Connection, stories: Collection[str]) -> dict[str, StoryReports]:
    """What each of these stories reports, by key; without those that report nothing."""
    rows = connection.execute(_standing().where(sightings.c.story.in_(stories)))
    return {one.key: one for one in _by_story(rows)}


def every(connection: Connection) -> Iterator[StoryReports]:
    """What every story reports that reports anything."""
    return _by_story(connection.execute(_standing().execution_options(yield_per=SOME)))


def _standing() -> Select[Any]:
    joined = sightings.join(visits, visits.c.id == sightings.c.visit)
    told = select(sightings.c.story, sightings.c.visit, sightings.c.body).select_from(joined).where(visits.c.standing)
    return told.order_by(sightings.c.story, sightings.c.id)


def _by_story(rows: Iterable[Row[Any]]) -> Iterator[StoryReports]:
    for _, of_story in groupby(rows, key=lambda row: row.story):
        told = [(row.visit, read_sighting(row.body)) for row in of_story]
        report = told[0][1].report
        yield StoryReports(
            provider=report.provider,
            uri=report.uri,
            version=report.version,
            reports=tuple(ReportedVisit(visit=visit, index=one.ordinal, quotes=one.quotes) for visit, one in told),
        )
