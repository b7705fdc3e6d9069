"""One visit is one record, however its reports tell it; another trip is another. All invented."""

import random
from typing import Any

import pytest
from visitwire_alerting.ledger.fold.name_matching import office
from visitwire_alerting.ledger.fold.regions import countries_of
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.fold.visits import visits_of
from visitwire_schemas import EnrichedStory, OfficeKind

from tests.unit.alerting.makers import dates, story, visit

type Told = tuple[float, str, dict[str, Any]]
"""The day, the status, and what else a story says, with the visit that it is about under "trip"."""

BERG = {"who": "Anna Berg", "label": "Foreign Minister", "of": "NO", "to": "KE"}
TITLE = {"who": None, "label": "the foreign minister", "of": "NO", "to": "KE"}
AFRICA = {"to": None, "place": "five African countries"}

CASES: dict[str, list[Told]] = {
    "a date refined": [
        (0, "planned", {"when": dates("2025-05", precision="month")}),
        (10, "planned", {"when": dates("2025-05-12")}),
        (20, "planned", {"when": dates("2025-05-13", "2025-05-15")}),
        (48, "under_way", {}),
    ],
    "a day named only once he has set out": [
        (0, "under_way", {"when": dates("2025-03-27")}),
        (4, "planned", {"when": dates("2025-04-02")}),
        (6, "concluded", {"when": dates("2025-04-02")}),
    ],
    "a title before a name": [
        (0, "planned", TITLE),
        (2, "planned", {"when": dates("2025-04-10")}),
        (14, "under_way", TITLE),
    ],
    "the top diplomat is the foreign minister": [
        (0, "planned", TITLE | {"label": "Norway's top diplomat"}),
        (2, "under_way", {}),
    ],
    "a leader before the president's name": [
        (0, "invited", TITLE | {"label": "the Norwegian leader"}),
        (3, "accepted", {"who": "Carl Dahl", "label": "President"}),
    ],
    "a minister before which": [
        (0, "planned", TITLE | {"label": "the Norwegian minister"}),
        (2, "planned", {"when": dates("2025-04-10")}),
        (14, "under_way", TITLE | {"label": "the minister"}),
    ],
    "the minister is the one who is there": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (1, "planned", TITLE | {"label": "the trade minister", "when": dates("2025-05-20"), "trip": 2}),
        (14, "under_way", TITLE | {"label": "the minister"}),
        (55, "under_way", TITLE | {"label": "the minister", "trip": 2}),
    ],
    "two ministers of whom one was called the minister": [
        (0, "planned", TITLE | {"label": "the minister", "when": dates("2025-04-10")}),
        (1, "planned", TITLE | {"label": "the trade minister", "when": dates("2025-04-10")}),
        (2, "planned", TITLE | {"when": dates("2025-04-10"), "trip": 2}),
    ],
    "a leader who is the crown prince": [
        (0, "planned", {"who": "Turki Salem", "label": "Crown Prince", "of": "SA"}),
        (3, "under_way", {"who": None, "label": "the Saudi leader", "of": "SA"}),
    ],
    "a top general who is the chief of the army": [
        (0, "planned", TITLE | {"label": "the army chief"}),
        (1, "under_way", TITLE | {"label": "the military chief"}),
    ],
    "a delegation before what it is about": [
        (0, "planned", TITLE | {"label": "a Norwegian delegation"}),
        (1, "under_way", TITLE | {"label": "a Norwegian trade delegation"}),
    ],
    "a given name spelt another way": [
        (0, "planned", {"who": "Ismail Farouk"}),
        (1, "under_way", {"who": "Ismael Farouk"}),
    ],
    "a surname in other letters": [
        (0, "planned", {"who": "Kamran Zaraghchi", "of": "IR"}),
        (1, "under_way", {"who": "Zaraqchi", "of": "IR"}),
        (2, "concluded", {"who": "Kamran Zarakchi", "of": "IR"}),
    ],
    "a surname of one word or of two": [
        (0, "planned", {"who": "Hatem Abdelwahid"}),
        (1, "under_way", {"who": "Hatem Abdul Wahid"}),
        (2, "concluded", {"who": "Abdel-Wahid"}),
    ],
    "the head of a service": [
        (0, "planned", TITLE | {"label": "Norway's spy chief"}),
        (1, "under_way", TITLE | {"label": "the director of the Norwegian intelligence service"}),
    ],
    "an official, however high": [
        (0, "planned", TITLE | {"label": "a senior Norwegian official"}),
        (1, "under_way", TITLE | {"label": "the official"}),
    ],
    "surnames that sound unlike": [
        (0, "planned", {"who": "Ahmed Hassan"}),
        (1, "under_way", {"who": "Ahmed Hussein", "trip": 2}),
    ],
    "short surnames, of which every letter counts": [
        (0, "planned", {"who": "Chen"}),
        (1, "under_way", {"who": "Chin", "trip": 2}),
    ],
    "the chief of the army is not that of a service": [
        (0, "planned", TITLE | {"label": "the army chief"}),
        (1, "under_way", TITLE | {"label": "the intelligence chief", "trip": 2}),
    ],
    "a region before a country": [
        (0, "planned", AFRICA),
        (6, "planned", {"when": dates("2025-04-10")}),
        (14, "under_way", AFRICA),
    ],
    "put off and held later": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (8, "postponed", {}),
        (60, "planned", {"when": dates("2025-09-01")}),
        (158, "under_way", {}),
    ],
    "called off and on again with a date": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (8, "cancelled", {}),
        (20, "planned", {"when": dates("2025-06-20")}),
    ],
    "put off only after its day": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (20, "postponed", {}),
        (30, "planned", {"when": dates("2025-06-10")}),
    ],
    "held later than was told": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (25, "under_way", {}),
    ],
    "a leg told alone": [
        (0, "planned", {"when": dates("2025-04-10", "2025-04-18")}),
        (14, "under_way", {"when": dates("2025-04-10")}),
        (20, "under_way", {"when": dates("2025-04-16"), "place": "Mombasa"}),
        (22, "concluded", {"when": dates("2025-04-16")}),
    ],
    "another leg, days after the only day that was told": [
        (0, "under_way", {"when": dates("2025-03-27")}),
        (3, "under_way", {}),
        (6, "under_way", {"when": dates("2025-04-02"), "place": "Mombasa"}),
    ],
    "another trip after the first": [
        (0, "concluded", {"when": dates("2025-03-26")}),
        (1, "planned", {"when": dates("2025-04-20"), "trip": 2}),
        (2, "invited", {"trip": 2}),
    ],
    "two trips that one story tells of": [
        (0, "planned", {"when": dates("2025-04-10")}),
        (0, "planned", {"when": dates("2025-04-28"), "trip": 2, "uri": "s0"}),
        (20, "concluded", {"when": dates("2025-04-10")}),
        (31, "under_way", {"when": dates("2025-04-28"), "trip": 2}),
    ],
    "last year's is not this year's": [
        (0, "concluded", {"when": dates("2024-04-10"), "focus": False}),
        (1, "planned", {"when": dates("2025-04-10"), "trip": 2}),
    ],
    "again within the month": [
        (0, "under_way", {"when": dates("2025-03-27")}),
        (2, "concluded", {}),
        (16, "under_way", {"when": dates("2025-04-12"), "trip": 2}),
        (18, "concluded", {"trip": 2}),
    ],
    "another minister of the same country": [
        (0, "planned", {}),
        (1, "planned", TITLE | {"label": "the finance minister", "trip": 2}),
        (2, "under_way", {"who": "Carl Dahl", "label": "Finance Minister", "trip": 2}),
    ],
    "two legs in two countries of one region": [
        (0, "planned", AFRICA),
        (6, "planned", {"when": dates("2025-04-10")}),
        (7, "planned", {"when": dates("2025-04-12"), "to": "TZ", "trip": 2}),
    ],
    "another region": [
        (0, "planned", {"to": None, "place": "Central Asia"}),
        (6, "planned", {"when": dates("2025-04-10"), "trip": 2}),
    ],
    "a trip of long ago, by its days": [
        (0, "concluded", {"when": dates("2025-03-26")}),
        (700, "concluded", {"when": dates("2025-03-26"), "focus": False}),
        (701, "planned", {"trip": 2}),
    ],
}


