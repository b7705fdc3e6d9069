"""Times as wires, feeds and desks write them: one reader, any country, and never a day that was not meant."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_ingestion.formats.dates import find_clock, unknown_zone, when
from visitwire_ingestion.formats.days import find_day

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T12:00:00Z", "20260302T120000+0000", "202603021200", "2026-03-02T13:00:00+01:00",
        "Mon, 02 Mar 2026 12:00:00 GMT", "Mon, 2 Mar 26 12:00:00 UT", "Mon Mar 2 12:00:00 UTC 2026",
        "Monday, March 2, 2026 - 12:00", "2 March 2026 12.00", "2nd of March 2026, 12:00 pm",
        "02.03.2026 13:00 MEZ", "2026-03-02 13:00:00 CET", "Mo, 2 März 2026 14:00 EET", "Mon, 2 Mar 2026 07:00 EST",
        "lun. 2 mars 2026 13h00 CET", "lunes, 2 de marzo de 2026, 12:00", "Ma, 2 maaliskuuta 2026 14:00 +0200",
        "Понедельник, 2 марта 2026 15:00 MSK", "2 marca 2026 12:00", "2 Mart 2026 15:00 TRT", "2026. március 2. 12:00",
        "2026年3月2日 21:00 JST", "2026/3/2 12:00", "1772452800", "1772452800000", "Mon, 2 Mar 2026 14:00 GMT+2",
        "Mon, 2 Mar 2026 17:30 IST (in)",
    ],
)  # fmt: skip
def test_one_instant_in_many_words(text: str) -> None:
    assert when(text.removesuffix(" (in)"), country="IN" if text.endswith("(in)") else None) == NOON


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mar 2, 2026", (2026, 3, 2)),
        ("28/02/2026", (2026, 2, 28)),
        ("02/28/2026", (2026, 2, 28)),
        ("3/3/2026", (2026, 3, 3)),
        ("2.3.2026", (2026, 3, 2)),
        ("2-Mar-2026", (2026, 3, 2)),
    ],
)
def test_a_day_alone_is_its_first_second(text: str, day: tuple[int, int, int]) -> None:
    assert when(text, ZoneInfo("Europe/Oslo")) == datetime(*day, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2026", "1790-03-02", "17904567", "soon", "Monday", "12:00", "2026", "2026-13-02", "31 February 2026",
        "Mon, 2 Mar 2026 12:00 IST", "Mon, 2 Mar 2026 12:00 XYZ", "0000-00-00", "", "9" * 70, True, None, float("nan"),
        "20260302T120000-4600", "2026-03-02T12:00:00+99:59",
    ],
)  # fmt: skip
def test_what_is_not_sure_is_no_time(text: object) -> None:
    assert when(text) is None


def test_a_zone_that_several_countries_have_is_that_of_the_feeds_or_told() -> None:
    said = "Mon, 2 Mar 2026 12:00 IST"
    assert [when(said, country=each) for each in ("IN", "IE", "IL")] == [
        datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=hours))) for hours in (5.5, 1, 2)
    ]
    assert (unknown_zone(said), unknown_zone(said, "IN"), unknown_zone("2 Mar 2026 12:00")) == ("IST", None, None)


def test_a_day_without_a_year_is_the_nearest() -> None:
    assert (find_day("until 5 October", date(2026, 9, 28)) or (None,))[0] == date(2026, 10, 5)
    assert (find_day("18:00 2 Jan", date(2025, 12, 30)) or (None,))[0] == date(2026, 1, 2)
    assert find_day("until 5 October") is None


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("6 p.m.", 18, 0), ("18 Uhr", 18, 0), ("18.30 Uhr", 18, 30), ("0001 GMT", 0, 1), ("12 am", 0, 0), ("9h15", 9, 15)],
)
def test_the_clocks_of_desks(text: str, hour: int, minute: int) -> None:
    clock = find_clock(text)
    assert clock is not None
    assert (clock.hour, clock.minute) == (hour, minute)


@given(st.text(max_size=70) | st.integers() | st.floats())
def test_anything_is_a_time_of_our_age_or_none(value: object) -> None:
    made = when(value)
    assert made is None or 1899 <= made.astimezone(UTC).year <= 2200


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2026-03-02 13:00:00 Europe/Berlin", NOON), ("Mon, 2 Mar 2026 12:00:60 GMT", NOON + timedelta(seconds=59)),
        ("Mon, 2 Mar 2026 24:00 GMT", NOON + timedelta(hours=12)), ("20260302T240000Z", NOON + timedelta(hours=12)),
        ("2026. 3. 2. 오후 9:00 KST", NOON), ("2 марта 2026 г. 15:00 MSK", NOON), ("2026-03-02T24:01:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None), (0, None), ("2026-03-02 13:00 Europe/Nowhere", None),
    ],
)  # fmt: skip
def test_midnights_leap_seconds_and_places_for_zones(text: object, want: datetime | None) -> None:
    assert when(text) == want
