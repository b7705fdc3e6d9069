"""What countries are called, and which countries a region or bloc means."""

import pycountry
import pytest
from visitwire_alerting.wording import where
from visitwire_gateway.capitals import places
from visitwire_language.data_files import of_world, sections
from visitwire_language.gazetteer.countries import states
from visitwire_language.gazetteer.display import capital, code_of, country_name, in_sentence
from visitwire_language.gazetteer.groups import askable, country_codes, expand, groups, members

from tests.helpers.factories import make_visit


@pytest.mark.parametrize(
    ("code", "name", "sentence", "seat"),
    [
        ("GB", "United Kingdom", "the United Kingdom", "London"),
        ("IN", "India", "India", "New Delhi"),
        ("SU", "Soviet Union", "the Soviet Union", "Moscow"),
        ("XK", "Kosovo", "Kosovo", "Pristina"),
        ("CS", "Czechoslovakia", "Czechoslovakia", "Prague"),
        ("SG", "Singapore", "Singapore", "Singapore"),
        ("GU", "Guam", "Guam", "Guam"),
        ("NATO", "NATO", "NATO", "Brussels"),
        ("QQ", "QQ", "QQ", "QQ"),
    ],
)
def test_a_country_has_one_name(code: str, name: str, sentence: str, seat: str) -> None:
    assert (country_name(code), in_sentence(code), capital(code)) == (name, sentence, seat)


def test_alerts_and_map_call_a_country_the_same() -> None:
    spoken = {code: where(make_visit(country=code)) for code in places()}
    assert {code: name.removeprefix("the ") for code, name in spoken.items()} == {
        code: place.name for code, place in places().items()
    }


def test_no_country_has_no_name() -> None:
    assert country_name(None) == ""


def test_names_lead_to_codes_whatever_the_case() -> None:
    names = ["the netherlands", "BRITAIN", "Cote d'Ivoire", "Burma", "Congo", "Russia", "Atlantis"]
    assert [code_of(name) for name in names] == ["NL", "GB", "CI", "MM", "CG", "RU", None]


def test_every_country_of_iso_is_listed() -> None:
    assert {country.alpha_2 for country in pycountry.countries} | {"SU", "YU", "DD", "CS", "XK"} == set(states())


def test_every_country_but_antarctica_lies_in_one_subregion() -> None:
    listed = [code for codes in sections(of_world("groups.toml"))["subregions"].values() for code in codes.split()]
    assert sorted([*listed, "AQ"]) == list(country_codes())


def test_members_of_blocs_are_countries() -> None:
    assert frozenset().union(*groups().values()) <= set(country_codes())


def test_a_region_means_its_countries_and_a_bloc_its_members() -> None:
    assert members("North America") == {"US", "CA", "BM", "GL", "PM"}
    assert members("G7") == {"G7", "CA", "DE", "FR", "GB", "IT", "JP", "US"}
    assert expand(["IN", "Southern Africa"]) == {"IN", "BW", "SZ", "LS", "NA", "ZA"}


def test_what_subscriptions_called_the_world_bank_still_means_it() -> None:
    assert "WB" in askable()
    assert "WB" not in groups()
    assert members("WB") == {"World Bank"}
