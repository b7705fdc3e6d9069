"""The data files: every row is well formed, every code is one the contract knows."""

from datetime import date

import pytest
from visitwire_language.bodies import is_seat, organisations
from visitwire_language.data_files import of_language, of_world, rows, sections
from visitwire_language.gazetteer.countries import country_words, states
from visitwire_language.gazetteer.places import gazetteer
from visitwire_language.names import either_given, given_names, honorifics
from visitwire_language.offices import abbreviated, gender_of_title, is_office, lacking, plural, titles
from visitwire_language.phrases import Phrases, plain, words_of
from visitwire_language.pronouns import first_person, third_person
from visitwire_schemas import OfficeKind

KINDS = {*(kind.value for kind in OfficeKind), "leader", "role", "counterpart"}


@pytest.mark.parametrize(("file", "fields"), [("countries.tsv", 3), ("organisations.tsv", 3)])
def test_every_row_of_facts_has_its_fields(file: str, fields: int) -> None:
    assert {len(row) for row in rows(of_world(file))} == {fields}


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("countries.tsv", 6),
        ("organisations.tsv", 4),
        ("offices.tsv", 4),
        ("bodies.tsv", 3),
        ("regions.tsv", 2),
        ("not_places.tsv", 1),
        ("systems.tsv", 2),
    ],
)
def test_every_row_of_words_has_its_fields(file: str, fields: int) -> None:
    assert {len(row) for row in rows(of_language(file, "en"))} == {fields}


@pytest.mark.parametrize("file", ["countries.tsv", "organisations.tsv"])
def test_facts_and_words_name_the_same(file: str) -> None:
    facts, words = ([row[0] for row in rows(table)] for table in (of_world(file), of_language(file, "en")))
    assert sorted(facts) == sorted(words)
    assert len(facts) == len(set(facts))


def test_codes_and_kinds_are_known() -> None:
    codes = {*gazetteer().states, *organisations()}
    assert {row[1] for row in rows(of_language("bodies.tsv", "en"))} <= codes
    lists = [row[1].removeprefix("only ") for row in rows(of_language("systems.tsv", "en"))]
    assert {code for listed in lists for code in listed.split()} <= codes
    assert {row[1] for row in rows(of_language("offices.tsv", "en"))} <= KINDS
    assert {one.seat_country for one in organisations().values() if one.seat_country} <= codes


def test_words_of_address_tell_a_gender_or_nothing() -> None:
    assert [honorifics()[word] for word in ("mrs.", "sheikh", "dr")] == ["female", "male", None]


def test_a_given_name_of_both_genders_tells_nothing() -> None:
    assert [given_names().get(name) for name in ("peter", "angela", "jean")] == ["male", "female", None]
    assert "morgan" in either_given()
    assert either_given().isdisjoint(given_names())
    listed = sections(of_language("given_names.toml", "en"))
    assert {plain(name) for name in listed["male"].split()} & {
        plain(name) for name in listed["female"].split()
    } == set()


def test_titles_tell_a_gender_and_whether_somebody_holds_them() -> None:
    words = ("queen", "businessman", "minister", "nobody")
    assert [(gender_of_title(word), is_office(word)) for word in words] == [
        ("female", True),
        ("male", False),
        (None, True),
        (None, False),
    ]
    assert [abbreviated(word) for word in ("senator", "mayor")] == ["sen.", "mayor"]


def test_a_title_is_known_with_its_full_stops_apart() -> None:
    for said in (("lt.", "gen."), ("lt", ".", "gen."), ("lt", ".", "gen", ".")):
        found = titles().longest(said, 0)
        assert found is not None
        assert (found[0], found[1].words) == (len(said), "lt. gen.")


def test_the_states_that_lack_an_office() -> None:
    assert {"US", "DE"} - lacking()["king"] == set()
    assert {"OM", "YE", "US"} & lacking()["sultan"] == {"YE", "US"}


def test_pronouns_are_of_one_class() -> None:
    assert [third_person().get(word) for word in ("she", "himself", "they")] == ["female", "male", None]
    assert first_person().isdisjoint(third_person())


def test_the_words_of_a_country() -> None:
    mali = country_words()["ML"]
    assert (mali.names, mali.people, mali.capitals) == (("Mali",), ("Malian", "Malians"), ("Bamako",))


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
    found = gazetteer().phrases.longest(words_of(phrase), 0)
    assert found is not None
    assert [state.code for state in found[1].states] == codes


def test_a_state_that_ended_has_its_last_day() -> None:
    assert {code: states()[code].until for code in ("SU", "YU", "DD", "CS")} == {
        "SU": date(1991, 12, 26),
        "YU": date(2003, 2, 4),
        "DD": date(1990, 10, 3),
        "CS": date(1992, 12, 31),
    }


def test_the_longest_phrase_wins() -> None:
    phrases: Phrases[str] = Phrases()
    for phrase in ("New York", "New", "New York Times"):
        phrases.add(phrase, phrase)
    assert phrases.longest(("the", "new", "york", "times"), 1) == (4, "New York Times")
    assert phrases.longest(("new", "rules"), 0) == (1, "New")


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


@pytest.mark.parametrize(
    ("acronym", "country", "town", "home"),
    [
        ("NATO", "BE", "Brussels", True),
        ("NATO", "BE", None, True),
        ("NATO", "BE", "Antwerp", False),
        ("NATO", "US", "Brussels", False),
        ("UN", "US", "Washington", False),
        ("NO", "BE", "Brussels", False),
        (None, "BE", None, False),
        ("NATO", None, None, False),
    ],
)
def test_an_organisation_is_at_home_at_its_seat(
    acronym: str | None, country: str | None, town: str | None, home: bool
) -> None:
    assert is_seat(acronym, country, town) is home


@pytest.mark.parametrize(
    ("words", "role", "country"),
    [("Cornwall", "region", "GB"), ("New London", "none", None), ("Roman Catholic", "none", None)],
)
def test_a_name_is_not_that_of_a_lesser_namesake(words: str, role: str, country: str | None) -> None:
    found = gazetteer().phrases.longest(words_of(plain(words)), 0)
    assert found is not None
    assert (found[1].role, next((state.code for state in found[1].states), None)) == (role, country)
