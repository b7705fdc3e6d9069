"""How a visit is told: the operators on the way from the word up to its clause, on invented sentences."""

import pytest
from visitwire_schemas import EnrichedStory
from visitwire_visits.candidate import Told
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.stage import visits_of

from tests.unit.visits.conftest import Parsed

CASES: dict[str, Told] = {
    # tense
    "President Ana Ruiz of Chile will visit Norway on Tuesday.": Told("ahead", "ahead"),
    "President Ana Ruiz of Chile will be visiting Norway.": Told("ahead", "ahead"),
    "President Ana Ruiz of Chile is visiting Norway.": Told("now", "progressive"),
    "President Ana Ruiz of Chile visited Norway.": Told("past", "past"),
    "President Ana Ruiz of Chile has visited Norway.": Told("past", "perfect"),
    "President Ana Ruiz of Chile would visit Norway, her office said.": Told("ahead", "would"),
    # what is planned
    "President Ana Ruiz of Chile is due to visit Norway.": Told("ahead", "ahead"),
    "President Ana Ruiz of Chile is expected to visit Norway.": Told("ahead", "ahead"),
    "President Ana Ruiz of Chile plans to visit Norway.": Told("ahead", "ahead"),
    "President Ana Ruiz's upcoming visit to Norway is news.": Told("ahead", "ahead"),
    "Ministers met ahead of President Ana Ruiz's visit to Norway.": Told("ahead", "ahead"),
    # cancelled and postponed
    "President Ana Ruiz of Chile cancelled her visit to Norway.": Told("past", "past", settled="cancelled"),
    "President Ana Ruiz's visit to Norway has been cancelled.": Told("past", "perfect", settled="cancelled"),
    "President Ana Ruiz's visit to Norway, planned for December 7, has been called off.": Told(
        "past", "perfect", settled="cancelled"
    ),
    "President Ana Ruiz's cancelled visit to Norway is news.": Told(settled="cancelled"),
    "President Ana Ruiz of Chile refused to visit Norway.": Told("past", "past", settled="cancelled"),
    "President Ana Ruiz ruled out a visit to Norway.": Told("past", "past", settled="cancelled"),
    "President Ana Ruiz of Chile postponed her visit to Norway.": Told("past", "past", settled="postponed"),
    "President Ana Ruiz has put off her trip to Norway.": Told("past", "perfect", settled="postponed"),
    "President Ana Ruiz's trip to Norway, due to begin on December 7, was postponed.": Told(
        "past", "past", settled="postponed"
    ),
    "President Ana Ruiz's postponed visit to Norway is news.": Told(settled="postponed"),
    # what happens at a meeting, or during a visit, does not become of it
    "President Ana Ruiz of Chile was asked during a visit to Norway about wages.": Told("now", "during", aside=True),
    "President Ana Ruiz of Chile cancelled a dinner during her visit to Norway.": Told("now", "during", aside=True),
    # who comments on a visit, or discusses it, does nothing to it
    "The ministry declined to comment on President Ana Ruiz's visit to Norway.": Told("now", "during"),
    "President Ana Ruiz agreed to discuss her visit to Norway with the opposition.": Told("past", "past", "wished"),
    "Prime Minister Ola Brandt urged President Ana Ruiz to support a visit to Haiti.": Told("past", "past"),
    "The court refused to let President Ana Ruiz visit Norway.": Told("past", "past", settled="cancelled"),
    "President Ana Ruiz declined to pay a visit to Norway.": Told("past", "past", settled="cancelled"),
    # kept after all
    "President Ana Ruiz of Chile declined to rule out a visit to Norway.": Told("past", "past", settled="kept"),
    "President Ana Ruiz refused to postpone her visit to Norway.": Told("past", "past", settled="kept"),
    # denied
    "President Ana Ruiz's office denied that she would visit Norway.": Told("ahead", "would", doubted=True),
    "President Ana Ruiz's office denied that her visit to Norway had been cancelled.": Told(
        "past", "past", settled="cancelled", doubted=True
    ),
    "President Ana Ruiz's office dismissed reports that her visit to Norway was called off.": Told(
        "past", "past", settled="cancelled", doubted=True
    ),
    # negated
    "President Ana Ruiz of Chile will not visit Norway.": Told("ahead", "ahead", negated=True),
    "President Ana Ruiz of Chile did not visit Norway.": Told("past", "past", negated=True),
    "President Ana Ruiz never visited Norway.": Told("past", "past", negated=True),
    "President Ana Ruiz of Chile has no plans to visit Norway.": Told("ahead", "ahead", negated=True),
    # wished, possible, supposed
    "President Ana Ruiz of Chile hopes to visit Norway.": Told("now", "present", "wished"),
    "President Ana Ruiz is considering a visit to Norway.": Told("now", "progressive", "wished"),
    "President Ana Ruiz of Chile may visit Norway.": Told("ahead", "may", "possible"),
    "President Ana Ruiz should visit Norway, the party said.": Told(modality="supposed"),
    "If President Ana Ruiz visits Norway, prices will fall.": Told("now", "present", "supposed", aside=True),
    # invited and accepted
    "President Ana Ruiz of Chile was invited to visit Norway.": Told("past", "past", settled="invited"),
    "President Ana Ruiz of Chile agreed to visit Norway.": Told("past", "past", settled="accepted"),
    "President Ana Ruiz of Chile accepted an invitation to visit Norway.": Told("past", "past", settled="accepted"),
    "President Ana Ruiz of Chile declined an invitation to visit Norway.": Told("past", "past", settled="cancelled"),
    # begun and over
    "President Ana Ruiz of Chile began a visit to Norway on Monday.": Told("past", "past", settled="started"),
    "President Ana Ruiz of Chile wrapped up a visit to Norway on Monday.": Told("past", "past", settled="ended"),
    "Ministers met after President Ana Ruiz's visit to Norway.": Told("past", "past", settled="ended", aside=True),
    # beside the news, or of another time
    "President Ana Ruiz, who visited Norway last year, spoke of trade.": Told("past", "past", aside=True),
    "Ministers met during President Ana Ruiz's visit to Norway.": Told("now", "during", aside=True),
    "President Ana Ruiz spoke of trade during her last visit to Norway.": Told(
        "now", "during", settled="ended", earlier=True, aside=True
    ),
}
FOUND: dict[str, str | None] = {
    "President Ana Ruiz's office denied that her visit to Norway had been cancelled.": "planned",
    "President Ana Ruiz's office dismissed reports that her visit to Norway was called off.": "planned",
    "President Ana Ruiz's office denied that she would visit Norway.": None,
    "President Ana Ruiz of Chile will no longer visit Norway.": "cancelled",
    "President Ana Ruiz of Chile is to visit Norway.": "planned",
    "President Ana Ruiz's visit to Norway will go ahead as planned.": "planned",
    "Chilean President Ana Ruiz was barred from visiting Norway.": "cancelled",
    "President Ana Ruiz of Chile cut short her visit to Norway.": "concluded",
    "President Ana Ruiz of Chile did not visit Norway.": None,
    "President Ana Ruiz never visited Norway.": None,
    "If President Ana Ruiz visits Norway, prices will fall.": None,
    "President Ana Ruiz should visit Norway, the party said.": None,
    "President Ana Ruiz's visit to Norway, planned for December 7, has been cancelled.": "cancelled",
    "President Ana Ruiz's trip to Norway, due to begin on December 7, was postponed.": "postponed",
}
"""What becomes of how it is told: the status of the one visit, or none."""
TRIPS = ("visit", "trip")
"""The frames that a case is about."""


@pytest.fixture(scope="module")
def stories(parsed: Parsed) -> dict[str, EnrichedStory]:
    return dict(zip(CASES, parsed(list(CASES)), strict=True))


@pytest.mark.parametrize("text", CASES)
def test_how_it_is_told(stories: dict[str, EnrichedStory], text: str) -> None:
    read = RulesReader().read(stories[text])
    assert [candidate.told for candidate in read if candidate.rule in TRIPS] == [CASES[text]]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("At a summit in Norway, President Ana Ruiz of Chile pledged to raise wages.", "past"),
        ("President Ana Ruiz of Chile is expected at a summit in Norway.", "ahead"),
    ],
)
def test_what_is_promised_at_a_meeting_is_not_the_meeting(parsed: Parsed, text: str, time: str) -> None:
    [story] = parsed([text])
    assert [each.told.time for each in RulesReader().read(story) if each.rule == "meeting"] == [time]


def test_what_becomes_of_it(parsed: Parsed) -> None:
    found = {text: visits_of(story) for text, story in zip(FOUND, parsed(list(FOUND)), strict=True)}
    assert {text: [visit.status.value for visit in visits] for text, visits in found.items()} == {
        text: [status] if status else [] for text, status in FOUND.items()
    }
