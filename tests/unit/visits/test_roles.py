"""Which role a phrase plays to the word that a frame fires on, and how far the reading had to go for it."""

import pytest
from visitwire_language.text import Text
from visitwire_schemas import EnrichedStory
from visitwire_visits.rules.lexicon import lexicon_of
from visitwire_visits.rules.roles import Role, Roles

from tests.unit.visits.conftest import Parsed

CASES: list[tuple[str, str, dict[str, Role]]] = [
    # text, trigger, word -> role
    ("President Ana Ruiz will visit Norway.", "visit", {"Ruiz": Role("subject"), "Norway": Role("object")}),
    (
        "President Ana Ruiz and Minister Lena Holm will visit Norway and Sweden.",
        "visit",
        {"Ruiz": Role("subject"), "Holm": Role("subject", 1), "Norway": Role("object"), "Sweden": Role("object", 1)},
    ),
    ("President Ana Ruiz flew to Norway.", "flew", {"Ruiz": Role("subject"), "Norway": Role("to")}),
    (
        "President Ana Ruiz was received by Prime Minister Ola Brandt in Oslo.",
        "received",
        {"Ruiz": Role("object"), "Brandt": Role("agent"), "Oslo": Role("in", 1)},
    ),
    ("President Ana Ruiz hopes to visit Norway.", "visit", {"Ruiz": Role("subject", 2), "Norway": Role("object")}),
    (
        "Prime Minister Ola Brandt asked President Ana Ruiz to visit Norway.",
        "visit",
        {"Ruiz": Role("subject", 1), "Norway": Role("object")},
    ),
    (
        "President Ana Ruiz, who will visit Norway, spoke of trade.",
        "visit",
        {"Ruiz": Role("subject"), "Norway": Role("object")},
    ),
    (
        "President Ana Ruiz's visit to Norway was short.",
        "visit",
        {"Ruiz": Role("possessor"), "Norway": Role("to")},
    ),
    ("President Ana Ruiz paid a visit to Norway.", "visit", {"Ruiz": Role("bearer"), "Norway": Role("to", 1)}),
    ("President Ana Ruiz welcomed a visit by Lena Holm.", "visit", {"Ruiz": Role("bearer", 3), "Holm": Role("by")}),
    ("The Oslo visit of President Ana Ruiz was short.", "visit", {"Oslo": Role("compound"), "Ruiz": Role("of")}),
]


@pytest.fixture(scope="module")
def stories(parsed: Parsed) -> list[EnrichedStory]:
    return parsed([text for text, *_ in CASES])


@pytest.mark.parametrize("number", range(len(CASES)), ids=[text for text, *_ in CASES])
def test_the_roles_of_a_sentence(stories: list[EnrichedStory], number: int) -> None:
    source, trigger, want = CASES[number]
    parse = stories[number].parse
    assert parse is not None
    text = Text(source, parse)
    at = {source[start:end]: token for token, (start, end) in enumerate(zip(parse.start, parse.end, strict=True))}
    roles = Roles(text, lexicon_of("en"), at[trigger])

    assert {word: roles.of(at[word]) for word in want} == want


def test_what_stands_in_another_sentence_plays_no_role(parsed: Parsed) -> None:
    source = "President Ana Ruiz will visit Norway. Lena Holm stays in Sweden."
    [story] = parsed([source])
    assert story.parse is not None
    text = Text(source, story.parse)
    at = {source[start:end]: n for n, (start, end) in enumerate(zip(story.parse.start, story.parse.end, strict=True))}
    assert [Roles(text, lexicon_of("en"), at["visit"]).of(at[word]) for word in ("Holm", "Sweden")] == [None, None]
