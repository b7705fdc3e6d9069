"""The resolver with hand-made candidates: no text, no grammar, weights of a few features."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from visitwire_schemas import Announcer, EntityKind, Precision, VisitDates, VisitStatus
from visitwire_visits.candidate import DateRead, Days, Event, Filler, Source, Told

from tests.unit.visits.hand_made import candidate, day, person, resolve, visits

AHEAD, PAST, NOW = (
    Told(time="ahead", form="ahead"),
    Told(time="past", form="past"),
    Told(time="now", form="progressive"),
)
PLANNED, CONCLUDED = VisitStatus.PLANNED, VisitStatus.CONCLUDED


def test_every_visitor_and_destination_that_a_candidate_links_is_a_pair() -> None:
    both = candidate(links={("e1", "NO"): 2.0, ("e1", "SE"): 1.0, ("e2", "NO"): -2.0})
    found = resolve(both, entities=(person("e2", "Ola Brandt", "DK"),))

    assert [(f.pair.key, f.visit is not None) for f in found] == [
        (("e1", "NO"), True),
        (("e1", "SE"), True),
        (("e2", "NO"), False),
    ]


def test_candidates_of_one_pair_are_one_visit_with_the_evidence_of_each_sentence() -> None:
    [found] = visits(
        candidate(2, Event.TRIP, 1.0), candidate(0, Event.STAY, 2.0), candidate(0, Event.GOING, 0.5, at=40)
    )

    assert [(e.start, e.end, e.frame) for e in found.evidence] == [(0, 90, "stay"), (200, 290, "trip")]


def test_the_confidence_is_the_likelihood() -> None:
    [finding] = resolve(candidate(odds=1.5))

    assert finding.visit is not None
    assert (round(finding.likelihood, 4), finding.visit.confidence) == (0.8176, 0.82)


def test_the_place_is_that_of_the_likeliest_candidate_that_names_one() -> None:
    [found] = visits(candidate(odds=2.0), candidate(1, odds=1.0, places={"NO": "Oslo"}))
    assert (found.destination.country, found.destination.place) == ("NO", "Oslo")


def test_an_earlier_occasion_is_a_visit_of_its_own() -> None:
    last = Told(time="past", form="past", earlier=True)
    found = visits(candidate(0, odds=2.0), candidate(1, Event.TRIP, 1.5, told=last))
    assert [visit.status for visit in found] == [PLANNED, CONCLUDED]


def test_a_date_long_before_the_story_is_another_occasion_even_where_no_word_says_so() -> None:
    found = visits(candidate(0), candidate(1, odds=1.5, told=PAST, dates=(day("2019-05-04"),)))
    assert [(v.status, v.dates and v.dates.start) for v in found] == [(PLANNED, None), (CONCLUDED, "2019-05-04")]


def test_an_unlikely_earlier_occasion_is_no_visit_of_its_own() -> None:
    last = Told(time="past", form="past", earlier=True)
    assert len(resolve(candidate(0), candidate(1, Event.TRIP, -1.0, told=last))) == 1


@pytest.mark.parametrize(
    ("country", "to", "count"),
    [("CL", "NO", 1), ("CL", "SE", 2), ("PE", "NO", 2)],
)
def test_a_role_that_goes_where_its_country_sends_somebody_by_name_is_no_visitor(
    country: str, to: str, count: int
) -> None:
    leader = person("e2", "the leader", country, named=False, office=None)
    found = resolve(candidate(links={("e1", "NO"): 2.0, ("e2", to): 1.0}), entities=(leader,))

    assert [finding.likelihood > 0.5 for finding in found] == [True, True]
    assert len([finding for finding in found if finding.visit]) == count


def test_what_the_reader_says_against_the_likeliest_reading_forbids_the_visit() -> None:
    private = candidate(1, against=("told as a private journey",))
    [finding] = resolve(private, candidate(odds=1.0))
    [other] = resolve(private, candidate(odds=3.0))

    assert (finding.visit, finding.against) == (None, "told as a private journey")
    assert (other.visit is not None, other.against) == (True, None)


def test_a_group_goes_alone_where_its_head_is_not_likely_to() -> None:
    mission = person("e2", "a trade mission", "CL", kind=EntityKind.ORGANIZATION, named=False, office=None)
    [found] = visits(candidate(links={("e1", "NO"): -1.0, ("e2", "NO"): 1.0}), entities=(mission,))
    assert (found.visitor.name, found.visitor.label, found.visitor.country) == (None, "a trade mission", "CL")


def test_whom_the_same_words_tell_to_go_there_is_as_likely_as_the_likeliest_of_them() -> None:
    minister = person("e2", "Eva Soto")
    found = resolve(candidate(links={("e1", "NO"): 2.0, ("e2", "NO"): -1.0}), entities=(minister,))
    assert [round(finding.likelihood, 2) for finding in found] == [0.88, 0.88]


@pytest.mark.parametrize(
    "other",
    [
        {"country": "PE"},
        {"country": None},
        {"named": False},
        {"to": "SE"},
        {"links": ("g=near|first",)},
        {"links": ()},
        {"elsewhere": True},
    ],
)
def test_what_is_told_otherwise_does_not_go_along(other: dict[str, Any]) -> None:
    """Of another country or none, as a group, to another place, by other grammar or none, or by another word."""
    to, how = other.pop("to", "NO"), other.pop("links", ("g=first|first",))
    links = {("e1", "NO"): (2.0, ("g=first|first",)), ("e2", to): (-1.0, how)}
    first, second = dict(list(links.items())[:1]), dict(list(links.items())[1:])
    told = [first, second] if other.pop("elsewhere", False) else [links]
    candidates = [replace(candidate(at, links=dict.fromkeys(each, 0.0)), links=each) for at, each in enumerate(told)]
    found = resolve(*candidates, entities=(person("e2", "Eva Soto", **{"country": "CL"} | other),))

    assert [round(finding.likelihood, 2) for finding in found] == [0.88, 0.27]


@pytest.mark.parametrize(
    ("status", "dates", "want"),
    [
        (PAST, (day("2026-03-12"),), None),
        (PAST, (day("2026-03-10"),), "2026-03-10"),
        (PAST, (day("2026-03"),), "2026-03"),
        (NOW, (day("2026-03-12"),), None),
        (AHEAD, (day("2026-03-10"),), None),
        (AHEAD, (day("2026-03-09", "2026-03-14"),), "2026-03-09"),
        (AHEAD, (day("2026-03-12"),), "2026-03-12"),
        (AHEAD, (day("2026-03-10"), day("2026-03-20", None, "the 20th", "beside")), "2026-03-20"),
    ],
)
def test_a_date_on_the_wrong_side_of_the_story_is_none_of_the_visit(
    status: Told, dates: tuple[DateRead, ...], want: str | None
) -> None:
    [found] = visits(candidate(told=status, dates=dates))
    assert (found.dates and found.dates.start) == want


def test_an_expression_reads_ahead_for_a_visit_to_come_and_back_for_one_that_is_over() -> None:
    ahead, back = (Days(start, None, Precision.DAY) for start in ("2026-03-14", "2026-03-07"))
    saturday = DateRead("Saturday", ahead, back, ("same",))

    [coming] = visits(candidate(dates=(saturday,)))
    [over] = visits(candidate(told=PAST, dates=(saturday,)))
    assert coming.dates == VisitDates(text="Saturday", start="2026-03-14", precision=Precision.DAY)
    assert over.dates == VisitDates(text="Saturday", start="2026-03-07", precision=Precision.DAY)


def test_of_several_dates_the_weightiest_counts_and_none_where_none_is_likely() -> None:
    [near] = visits(candidate(dates=(day("2026-03-20", None, "20", "beside"), day("2026-03-21", None, "21", "same"))))
    [none] = visits(candidate(dates=(day("2026-03-20", None, "20", "far"),)))
    assert (near.dates and near.dates.text, none.dates) == ("21", None)


def test_the_source_is_the_weightiest_that_is_likely() -> None:
    duarte = Source(Announcer(name="Helena Duarte"), ("around",))
    office = Source(Announcer(label="her office"), ("sentence",))
    rumour = Source(Announcer(label="rumours"), ("rumour",))

    said = [visits(candidate(sources=each))[0].announced_by for each in ((office, duarte), (rumour,), ())]
    assert said == [duarte.announcer, None, None]


def test_news_is_what_stands_at_the_head() -> None:
    first, fifth = visits(candidate(0))[0], visits(candidate(5))[0]
    assert (first.focus, fifth.focus) == (True, False)


def test_the_host_is_whoever_the_reader_says_but_never_the_visitor() -> None:
    host = person("e2", "Ola Brandt", "NO", office="Prime Minister")
    fillers = (Filler("e1", 0.0), Filler("e2", 0.0))
    [found] = visits(candidate(hosts=fillers), entities=(host,))
    [alone] = visits(candidate(hosts=fillers[:1]), entities=(host,))

    assert found.host is not None
    assert (found.host.name, found.host.label, found.host.country, alone.host) == (
        "Ola Brandt",
        "Prime Minister",
        "NO",
        None,
    )


def test_without_a_day_of_the_story_no_date_is_on_the_wrong_side() -> None:
    [found] = visits(candidate(dates=(day("2019-03-10"),)), today=None)
    assert found.dates is not None
    assert found.dates.start == "2019-03-10"


def test_the_order_of_the_candidates_does_not_matter() -> None:
    some = [
        candidate(0, Event.TRIP, 1.0),
        candidate(1, Event.STAY, 1.0, told=PAST),
        candidate(2, links={("e1", "SE"): 0.7, ("e1", "NO"): 0.7}),
    ]
    assert visits(*some) == visits(*reversed(some))


def test_nothing_comes_of_nothing() -> None:
    assert resolve() == []
    assert resolve(today=date(2026, 1, 1)) == []
