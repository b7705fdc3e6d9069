"""The data files: every row is well formed, every code is one the contract knows."""

from datetime import date

import pytest
from visitwire_extraction.lexicon import Lexicon, plain, words_of
from visitwire_extraction.roster import holders
from visitwire_extraction.tables import plural, rows, tables
from visitwire_schemas import OfficeKind

KINDS = {*(kind.value for kind in OfficeKind), "leader", "role", "counterpart"}


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("countries.tsv", 7),
        ("organisations.tsv", 6),
        ("offices.tsv", 4),
        ("officeholders.tsv", 7),
        ("bodies.tsv", 3),
        ("regions.tsv", 2),
        ("not_places.tsv", 1),
        ("systems.tsv", 2),
        ("given_names.tsv", 2),
    ],
)
def test_every_row_has_its_fields(file: str, fields: int) -> None:
    assert {len(row) for row in rows(file)} == {fields}


def test_codes_and_kinds_are_known() -> None:
    codes = {*tables().states, *tables().by_acronym}
    assert {row[1] for row in rows("bodies.tsv")} <= codes
    assert {row[1] for row in rows("officeholders.tsv")} <= codes
    assert {code for row in rows("systems.tsv") for code in row[1].split()} <= codes
    assert {row[1] for row in rows("offices.tsv")} <= KINDS


def test_nobody_leaves_an_office_before_taking_it() -> None:
    assert [holder for holder in holders() if holder.end is not None and holder.end < holder.start] == []


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("Moscow", ["RU", "SU"]),
        ("People's Republic of China", ["CN"]),
        ("Côte d’Ivoire", ["CI"]),
        ("Ivorian", ["CI"]),
        ("Guinea-Bissau", ["GW"]),
        ("East Berlin", ["DD"]),
        ("Peking", ["CN"]),
        ("Geneva", ["CH"]),
    ],
)
def test_names_lead_to_countries(phrase: str, codes: list[str]) -> None:
    found = tables().geo.longest(words_of(phrase), 0)
    assert found is not None
    assert [state.code for state in found[1].states] == codes


def test_a_state_that_ended_has_its_last_day() -> None:
    assert {code: tables().states[code].until for code in ("SU", "YU", "DD", "CS")} == {
        "SU": date(1991, 12, 26),
        "YU": date(2003, 2, 4),
        "DD": date(1990, 10, 3),
        "CS": date(1992, 12, 31),
    }


def test_the_longest_phrase_wins() -> None:
    lexicon: Lexicon[str] = Lexicon()
    for phrase in ("New York", "New", "New York Times"):
        lexicon.add(phrase, phrase)
    assert lexicon.longest(("the", "new", "york", "times"), 1) == (4, "New York Times")
    assert lexicon.longest(("new", "rules"), 0) == (1, "New")


def test_plain_words() -> None:
    assert [plain(word) for word in ("Bogotá", "N’Djamena", "SAINT")] == ["bogota", "n'djamena", "saint"]


def test_plurals() -> None:
    words = ["prime minister", "secretary of state", "spokesman", "envoy", "boss"]
    assert [plural(each) for each in words] == [
        "prime ministers",
        "secretaries of state",
        "spokesmen",
        "envoys",
        "bosses",
    ]
