"""The year of a dateline that gives none."""

from datetime import date

import pytest
from visitwire_ingestion.formats.dateline import dateline


@pytest.mark.parametrize(
    ("words", "near", "want"),
    [
        ("OSLO, March 2 (Nordwire) -", date(2026, 3, 2), "2026-03-02"),
        ("OSLO, March 2 (Nordwire) -", date(2026, 11, 30), "2026-03-02"),
        ("OSLO, March 5 (Nordwire) -", date(2026, 3, 2), "2026-03-05"),
        ("OSLO, March 6 (Nordwire) -", date(2026, 3, 2), "2025-03-06"),
        ("OSLO, Jan. 1 (Nordwire) -", date(2026, 12, 31), "2027-01-01"),
        ("OSLO, Dec. 31 (Nordwire) -", date(2027, 1, 1), "2026-12-31"),
        ("OSLO, March 2, 2027 (Nordwire) -", date(2026, 3, 2), "2027-03-02"),
    ],
)
def test_it_is_never_months_ahead_of_the_day_the_story_came_in(words: str, near: date, want: str) -> None:
    found = dateline(words, near)
    assert found is not None
    assert (found.place, found.date) == ("OSLO", want)
