"""Whom a name means on a day: by the date, the countries of the story, and what the story says."""

from datetime import date

import pytest
from visitwire_extraction.people import key_words
from visitwire_extraction.roster import Roster
from visitwire_extraction.step_results import Person

ROSTER = Roster(
    [
        ["Anna Holm", "XA", "President", "head_of_state", "1990-01-01", "1999-12-31", "Q1"],
        ["Erik Holm", "XB", "Foreign Minister", "minister", "1995-01-01", "1996-12-31", ""],
        ["Erik Holm", "XB", "Prime Minister", "head_of_government", "1997-01-01", "", ""],
        ["Samir al-Qadi;Sameer Kadi;Kadi", "XC", "President", "head_of_state", "1990-01-01", "", ""],
        ["Bo Wen-hua", "CN", "Premier", "head_of_government", "1990-01-01", "1995-01-01", ""],
        ["John Major Holt", "XD", "Finance Minister", "minister", "1990-01-01", "", ""],
    ]
)


def _filled(name: str, day: date, *around: str) -> tuple[str | None, str | None]:
    person = Person(name, key_words(name.replace("-", " - ").split()))
    ROSTER.fill(person, day, frozenset(around))
    return person.country, person.held


@pytest.mark.parametrize(
    ("name", "year", "around", "want"),
    [
        ("Holm", 1992, ("XA",), ("XA", "President")),
        ("Holm", 1992, (), ("XA", "President")),
        ("Holm", 1996, ("XB",), ("XB", "Foreign Minister")),
        ("Holm", 1998, ("XA", "XB"), (None, None)),
        ("Holm", 1998, (), (None, None)),
        ("Holm", 2005, (), ("XB", "Prime Minister")),
        ("Anna Holm", 2005, ("XA",), ("XA", "President")),
        ("Anna Holm", 2005, (), (None, None)),
        ("Kadi", 2005, (), ("XC", "President")),
        ("Samir Qadi", 2005, (), ("XC", "President")),
        ("Bo", 1992, ("CN",), ("CN", "Premier")),
        ("Bo Wen-hua", 1992, ("CN",), ("CN", "Premier")),
        ("Holt", 2005, (), (None, None)),
        ("John Holt", 2005, ("XD",), ("XD", "Finance Minister")),
    ],
)
def test_who_is_meant(name: str, year: int, around: tuple[str, ...], want: tuple[str | None, str | None]) -> None:
    assert _filled(name, date(year, 6, 1), *around) == want


def test_a_country_that_the_story_says_is_believed() -> None:
    person = Person("Erik Holm", ("erik", "holm"), country="XA", country_said=True)
    ROSTER.fill(person, date(2005, 1, 1), frozenset({"XB"}))
    assert (person.country, person.held) == ("XA", None)


def test_surnames_are_those_of_chiefs_and_foreign_ministers_in_office_there() -> None:
    words = {"holm", "holt", "kadi", "minister"}
    assert ROSTER.surnames(date(1996, 1, 1), frozenset({"XB", "XD"}), words) == {"holm": True, "holt": False}
    assert ROSTER.surnames(date(1996, 1, 1), frozenset({"XC", "XD"}), words) == {"kadi": True, "holt": False}
    assert ROSTER.surnames(date(1980, 1, 1), frozenset({"XB", "XC"}), words) == {}


def test_without_a_date_all_who_were_ever_called_so_decide() -> None:
    person = Person("Holm", ("holm",))
    ROSTER.fill(person, date(2026, 12, 1), frozenset({"XA"}), dated=False)
    assert (person.country, person.held) == ("XA", None)
    both = Person("Holm", ("holm",))
    ROSTER.fill(both, date(2026, 12, 1), frozenset({"XA", "XB"}), dated=False)
    assert both.country == "XB"  # still in office: the day the story came in decides
    assert ROSTER.surnames(None, frozenset({"XA"}), ["holm", "house"]) == {"holm": False}


def test_half_of_a_double_name_is_nobodys() -> None:
    roster = Roster([["Ann Heaton-Harrow", "GB", "Home Secretary", "minister", "2000-01-01", "", ""]])
    assert roster.surnames(date(2010, 1, 1), frozenset({"GB"}), ["harrow"]) == {}


def test_what_was_held_before_the_day_is_past() -> None:
    person = Person("Anna Holm", ("anna", "holm"))
    ROSTER.fill(person, date(2005, 1, 1), frozenset({"XA"}))
    assert (person.country, person.held, person.held_once) == ("XA", "President", True)


def test_full_names_in_a_text() -> None:
    words = [
        "then",
        ",",
        "anna",
        "holm",
        "met",
        "president",
        "samir",
        "al",
        "-",
        "qadi",
        ";",
        "holm",
        "left",
        "bo",
        "wen",
        "-",
        "hua",
    ]
    assert list(ROSTER.full_names(words)) == [(2, 4), (6, 10), (13, 17)]
