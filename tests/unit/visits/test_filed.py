"""Where and when a story was filed."""

from datetime import UTC, date, datetime

import pytest
from visitwire_schemas import Dateline, Entity, EntityKind, Mention
from visitwire_visits.filed import Filed

from tests.helpers.factories import make_enriched, make_story

JANUARY = datetime(2026, 1, 2, 9, tzinfo=UTC)
BODY = " Ministers met."


def filed(text: str = BODY, sent: datetime | None = JANUARY, line: Dateline | None = None) -> Filed:
    return Filed(make_enriched(make_story(text, versioncreated=sent, received=JANUARY, dateline=line)))


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("OSLO, Jan 2", date(2026, 1, 2)),
        ("OSLO, Jan. 1", date(2026, 1, 1)),
        ("OSLO, December 31", date(2025, 12, 31)),
        ("OSLO, Dec 31, 2025", date(2025, 12, 31)),
        ("OSLO, June 3", date(2026, 1, 2)),
        ("OSLO, Jan 30", date(2026, 1, 2)),
        ("OSLO, Jan 2, 2016", date(2026, 1, 2)),
        ("OSLO, February 31", date(2026, 1, 2)),
        ("OSLO", date(2026, 1, 2)),
    ],
)
def test_a_dateline_counts_near_the_day_that_the_wire_gives(words: str, want: date) -> None:
    """Further off it is a misprint; without a year it is the last such day, never months ahead."""
    assert filed(line=Dateline(text=words, place="OSLO")).today == want


@pytest.mark.parametrize(
    ("text", "line", "sent", "want"),
    [
        (BODY, None, None, None),
        ("OSLO, Jan 1 (Nordwire) -" + BODY, None, None, date(2026, 1, 1)),
        ("OSLO, Jun 1 (Nordwire) -" + BODY, None, None, date(2025, 6, 1)),
        ("OSLO (Nordwire) -" + BODY, None, None, date(2026, 1, 2)),
        (BODY, Dateline(text="OSLO", place="OSLO", date="2019-04-03"), JANUARY, date(2019, 4, 3)),
        (BODY, None, JANUARY, date(2026, 1, 2)),
    ],
)
def test_the_day_of_the_story(text: str, line: Dateline | None, sent: datetime | None, want: date | None) -> None:
    assert filed(text, sent, line).today == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("OSLO, Jan 2 (Nordwire) -" + BODY, ("NO", "Oslo")),
        ("OSLO -" + BODY, ("NO", "Oslo")),
        ("PARIS, Jan. 2 —" + BODY, ("FR", "Paris")),
        ("LONDON:" + BODY, ("GB", "London")),
        ("MINISTER:" + BODY, None),
        ("Oslo is cold." + BODY, None),
        ("NORWAY --" + BODY, ("NO", None)),
        ("OSLO, Norway (Nordwire) --" + BODY, ("NO", "Oslo")),
        ("AIX-EN-PROVENCE, France -" + BODY, ("FR", "Aix-En-Provence")),
    ],
)
def test_the_place_at_the_head_of_the_text(text: str, want: tuple[str, str | None] | None) -> None:
    assert filed(text).here == want


def test_a_place_that_only_the_story_knows_has_its_country_from_there() -> None:
    text = "LILLEVIK, Jan 2 (Nordwire) - Talks in Lillevik went on."
    start = text.index("Lillevik")
    place = Entity(
        id="e1", kind=EntityKind.PLACE, name="Lillevik", country="NO", mentions=(Mention(start=start, end=start + 8),)
    )
    assert Filed(make_enriched(make_story(text), entities=(place,))).here == ("NO", "Lillevik")


def test_the_country_after_the_comma_counts_where_the_place_is_unknown() -> None:
    assert filed(line=Dateline(text="LILLEVIK, Norway", place="LILLEVIK, Norway")).here == ("NO", "Lillevik")


def test_a_country_is_that_of_the_day() -> None:
    line = Dateline(text="MOSCOW", place="MOSCOW", date="1987-05-04")
    assert filed(line=line).here == ("SU", "Moscow")
