"""Which date is a visit's, by what it hangs on and by the other dates, with hand-made candidates."""

import pytest
from visitwire_schemas import Precision, VisitStatus
from visitwire_visits.candidate import DateRead, Days, Told
from visitwire_visits.resolve.choose import Now, status_evidence
from visitwire_visits.resolve.dating import date_choices, likeliest
from visitwire_visits.resolve.pairs import pairs_of
from visitwire_visits.weights import Weights

from tests.unit.visits.hand_made import TODAY, candidate, day, person

PLANNED = VisitStatus.PLANNED
PAST = Told(time="past", form="past")
NOW = Now(TODAY.isoformat(), None)
ENTITIES = {"e1": person(), "e2": person("e2", "Ola Brandt", "DK")}


def features(read: DateRead, *others: DateRead, **fields: object) -> set[str]:
    """The evidence of one date of Ruiz's visit to Norway, among others of it."""
    [pair, *_] = pairs_of([candidate(dates=(read, *others), **fields)], ENTITIES, TODAY)
    return next(set(evidence) for each, _, evidence in date_choices(pair, PLANNED, NOW.today) if each is read)


@pytest.mark.parametrize(
    ("holder", "links", "want"),
    [
        (10, {("e1", "NO"): 2.0}, "own"),
        (10, {("e1", "NO"): 2.0, ("e2", "NO"): 4.0}, "own.behind"),
        (70, {("e1", "NO"): 2.0}, "others"),
        (None, {("e1", "NO"): 2.0}, "none"),
    ],
)
def test_a_date_says_whose_trigger_it_hangs_on(
    holder: int | None, links: dict[tuple[str, str], float], want: str
) -> None:
    told = candidate(links=links, dates=(day("2026-03-13", start=20, holder=holder),))
    pair = next(pair for pair in pairs_of([told], ENTITIES, TODAY) if pair.visitor.id == "e1")
    [(_, _, evidence)] = date_choices(pair, PLANNED, NOW.today)
    assert evidence[f"holder={want}"] == 1.0


def test_a_date_that_hangs_on_another_reading_of_the_visit_is_its_own_too() -> None:
    both = [candidate(dates=(day("2026-03-13", start=20, holder=110),)), candidate(1, odds=1.0)]
    [pair] = pairs_of(both, ENTITIES, TODAY)
    assert "holder=also" in date_choices(pair, PLANNED, NOW.today)[0][2]


def test_the_day_of_what_is_news_is_not_that_of_an_earlier_occasion() -> None:
    last = Told(time="past", form="past", earlier=True)
    came = day("2026-03-10", start=20, holder=10)
    beside = day("2026-03-10", None, "then", "beside=-1", start=20, holder=10)
    both = [candidate(dates=(came,), told=PAST), candidate(1, odds=1.5, told=last, dates=(beside, day("2019-05-04")))]
    earlier = next(pair for pair in pairs_of(both, ENTITIES, TODAY) if pair.earlier)

    assert [days.start for _, days, _ in date_choices(earlier, VisitStatus.CONCLUDED, NOW.today)] == ["2019-05-04"]


def test_a_place_named_beside_a_date_speaks_for_the_visit_there_only() -> None:
    found = features(day("2026-03-13", start=20, places=("NO", "SE")))
    assert {"place.before=own", "place.after=other", "places=own|other.same=True"} <= found


def test_the_sentence_beside_tells_whether_it_is_about_the_visit() -> None:
    beside = day("2026-03-13", None, "then", "beside=+1", start=120, names=frozenset({"e1", "SE"}))
    assert "beside.visitor=True.destination=False" in features(beside)


def test_a_day_within_a_vaguer_date_makes_it_more_precise() -> None:
    month = Days("2026-04", None, Precision.MONTH)
    vague, exact = DateRead("in April", month, month, ("same",), start=20), day("2026-04-13", "2026-04-16", start=40)
    elsewhere = day("2026-05-02", start=60)

    assert "finer=True.coarser=False" in features(vague, exact)
    assert "finer=False.coarser=True" in features(exact, vague)
    assert "finer=False.coarser=False" in features(elsewhere, vague, exact)


def test_a_date_told_again_says_so() -> None:
    first, again = day("2026-03-13", start=20), day("2026-03-13", start=60)
    assert "again=1" in features(first, again)
    assert "again=0" in features(first)


@pytest.mark.parametrize(
    ("ahead", "back", "side"),
    [("2026-04-29", "2025-04-29", "nearer ahead"), ("2027-02-20", "2026-02-20", "nearer back")],
)
def test_a_day_without_a_year_lies_where_it_is_much_nearer(ahead: str, back: str, side: str) -> None:
    days = [Days(each, None, Precision.DAY) for each in (ahead, back)]
    [pair] = pairs_of([candidate(dates=(DateRead("then", *days, ("same",)),))], ENTITIES, TODAY)
    assert f"dates.{side}=True" in status_evidence(pair, NOW)


def test_a_weekday_may_be_the_next_or_the_last() -> None:
    days = [Days(each, None, Precision.DAY) for each in ("2026-03-14", "2026-03-07")]
    [pair] = pairs_of([candidate(dates=(DateRead("on Saturday", *days, ("same",)),))], ENTITIES, TODAY)
    assert "best.date=open" in status_evidence(pair, NOW)


def test_the_standing_of_a_visit_knows_the_next_journey_and_who_comes_along() -> None:
    here = candidate(odds=3.0, links={("e1", "NO"): 3.0, ("e2", "NO"): 2.0}, told=PAST)
    onward = candidate(1, odds=2.0, links={("e1", "SE"): 2.0})
    pairs = pairs_of([here, onward], ENTITIES, TODAY)
    evidence = status_evidence(pairs[0], NOW, pairs)

    assert pairs[0].key == ("e1", "NO")
    assert {"onward=planned", "onward=planned@concluded", "kin=concluded", "kin=concluded@concluded"} <= set(evidence)
    assert {"onward=nobody", "kin=nobody"} <= set(status_evidence(pairs[0], NOW, pairs[:1]))


WEIGHTS = Weights(0.0, {"same": 1.0})


@pytest.mark.parametrize(
    ("vague", "behind", "want"),
    [
        (Days("2026-04", None, Precision.MONTH), 2.0, "2026-04-13"),
        (Days("2026-04-13", "2026-04-19", Precision.DAY), 2.0, "2026-04-13"),
        (Days("2026-04", None, Precision.MONTH), 3.0, "2026-04"),
        (Days("2026-04-10", "2026-04-15", Precision.DAY), 2.0, "2026-04-10"),
        (Days("2026-05", None, Precision.MONTH), 2.0, "2026-05"),
    ],
)
def test_a_day_within_a_vague_date_is_preferred_unless_it_is_far_less_likely(
    vague: Days, behind: float, want: str
) -> None:
    exact = Days("2026-04-13", "2026-04-14", Precision.DAY)
    choices = [
        (DateRead("then", vague, vague, start=20), vague, {"same": 1.0}),
        (DateRead("on the day", exact, exact, start=40), exact, {"same": 1.0 - behind}),
    ]
    chosen = likeliest(choices, WEIGHTS)
    assert chosen is not None
    assert (chosen[0], chosen[2].start) == (1.0, want)


def test_the_first_day_of_a_month_that_is_told_says_so() -> None:
    first, second = day("2026-03-13", start=20), day("2026-03-14", start=60)
    assert "earliest=True.same=True" in features(first, second)
    assert "earliest=False.same=True" in features(second, first)


def test_no_date_comes_of_no_choice() -> None:
    assert likeliest([], WEIGHTS) is None
