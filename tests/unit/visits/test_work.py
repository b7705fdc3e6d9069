"""What the stage does not look at: most words of most stories tell of no visit. Counted, not timed."""

import pytest
from visitwire_visits.frames import sightings
from visitwire_visits.lexicon import default
from visitwire_visits.scene import Scene, read

from tests.factories import make_enriched, make_parse, make_story

type Token = tuple[str, str, str, int]

MINISTERS: tuple[Token, ...] = (("The", "DET", "det", 1), ("ministers", "NOUN", "nsubj", 2))
STOP: Token = (".", "PUNCT", "punct", 2)


def scene_of(*tokens: Token) -> Scene:
    text = " ".join(word for word, *_ in tokens)
    story = make_enriched(make_story(text))
    return read(story, make_parse(*tokens, text=text), default())


@pytest.mark.parametrize(
    ("rest", "triggers_read"),
    [
        ((("sleep", "VERB", "ROOT", 2), ("in", "ADP", "prep", 2), ("Rome", "PROPN", "pobj", 3)), []),
        ((("stay", "VERB", "ROOT", 2), ("in", "ADP", "prep", 2), ("trouble", "NOUN", "pobj", 3)), []),
        ((("stay", "VERB", "ROOT", 2), ("in", "ADP", "prep", 2), ("Rome", "PROPN", "pobj", 3)), [2]),
    ],
    ids=["no word of a frame", "a word of a frame, no place", "both"],
)
def test_only_a_trigger_beside_a_place_is_looked_into(rest: tuple[Token, ...], triggers_read: list[int]) -> None:
    scene = scene_of(*MINISTERS, *rest, STOP)
    sightings(scene)
    assert list(scene.prepositions) == triggers_read


def test_people_are_read_only_where_somebody_may_go_somewhere() -> None:
    scene = scene_of(
        *MINISTERS, ("stay", "VERB", "ROOT", 2), ("in", "ADP", "prep", 2), ("trouble", "NOUN", "pobj", 3), STOP
    )
    sightings(scene)
    assert "entity_at" not in vars(scene.reading)


def test_a_story_without_a_trigger_has_no_sightings() -> None:
    assert sightings(scene_of(*MINISTERS, ("sleep", "VERB", "ROOT", 2), STOP)) == []
