"""The table of office-holders is made of lists that others wrote, and of what is kept by hand."""

from datetime import date
from pathlib import Path

import pytest

from services.extraction.officeholders.build import Row, joined, listed, name_of, without

HEAD = "name aliases country office kind portfolio from to gender wikidata source asof quality".replace(" ", "\t")


def _row(name: str = "Ada Ek", start: str = "1990-01-01", end: str = "1991-01-01", kind: str = "head_of_state") -> Row:
    until = date.fromisoformat(end) if end else None
    return Row(name, "XA", "President", kind, date.fromisoformat(start), until, "")


@pytest.mark.parametrize(
    ("text", "monarch", "want"),
    [
        ("Fadi al-KHURI", False, "Fadi al-Khuri"),
        ("Colonel Omar Sy", False, "Omar Sy"),
        ("Mr.. Omar Sy", False, "Omar Sy"),
        ("Olaf III of Examplia", True, "Olaf III"),
        ("Lord Marsh of Somewhere", False, "Lord Marsh"),
        ("Ada Ek (acting)", False, "Ada Ek"),
    ],
)
def test_a_name_as_wires_write_it(text: str, monarch: bool, want: str) -> None:
    assert name_of(text, monarch) == want


def test_rows_of_a_list_by_how_well_it_knows_them(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    rows = [
        (
            "Ada Ek",
            "",
            "Minister of Finance and Treasury",
            "minister",
            "finance",
            "2003-01",
            "2004-05",
            "month_from_before/month",
        ),
        (
            "Bo Ek",
            "Bosse Ek",
            "Minister for Foreign Affairs",
            "minister",
            "foreign",
            "1999-09",
            "1999-09",
            "observed/observed",
        ),
        ("Cy Ek", "", "King/queen", "head_of_state", "monarch", "1980-02-03", "", "exact/open@2025-10"),
        ("Di Ek", "", "Minister of Culture", "minister", "culture", "1999-01", "2000-01", "month/month"),
        ("Ed Ek", "", "prime minister", "head_of_government", "", "2010-03", "", "month/open@2011-02"),
    ]
    lines = [
        "\t".join([name, aliases, "XA", office, kind, portfolio, start, end, "female", "", "a list", "", quality])
        for name, aliases, office, kind, portfolio, start, end, quality in rows
    ]
    path.write_text("\n".join([HEAD, *lines, ""]))
    assert [row.line() for row in listed(path)] == [
        "Ada Ek|XA|Finance Minister|minister|2001-01-01|2004-05-31|",
        "Bo Ek;Bosse Ek|XA|Foreign Minister|minister|1998-09-01|2000-09-29|",
        "Cy Ek|XA|Queen|head_of_state|1980-02-03||",
        "Ed Ek|XA|Prime Minister|head_of_government|2010-03-01|2013-01-31|",
    ]


def test_terms_that_touch_are_one() -> None:
    rows = [_row(), _row(start="1991-01-15", end="1992-01-01"), _row(start="1999-01-01", end="")]
    assert sorted((row.start.year, row.end and row.end.year) for row in joined(rows)) == [(1990, 1992), (1999, None)]


def test_what_is_kept_by_hand_comes_first() -> None:
    assert without([_row(), _row(start="1995-01-01", end="1996-01-01")], [_row(start="1990-06-01")]) == [
        _row(start="1995-01-01", end="1996-01-01")
    ]
