"""The examples that stand with each frame, and what a frame or an operator that somebody adds changes."""

import shutil
from pathlib import Path

import pytest
from visitwire_schemas import EnrichedStory, VisitStatus
from visitwire_visits.candidate import Candidate, Event
from visitwire_visits.rules.lexicon import LANGUAGES, Frame, Lexicon, lexicon_of, load
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.stage import visits_of

from tests.unit.visits.conftest import Parsed

FRAMES = lexicon_of("en").frames
YES = [(frame, *example) for frame in FRAMES for example in frame.yes]
NO = [(frame, text) for frame in FRAMES for text in frame.no]
PREPOSITIONS = frozenset({"to", "in", "at", "on", "for", "from", "into", "with", "by", "of", "around", "through"})
ROLES = frozenset(
    {"subject", "object", "agent", "possessor", "owner", "compound", "bearer", "head", "stops", "home", "below", "self"}
)


@pytest.fixture(scope="module")
def stories(parsed: Parsed) -> dict[str, EnrichedStory]:
    texts = list(dict.fromkeys([text for _, text, *_ in YES] + [text for _, text in NO]))
    return dict(zip(texts, parsed(texts), strict=True))


def fired(reader: RulesReader, story: EnrichedStory, frame: str) -> list[Candidate]:
    return [candidate for candidate in reader.read(story) if candidate.rule == frame]


def likeliest(story: EnrichedStory, candidates: list[Candidate]) -> tuple[str, str] | None:
    """Whom the candidates link first, and where to."""
    names = {entity.id: entity.name for entity in story.entities}
    scored = []
    for candidate in candidates:
        visitors = {filler.entity: filler.score for filler in candidate.visitors}
        goals = {goal.country or goal.place or "?": goal.score for goal in candidate.destinations}
        for (who, where), (link, _) in candidate.links.items():
            scored.append((candidate.score + visitors[who] + goals[where] + link, names[who], where))
    return max(scored)[1:] if scored else None


@pytest.mark.parametrize(("frame", "text", "visitor", "country"), YES, ids=[f"{f.id}: {text}" for f, text, *_ in YES])
def test_a_frame_links_first_whom_its_example_says(
    stories: dict[str, EnrichedStory], frame: Frame, text: str, visitor: str, country: str
) -> None:
    story = stories[text]
    assert likeliest(story, fired(RulesReader(), story, frame.id)) == (visitor, country)


@pytest.mark.parametrize(("frame", "text"), NO, ids=[f"{frame.id}: {text}" for frame, text in NO])
def test_a_frame_links_nobody_where_its_example_says_so(
    stories: dict[str, EnrichedStory], frame: Frame, text: str
) -> None:
    story = stories[text]
    assert [dict(candidate.links) for candidate in fired(RulesReader(), story, frame.id) if candidate.links] == []
    assert visits_of(story) == ()


@pytest.mark.parametrize("frame", FRAMES, ids=[frame.id for frame in FRAMES])
def test_a_frame_is_written_in_known_words(frame: Frame) -> None:
    assert Event(frame.aspect)
    assert frame.verbs or frame.nouns or frame.adjectives
    assert frame.visitor
    assert frame.destination
    used = {*frame.visitor, *frame.destination, *frame.host}
    assert used - ROLES - PREPOSITIONS - {"between", "during", "below"} == set()
    assert frame.no


def test_frames_have_names_of_their_own() -> None:
    names = [frame.id for frame in FRAMES]
    assert len(names) == len(set(names))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(LANGUAGES / "en", tmp_path / "en")


def changed(folder: Path, file: str, addition: str) -> Lexicon:
    """The lexicon of a copy, with a table put before the first of `file`."""
    path = folder / file
    old = path.read_text("utf-8")
    at = old.index("\n[[") + 1
    path.write_text(old[:at] + addition + old[at:], "utf-8")
    return load(folder)


def test_a_frame_that_is_added_is_read(folder: Path, parsed: Parsed) -> None:
    """As docs/visits.md says: a table of frames.toml, and nothing else."""
    frame = """
[[frame]]
id = "hop"
aspect = "trip"
nouns = ["hop"]
visitor = ["possessor", "bearer"]
destination = ["to", "in"]

"""
    [story] = parsed(["President Ana Ruiz of Chile announced her hop to Norway."])
    before, after = RulesReader(), RulesReader(changed(folder, "frames.toml", frame))

    assert fired(before, story, "hop") == []
    assert likeliest(story, fired(after, story, "hop")) == ("Ana Ruiz", "NO")


def test_an_operator_that_is_added_is_read(folder: Path, parsed: Parsed) -> None:
    """As docs/visits.md says: a table of operators.toml, and nothing else."""
    operator = '\n[[operator]]\neffect = "cancelled"\nlemmas = ["mothball"]\n\n'
    [story] = parsed(["President Ana Ruiz of Chile mothballed her visit to Norway, her office said."])
    after = RulesReader(changed(folder, "operators.toml", operator))

    assert [each.told.settled for each in fired(RulesReader(), story, "trip")] == [None]
    assert [each.told.settled for each in fired(after, story, "trip")] == ["cancelled"]
    assert [visit.status for visit in visits_of(story, after)] == [VisitStatus.CANCELLED]


def test_a_particle_makes_an_operator_of_a_word(folder: Path, parsed: Parsed) -> None:
    operator = '\n[[operator]]\neffect = "postponed"\nlemmas = ["kick"]\nparticles = ["back"]\n\n'
    back, alone = parsed(
        ["President Ana Ruiz kicked back her visit to Norway.", "President Ana Ruiz kicked her visit to Norway."]
    )
    after = RulesReader(changed(folder, "operators.toml", operator))
    assert [each.told.settled for each in fired(after, back, "trip")] == ["postponed"]
    assert [each.told.settled for each in fired(after, alone, "trip")] == [None]
