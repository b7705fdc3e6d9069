"""The report over stories made by hand: who fired, on how many stories, and how much of it a person found too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from visitwire_schemas import EnrichedStory
from visitwire_visits.candidate import Candidate, Event
from visitwire_visits.candidate import Told as Manner

from bench.quality import report
from bench.quality.stories import Told
from tests.helpers.factories import make_enriched, make_story
from tests.unit.visits.hand_made import candidate, person


@dataclass(frozen=True)
class Given:
    """A reader that gives what it was given for each story."""

    candidates: Mapping[str, Sequence[Candidate]]
    languages: frozenset[str] = frozenset({"en"})
    name: str = "given"

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        return self.candidates[story.story.uri]


def story(uri: str, source: str, *gold: dict[str, Any]) -> Told:
    return Told(source, make_enriched(make_story(uri=uri), entities=(person(),)), list(gold))


def gold(country: str, status: str) -> dict[str, Any]:
    visitor = {"name": "Ana Ruiz", "label": "President", "country": "CL"}
    return {"visitor": visitor, "destination": {"country": country}, "status": status}


STORIES = [story("a", "E1", gold("NO", "cancelled")), story("b", "D1", gold("SE", "planned"))]
OFF = Manner(time="past", form="past", settled="cancelled")
READ = {
    "a": [candidate(told=OFF), candidate(1, Event.TRIP, told=OFF, links={("e1", "SE"): 1.0, ("e1", "DK"): -1.0})],
    "b": [candidate(told=Manner(time="ahead", form="ahead", negated=True), links={("e1", "SE"): 1.0})],
}


def test_each_frame_and_operator_has_its_firings_and_its_precision() -> None:
    found = {name: part.row() for name, part in report.parts(STORIES, Given(READ)).items()}
    keys = ("firings", "stories", "likely", "precision", "status")

    assert {name: tuple(row[key] for key in keys) for name, row in found.items()} == {
        "frame stay": (2, 2, 2, 1.0, 0.5),
        "frame trip": (1, 1, 1, 0.0, None),
        "operator ahead": (1, 1, 1, 1.0, 0.0),
        "operator cancelled": (2, 1, 2, 0.5, 1.0),
        "operator negated": (1, 1, 1, 1.0, 0.0),
    }


def test_the_figures_are_those_of_each_set_and_of_all() -> None:
    silent = Given({"a": [], "b": []})
    scores = report.figures(STORIES, silent)
    assert {name: (score.visit.right, score.visit.missed) for name, score in scores.items()} == {
        "E1": (0, 1),
        "D1": (0, 1),
        "all": (0, 2),
    }


def test_a_table_names_its_columns_and_shows_what_is_not_known() -> None:
    rows = {"a": {"likely": 3, "precision": 0.5}, "b": {"likely": 0, "precision": None}}
    assert [" ".join(line.split()) for line in report.table(rows, 4)] == ["likely precision", "a 3 0.500", "b 0 –"]


def test_a_set_that_was_not_opened_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "sets", lambda: {"dev": None})
    with pytest.raises(SystemExit) as left:
        report.main(["E9"])
    assert left.value.code == 2
    assert "not opened: E9; there are dev" in capsys.readouterr().err


def test_without_stories_it_says_so_and_exits_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "told", lambda names: [])
    assert report.main([]) == 1
    assert "no stories may be read" in capsys.readouterr().err