def told(number: int, said: Told) -> tuple[int, EnrichedStory]:
    day, status, more = said
    fields = BERG | more
    trip, uri = fields.pop("trip", 1), fields.pop("uri", f"s{number}")
    return trip, story(uri, visit(status, **fields), day=day)


@pytest.mark.parametrize("name", CASES)
def test_the_reports_of_one_visit_are_one_record(name: str) -> None:
    said = [told(number, one) for number, one in enumerate(CASES[name])]
    seen = [sightings(one)[0].model_copy(update={"ordinal": number}) for number, (_, one) in enumerate(said)]
    random.Random(name).shuffle(seen)
    found = {frozenset(one.ordinal for one in trip.sightings) for trip in visits_of(seen)}
    trips = {trip for trip, _ in said}
    assert found == {frozenset(n for n, (trip, _) in enumerate(said) if trip == wanted) for wanted in trips}


@pytest.mark.parametrize(
    ("words", "some", "others"),
    [
        ("the Middle East", {"IL", "SA", "EG"}, {"PK", "DE"}),
        ("three Central Asian states", {"KZ", "UZ"}, {"IR", "JP"}),
        ("the Baltic states", {"EE", "LV", "LT"}, {"FI"}),
        ("Southeast Asia", {"VN", "ID"}, {"JP", "IN"}),
        ("South Africa's Cape", set(), {"ZA"}),
        ("the city", set(), {"FR"}),
    ],
)
def test_a_region_is_its_countries(words: str, some: set[str], others: set[str]) -> None:
    found = countries_of(words)
    assert (some <= found, found & others) == (True, set())


@pytest.mark.parametrize(
    ("label", "kind", "wanted"),
    [
        ("the British leader", OfficeKind.HEAD_OF_STATE, "leader"),
        ("leader of the group", OfficeKind.HEAD_OF_ORGANIZATION, "head_of_organization"),
        ("president of the commission", OfficeKind.HEAD_OF_ORGANIZATION, "head_of_organization"),
        ("Pakistan's military chief", OfficeKind.HEAD_OF_ORGANIZATION, "chief_of_staff"),
        ("top general", OfficeKind.MILITARY, "military"),
        ("Secretary of the Security Council", OfficeKind.OFFICIAL, "security"),
        ("security chief", OfficeKind.HEAD_OF_ORGANIZATION, "security"),
        ("Pentagon chief", OfficeKind.HEAD_OF_ORGANIZATION, "minister:defence"),
        ("foreign minister", OfficeKind.MINISTER, "minister:foreign"),
        ("special envoy", OfficeKind.ENVOY, "envoy"),
    ],
)
def test_a_title_is_what_its_words_say_or_else_its_kind(label: str, kind: OfficeKind, wanted: str) -> None:
    assert office(label, kind) == wanted
