"""What is filtered as CSV and Excel, opened by those who will."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.files import walk
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import Announcer, Destination, Party, Precision, VisitStatus

from tests.unit.gateway.samples import NOW, alert, dates, many, rows, story, visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAYS = dates("2026-04-14", "2026-04-16")
ODD = visit(
    "odd",
    status=VisitStatus.CANCELLED,
    dates=dates("2026-05", precision=Precision.MONTH),
    visitor=Party(name='Ana "Nia", née Åß 访问\nLind', label="=HYPERLINK(1)", country="BR"),
    destination=Destination(country="IN"),
    host=None,
    announced_by=Announcer(name="Ada Lind", label="spokeswoman"),
)
PLAIN = visit("plain", status=VisitStatus.PLANNED, dates=DAYS)
UNDATED = visit("undated", focus=False)


@pytest.fixture(autouse=True)
def _filled(engine: Engine) -> None:
    write(engine, rows(ODD, PLAIN, UNDATED, story(), alert(PLAIN)), [])


def kept(here: TestClient, folder: Path, address: str) -> Path:
    answer = here.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    target = folder / "visits.csv"
    target.write_bytes(answer.content)
    return target


def test_duckdb_opens_it_with_types(here: TestClient, tmp_path: Path) -> None:
    read = duckdb.read_csv(str(kept(here, tmp_path, "/visits.csv?background=true")))
    kinds = dict(zip(read.columns, map(str, read.types), strict=True))
    assert {name: kinds[name] for name in ("first_day", "last_day", "sources", "confidence", "background")} == {
        "first_day": "DATE",
        "last_day": "DATE",
        "sources": "BIGINT",
        "confidence": "DOUBLE",
        "background": "BOOLEAN",
    }
    assert kinds["updated"].startswith("TIMESTAMP")
    asked = "select id, visitor, status, status_code, first_day, last_day, date_precision from read order by first_day"
    assert duckdb.sql(asked).fetchall() == [
        ("plain", "Anil Kapadia", "planned", "planned", date(2026, 4, 14), date(2026, 4, 16), "day"),
        ("odd", ODD.visitor.name, "called off", "cancelled", date(2026, 5, 1), date(2026, 5, 31), "month"),
        ("undated", "Anil Kapadia", "accepted", "accepted", None, None, None),
    ]


def test_pandas_opens_it_with_types(here: TestClient, tmp_path: Path) -> None:
    days = ["first_day", "last_day", "updated"]
    read = pandas.read_csv(kept(here, tmp_path, "/visits.csv?to=IN,IT"), parse_dates=days).set_index("id")
    assert list(read.index) == ["plain", "odd"]
    assert read.loc["plain", "first_day"] == pandas.Timestamp("2026-04-14")
    assert read.loc["plain", "updated"] == pandas.Timestamp(NOW)
    assert read.loc["odd", "announced_by"] == "spokeswoman Ada Lind"
    assert str(read["sources"].dtype) == "int64"
    assert read["background"].dtype == bool


def test_excel_opens_it_with_types_and_calculates_nothing(here: TestClient) -> None:
    answer = here.get("/visits.xlsx")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert answer.headers["content-disposition"] == 'attachment; filename="visits.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    heading, *lines = sheet.iter_rows(values_only=True)
    found = [dict(zip(heading, line, strict=True)) for line in lines]
    assert [line["id"] for line in found] == ["plain", "odd"]
    assert found[0]["first_day"] == datetime(2026, 4, 14)
    assert found[0]["updated (UTC)"] == NOW.astimezone(UTC).replace(tzinfo=None)
    assert (found[1]["visitor_office"], found[1]["visitor"]) == ("=HYPERLINK(1)", ODD.visitor.name)
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} <= {
        *("s", "d", "n", "b")
    }
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == (
        "A2",
        f"A1:{sheet.cell(1, sheet.max_column).coordinate[:-1]}3",
    )


def test_a_cell_that_a_spreadsheet_would_calculate_is_a_text(here: TestClient) -> None:
    assert ",'=HYPERLINK(1)," in here.get("/visits.csv").text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        (XLSX, XLSX),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/csv;q=0.4, application/json;q=0.9", "application/json"),
        ("text/html, text/csv;q=0.9", "text/csv; charset=utf-8; header=present"),
        ("text/*", "text/csv; charset=utf-8; header=present"),
    ],
)
@pytest.mark.parametrize("path", ["visits", "changes", "quotes", "stories"])
def test_an_accept_header_says_what_is_wanted(here: TestClient, path: str, accept: str, kind: str) -> None:
    answer = here.get(f"/api/v1/{path}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


def test_the_address_counts_before_the_header_and_what_there_is_not_is_406(here: TestClient) -> None:
    asked = here.get("/api/v1/visits?format=csv&to=IT", headers={"accept": "application/json"})
    assert [line.partition(",")[0] for line in asked.text.splitlines()] == ["id", "plain"]
    refused = here.get("/api/v1/visits", headers={"accept": "image/png"})
    assert (refused.status_code, refused.json()["detail"][:33]) == (406, "This is to be had as application/")
    assert here.get("/api/v1/visits?format=pdf").status_code == 422


def test_quotes_changes_and_stories_are_files_too(here: TestClient) -> None:
    quotes = here.get("/api/v1/quotes?format=csv&q=door").text.splitlines()
    assert (len(quotes), "The door is open" in quotes[1]) == (2, True)
    changes = here.get("/api/v1/changes?format=csv").text.splitlines()
    assert changes[0].startswith("change_id,at,change,change_code,id,visitor,")
    assert changes[1].startswith("plain-1,2026-03-27T12:00:00Z,accepted,accepted,plain,")
    stories = here.get("/api/v1/stories?format=csv&provider=nordwire").text.splitlines()
    assert stories[1].startswith("nordwire|urn:nw:v1,nordwire,")


def test_a_file_has_every_page(here: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PAGE", 7)
    write(engine, rows(*many(40)), [])
    lines = here.get("/visits.csv?background=true").text.splitlines()
    ids = [line.partition(",")[0] for line in lines if line[:1] in "mopu"]
    assert len(ids) == len(set(ids)) == 43


def test_nothing_that_fits_is_a_heading_alone(here: TestClient) -> None:
    assert here.get("/visits.csv?to=FJ").text.count("\r\n") == 1
    assert openpyxl.load_workbook(io.BytesIO(here.get("/visits.xlsx?to=FJ").content)).active is not None
