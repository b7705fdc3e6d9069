"""Every visit as a Parquet file, by DuckDB: python visits_to_parquet.py http://localhost:8080 visits.parquet [KEY]"""

import sys

import duckdb
import httpx
from visitwire_client import ApiError, Visitwire


def main(address: str, target: str, key: str | None = None) -> None:
    with Visitwire(address, key) as wire:
        rows = [
            (
                visit.id,
                visit.visitor.name,
                visit.visitor.country,
                visit.destination.country,
                visit.status.value,
                visit.updated,
            )
            for visit in wire.visits(background=True)
        ]
    table = duckdb.connect()
    table.execute(
        "create table visits (id text, visitor text, origin text, destination text, status text, updated timestamptz)"
    )
    if rows:
        table.executemany("insert into visits values (?, ?, ?, ?, ?, ?)", rows)
    table.execute(f"copy visits to '{target}' (format parquet)")
    print(table.sql("select destination, count(*) as visits from visits group by 1 order by 2 desc, 1 limit 5"))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ApiError, httpx.HTTPError) as wrong:
        sys.exit(f"{sys.argv[1]}: {wrong}")
