"""Every visit as a Parquet file, by DuckDB: python visits_to_parquet.py http://localhost:8080 visits.parquet [KEY]

`first_day` and `last_day` are the days that the dates allow: of "March 2026" the first and the last of it.
"""

import sys
from typing import Any

import duckdb
import httpx
from visitwire_client import ApiError, Visitwire
from visitwire_schemas import LedgerVisit, Party

TABLE = """
create table visits (
    id text, visitor text, visitor_office text, visitor_country text, destination text, place text,
    host text, host_office text, host_country text, status text, first_day date, last_day date, date_precision text,
    announced_by text, sources integer, confidence double, focus boolean, updated timestamptz
)
"""


def row(visit: LedgerVisit) -> tuple[Any, ...]:
    """One visit as the columns have it."""
    visitor, host, word = visit.visitor, visit.host or Party(), visit.announced_by
    first, last = (visit.dates.days if visit.dates else None) or (None, None)
    return (
        *(visit.id, visitor.name, visitor.label, visitor.country, visit.destination.country, visit.destination.place),
        *(host.name, host.label, host.country, visit.status.value, first, last),
        visit.dates.precision.value if visit.dates else None,
        (word.name or word.label) if word else None,
        *(visit.sources_independent, visit.confidence, visit.focus, visit.updated),
    )


def main(address: str, target: str, key: str | None = None) -> None:
    with Visitwire(address, key) as wire:
        rows = [row(visit) for visit in wire.visits(background=True)]
    table = duckdb.connect()
    table.execute(TABLE)
    if rows:
        table.executemany(f"insert into visits values ({', '.join('?' * len(rows[0]))})", rows)
    table.execute(f"copy visits to '{target}' (format parquet)")
    print(table.sql("select destination, count(*) as visits from visits group by 1 order by 2 desc, 1 limit 5"))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ApiError, httpx.HTTPError) as wrong:
        sys.exit(f"{sys.argv[1]}: {wrong}")
