"""A table of typed columns as CSV (RFC 4180) and as an Excel workbook."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]
from starlette.responses import Response, StreamingResponse

from visitwire_gateway.files.formats import MEDIA, Format

type Kind = Literal["text", "day", "time", "number", "link"]
type Cell = str | int | float | bool | date | datetime | None
type Row = Sequence[Cell]

FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would calculate; names and sentences come from wires."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What no XML may hold, and so no workbook."""
MOST = 1_048_575
"""Rows below the heading that Excel takes."""
LONGEST = 32_767
"""Characters that Excel takes in a cell."""
TOGETHER = 500
"""Rows sent at once."""
LINE = "\r\n"


@dataclass(frozen=True)
class Column[T]:
    """A column: its heading, what its cells are, and how one is made of a thing."""

    name: str
    kind: Kind
    cell: Callable[[T], Cell]
    width: int = 14
    """Characters, in a workbook."""


def answer[T](columns: Sequence[Column[T]], things: Iterable[T], wanted: Format, name: str) -> Response:
    """The things as a file to be kept, `name` without what follows the dot."""
    media = next(media for media, one in MEDIA.items() if one is wanted)
    headers = {"content-disposition": f'attachment; filename="{name}.{wanted}"', "vary": "Accept"}
    if wanted is Format.XLSX:
        return Response(workbook(columns, things, name), media_type=media, headers=headers)
    return StreamingResponse(
        csv_lines(columns, things), media_type=f"{media}; charset=utf-8; header=present", headers=headers
    )


def csv_lines[T](columns: Sequence[Column[T]], things: Iterable[T]) -> Iterator[str]:
    """The heading, and a line for each thing: days as 2026-03-27, times as 2026-03-27T12:00:00Z, nothing for what there
    is not."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator=LINE)
    writer.writerow([column.name for column in columns])
    for number, thing in enumerate(things, 1):
        writer.writerow([_text(column.cell(thing)) for column in columns])
        if number % TOGETHER == 0:
            yield _taken(written)
    yield _taken(written)


def _taken(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA.match(cell) else cell
    return str(cell)


def workbook[T](columns: Sequence[Column[T]], things: Iterable[T], name: str) -> bytes:
    """One sheet with a heading that stays and filters; times are UTC, as a workbook knows no zones."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, options)
    sheet = book.add_worksheet(name[:31])
    styles = {kind: book.add_format(given) for kind, given in STYLES.items()}
    for place, column in enumerate(columns):
        heading = f"{column.name} (UTC)" if column.kind == "time" else column.name
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, heading, styles["heading"])
    last = 0
    for last, thing in enumerate(things, 1):
        if last > MOST:
            break
        for place, column in enumerate(columns):
            _write(sheet, last, place, column.cell(thing), styles.get(column.kind))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, min(last, MOST)), len(columns) - 1)
    book.close()
    return made.getvalue()


STYLES: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "bottom": 1},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}


def _write(sheet: Any, row: int, place: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.astimezone(UTC).replace(tzinfo=None), style)
    elif isinstance(cell, date):
        _write_day(sheet, row, place, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_string(row, place, CONTROL.sub("", cell)[:LONGEST])


def _write_day(sheet: Any, row: int, place: int, day: date, style: Any) -> None:
    """As a text before 1900, where Excel's count of days begins."""
    if day.year < 1900:
        sheet.write_string(row, place, day.isoformat())
    else:
        sheet.write_datetime(row, place, datetime(day.year, day.month, day.day), style)
