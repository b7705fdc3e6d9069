"""Kinds of stories in which people stand beside places where they do not go: of everything that a model may say of
anybody and any place there, only the visits that the story tells pass the checks."""

from itertools import product

import pytest
from visitwire_reader_llm.answer import Answer, Claim
from visitwire_reader_llm.check import check
from visitwire_reader_llm.page import Page
from visitwire_schemas import EnrichedStory, VisitStatus
from visitwire_visits.stage import default

from tests.unit.visits.conftest import Parsed

PEOPLE = (
    ("President Lucas Andrade", "Brazil", "Brasilia", "BR"),
    ("Prime Minister Maria Lopez", "Peru", "Lima", "PE"),
    ("Foreign Minister Anna Keller", "Austria", "Vienna", "AT"),
    ("Defence Minister Jan Zielinski", "Poland", "Warsaw", "PL"),
    ("President Daniel Otieno", "Kenya", "Nairobi", "KE"),
)
PLACES = (("India", "IN"), ("Chile", "CL"), ("Norway", "NO"), ("Iran", "IR"), ("Mali", "ML"), ("Japan", "JP"))
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a host": ("{A} of {home} received {B} of {abroad} in {seat} on Monday.", ("B home",)),
    "a host by name": (
        "{B} of {abroad} will visit {home} on Monday as a guest of {A}, and then go on to {X}.",
        ("B home", "B X"),
    ),
    "a speaker": ("{A} of {home} will visit {X} on Monday, {B} of {abroad} said.", ("A X",)),
    "an onlooker": ("{B} of {abroad} welcomed that {A} of {home} will visit {X} on Monday.", ("A X",)),
    "another traveller": ("{A} of {home} criticised {Y} before {B} of {abroad} flew to {X}.", ("B X",)),
    "two travellers": (
        "{A} of {home} will visit {X} on Monday. {B} of {abroad} will visit {Y} on Friday.",
        ("A X", "B Y"),
    ),
    "a title without a name": (
        "{A} of {home} will visit {X} next week. The president of {Y} welcomed the plan.",
        ("A X",),
    ),
    "what the talks are about": ("{A} of {home} will visit {X} on Monday to discuss the war in {Y}.", ("A X",)),
    "whom a loan is for": ("{A} of {home} is in {X} for talks on a loan to {Y}.", ("A X",)),
    "what a speech is about": ("{A} of {home} spoke about {Y} at a news conference.", ()),
    "an opinion": ("{A} of {home} remains sceptical of {Y}.", ()),
    "a treaty": ("{A} of {home} entered into an agreement with {Y}.", ()),
    "a meeting nowhere": ("{A} of {home} met {B} of {abroad} on Monday and criticised {Y}.", ()),
    "a call": ("{A} of {home} phoned {B} of {abroad} on Monday about the drought in {Y}.", ()),
    "an embassy": ("{A} of {home} blamed {X} for the attack on the embassy of {Y}.", ()),
    "who takes note": ("{A} of {home} came home from {X} on Monday, and the government of {Y} took note.", ("A X",)),
    "who was not asked": ("{A} of {home} has not been invited to visit {X}.", ()),
}


def written(kind: str) -> tuple[list[str], list[set[tuple[str, str]]]]:
    """Six stories of a kind, and who goes to which country in each."""
    text, true = KINDS[kind]
    stories, told = [], []
    for number, (place, code) in enumerate(PLACES):
        (a, home, seat, at_home), (b, abroad, _, _) = (PEOPLE[(number + more) % 5] for more in (0, 1 + number // 5))
        other, far = PLACES[(number + 2) % 6]
        stories.append(text.format(A=a, B=b, home=home, seat=seat, abroad=abroad, X=place, Y=other))
        names, codes = {"A": _name(a), "B": _name(b)}, {"home": at_home, "X": code, "Y": far}
        told.append({(names[who], codes[where]) for who, where in (one.split() for one in true)})
    return stories, told


def _name(words: str) -> str:
    return " ".join(words.split()[-2:])


def believed(story: EnrichedStory) -> set[tuple[str, str | None]]:
    """Whom a model gets past the checks, and where to, that says everything of everybody with every sentence."""
    assert story.parse is not None
    page, found = Page(story, story.parse, default().read(story)), set()
    for one, who, where, status in product(page.sentences, story.entities, story.entities, VisitStatus):
        evidence = story.story.text[one.start : one.end]
        claim = Claim(evidence=evidence, visitor=who.id, destination=where.id, status=status)
        if check(Answer((claim,)), page).candidates:
            found.add((who.name, where.country))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_visits_that_a_story_tells_are_believed(parsed: Parsed, kind: str) -> None:
    stories, told = written(kind)
    assert [believed(story) for story in parsed(stories)] == told


UNKNOWN = [
    ("A Peruvian trade delegation arrived in Oslo on Monday.", "A Peruvian trade delegation", True),
    ("A Peruvian trade delegation arrived in Oslo on Monday.", "A Peruvian trade", False),
    ("Peruvian beef arrived in Oslo on Monday.", "Peruvian beef", False),
    ("A Peruvian trade delegation spoke. Rain reached Oslo.", "A Peruvian trade delegation", False),
]


@pytest.mark.parametrize(("text", "words", "is_believed"), UNKNOWN)
def test_a_visitor_whom_only_the_words_name_is_a_group_or_an_office(
    parsed: Parsed, text: str, words: str, is_believed: bool
) -> None:
    """As where extraction did not find the group."""
    [found] = parsed([text])
    story = found.model_copy(update={"entities": tuple(one for one in found.entities if one.country != "PE")})
    assert story.parse is not None
    page = Page(story, story.parse, default().read(story))
    sentence = text.split(". ")[-1]
    claim = Claim(evidence=sentence, visitor=words, destination="Oslo", status=VisitStatus.UNDER_WAY)
    checked = check(Answer((claim,)), page)
    assert bool(checked.candidates) == is_believed, checked.dropped
