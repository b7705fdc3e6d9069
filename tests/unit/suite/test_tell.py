"""What people read: dates, names, lines."""

import pytest
from visitwire_schemas import Party, Precision, VisitDates
from visitwire_suite import terminal_lines

from tests.helpers.factories import make_story


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (None, "no date yet"),
        (VisitDates(text="soon"), "no date yet"),
        (VisitDates(start="2026", precision=Precision.YEAR), "2026"),
        (VisitDates(start="2026-04", precision=Precision.MONTH), "Apr 2026"),
        (VisitDates(start="2026-04-09", end="2026-04-09", precision=Precision.DAY), "9 Apr 2026"),
        (VisitDates(start="2026-04-14", end="2026-04-16", precision=Precision.DAY), "14–16 Apr 2026"),
        (VisitDates(start="2026-03-30", end="2026-04-02", precision=Precision.DAY), "30 Mar – 2 Apr 2026"),
        (VisitDates(start="2025-12-30", end="2026-01-02", precision=Precision.DAY), "30 Dec 2025 – 2 Jan 2026"),
        (VisitDates(start="2026-04", end="2026-06", precision=Precision.QUARTER), "Apr–Jun 2026"),
    ],
)
def test_dates_are_told_no_more_precisely_than_known(dates: VisitDates | None, said: str) -> None:
    assert terminal_lines.when(dates) == said


@pytest.mark.parametrize(
    ("code", "said"), [("BR", "Brazil"), ("VN", "Vietnam"), ("SU", "Soviet Union"), ("UN", "UN"), (None, "?")]
)
def test_countries_go_by_their_everyday_names(code: str | None, said: str) -> None:
    assert terminal_lines.country(code) == said


def test_a_party_without_a_name_goes_by_its_role_and_without_a_role_by_its_country() -> None:
    assert (
        terminal_lines.who(Party(name="Lucas Andrade", label="President", country="BR")) == "Lucas Andrade, President"
    )
    assert terminal_lines.who(Party(label="trade delegation", country="CA")) == "trade delegation"
    assert terminal_lines.who(Party(country="CA")) == "Canada"


def test_a_story_is_one_line() -> None:
    line = terminal_lines.story_line(make_story(headline="Andrade to visit India"))
    assert line.plain == " 2 Mar 12:00  testwire   Andrade to visit India"
