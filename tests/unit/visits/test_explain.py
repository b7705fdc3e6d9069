"""An explanation of hand-made candidates: sums, features and what speaks against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from visitwire_schemas import EnrichedStory, Entity
from visitwire_visits.candidate import Candidate, Event, Filler, Goal, Told
from visitwire_visits.explain import Weighed, explain, manner
from visitwire_visits.weights import Weights

from tests.helpers.factories import make_enriched, make_story
from tests.unit.visits.hand_made import WEIGHTS, candidate, person

TEXT = "".join(f"{f'Sentence {number} goes on':.<90}".ljust(100) for number in range(3))
READER = Weights(0.0, {f"t{n}": n / 10 for n in range(1, 13)} | {"v": -0.4, "d": 0.7, "g=first|first": 0.2})
GIVEN: Mapping[str, Weights] = {
    **WEIGHTS,
    "reader": READER,
    "visit": Weights(0.0, {"best": 1.0, "visitor.named=False": -0.3}),
}


@dataclass(frozen=True)
class Given:
    """A reader that gives what it was given."""

    candidates: Sequence[Candidate]
    languages: frozenset[str] = frozenset({"en"})
    name: str = "given"

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        return self.candidates


def story(language: str | None = None) -> EnrichedStory:
    leader = person("e2", "the leader", named=False, office=None)
    return make_enriched(make_story(TEXT, language=language), entities=(person(), leader))


def test_each_reading_shows_its_words_its_odds_and_the_ten_weightiest_features() -> None:
    made = candidate(
        1,
        Event.STAY,
        told=Told(time="ahead", form="ahead", settled="cancelled"),
        features=(*(f"t{n}" for n in range(1, 13)), "unknown"),
        visitors=(Filler("e1", 0.5, ("v",)),),
        destinations=(Goal("NO", None, 0.25, ("d",)),),
        score=1.0,
    )
    [found] = explain(story(), Given([made]), GIVEN).found
    [reading] = found.readings

    assert (reading.frame, reading.word, reading.odds, reading.told) == (
        "stay",
        TEXT[110:115],
        3.75,
        "ahead, cancelled",
    )
    assert reading.sentence == f"{'Sentence 1 goes on':.<90}"
    assert reading.trigger == tuple(Weighed(f"t{n}", n / 10) for n in range(12, 2, -1))
    assert (reading.visitor, reading.destination) == ((Weighed("v", -0.4),), (Weighed("d", 0.7),))
    assert reading.together == (Weighed("g=first|first", 0.2),)
    assert (found.visit.confidence, round(found.likelihood, 2)) == (0.98, 0.98)


def test_what_is_told_by_name_elsewhere_says_so() -> None:
    both = candidate(links={("e1", "NO"): 2.0, ("e2", "NO"): 1.0})
    told = explain(story(), Given([both]), GIVEN)
    [passed] = told.passed

    assert [found.visit.visitor.name for found in told.found] == ["Ana Ruiz"]
    assert (passed.visitor, passed.destination) == ("the leader (CL)", "NO")
    assert passed.against == (
        "told by name elsewhere: somebody of the same country goes there by name",
        "visitor.named=False -0.30",
    )


@pytest.mark.parametrize(
    ("visitor", "reason"),
    [
        (person(office=None, office_kind=None), "holds no public office that the story tells"),
        (person(country=None), "the story does not tell their country"),
    ],
)
def test_whoever_is_likely_and_refused_is_told_the_reason_of_the_resolver(visitor: Entity, reason: str) -> None:
    told = explain(make_enriched(make_story(TEXT), entities=(visitor,)), Given([candidate(odds=0.5)]), GIVEN)
    assert (told.found, told.passed[0].against[0]) == ((), reason)


def test_the_likeliest_others_are_told_with_the_weightiest_reasons_first() -> None:
    many = candidate(
        links={("e2", to): -0.5 - number / 10 for number, to in enumerate(("NO", "SE", "DK", "FI", "IS", "EE"))}
    )
    passed = explain(story(), Given([many]), GIVEN).passed

    assert [each.destination for each in passed] == ["NO", "SE", "DK", "FI", "IS"]
    assert passed[0].against == ("best=-0.5 -0.50", "visitor.named=False -0.30")


def test_what_is_not_likely_at_all_is_not_told() -> None:
    told = explain(story(), Given([candidate(odds=-6.0)]), GIVEN)
    assert (told.found, told.passed) == ((), ())


def test_a_story_that_is_not_read_has_nothing_to_explain() -> None:
    told = explain(story("fr"), Given([candidate()]), GIVEN)
    assert (told.unread, told.found, told.passed) == ("fr", (), ())


def test_how_a_candidate_is_told_in_words() -> None:
    told = Told(time="ahead", form="would", modality="wished", negated=True, doubted=True, earlier=True, aside=True)
    assert manner(candidate(told=told)) == "would, wished, negated, doubted, earlier, aside"
