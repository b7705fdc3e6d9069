"""Reports that may be of one visitor find each other by their marks, whatever the script and the form of a name."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from visitwire_alerting.ledger.fold.components import components
from visitwire_alerting.ledger.fold.name_matching import alike, tokens
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visitor_form import same_name, same_office
from visitwire_alerting.ledger.fold.visits import visits_of
from visitwire_schemas import Destination, Party, Report, VisitStatus

from tests.unit.alerting.makers import START

WORDS = (
    *("Anna", "anna", "A", "Á.", "B", "Berg", "Bergh", "de", "al", "van der", "O'Brien", "Kim", "Jong-un", "Khan"),
    *("Zaraqchi", "Zaraghchi", "Abdel", "Abdul", "Wahid", "Abdelwahid", "Husain", "Hussein"),
    *(
        "Хан",
        "Анна",
        "習",
        "近平",
        "محمد",
        "بن",
        "सिंह",
        "Μαρία",
        "김",
        "Wójcik",
        "Vojcik",
        "J",
        "12",
        "-",
        "Ñ",
        "ß",
        "ﾞ",
    ),
)
names = st.none() | st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=4).map(" ".join)
countries = st.sampled_from(("NO", "IN", None))
offices = st.sampled_from(
    (
        *(None, "head_of_state", "crown_prince", "leader", "delegation:", "delegation:trade", "title:x"),
        *("minister:", "minister:foreign", "minister:trade", "military", "chief_of_staff"),
    )
)
PLACES = (Destination(country="FR"), Destination(country="KE"), Destination(place="five European countries"))


@st.composite
def seen(draw: st.DrawFn) -> Sighting:
    name = draw(names)
    return Sighting(
        report=Report(
            provider="north",
            uri=draw(st.uuids()).hex,
            version=1,
            published=START + timedelta(days=draw(st.integers(0, 3))),
            status=VisitStatus.PLANNED,
            sentence="",
            focus=True,
        ),
        visitor=Party(name=name, country=draw(countries)),
        destination=draw(st.sampled_from(PLACES)),
        office=draw(offices),
        wikidata=draw(st.sampled_from((None, None, "Q1", "Q2"))),
    )


def test_wikidata_joins_what_no_name_joins() -> None:
    one, other = (
        Sighting(
            report=Report(
                provider="north", uri=name, version=1, published=START, status=VisitStatus.PLANNED, sentence=""
            ),
            visitor=Party(name=name, country="CN"),
            destination=Destination(country="FR"),
            wikidata="Q1",
        )
        for name in ("Xi Jinping", "习近平")
    )
    assert len(visits_of([one, other])) == 1
    assert len(components([one, other])) == 1


@settings(max_examples=400, deadline=None)
@given(seen(), seen())
def test_two_that_may_be_one_visitor_ask_for_each_other(one: Sighting, other: Sighting) -> None:
    first, second = one.form, other.form
    if not first.countries & second.countries:
        return
    if first.names and second.names:
        may = same_name(first, second) or alike(first.names, second.names)
    else:
        may = any(not a.names and same_office(a, b) for a, b in ((first, second), (second, first)))
    if may:
        assert first.asks & second.marks
        assert second.asks & first.marks
        assert any(alone or second.turns[key] for key, alone in first.turns.items() if key in second.turns)


@settings(max_examples=200, deadline=None)
@given(st.lists(seen(), max_size=8, unique_by=lambda one: one.report.uri))
def test_visits_folded_apart_are_those_folded_together(said: list[Sighting]) -> None:
    together = {frozenset(one.order for one in trip.sightings) for trip in visits_of(said)}
    apart = {frozenset(one.order for one in trip.sightings) for part in components(said) for trip in visits_of(part)}
    assert apart == together


@given(st.text(max_size=12))
def test_a_name_is_like_itself(name: str) -> None:
    assert alike(tokens(name), tokens(name)) is bool(tokens(name))
