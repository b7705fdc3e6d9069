"""`visitwire explain` and `visitwire check-lexicon`, run over an invented story."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_suite.main import app
from visitwire_visits.rules.lexicon import LANGUAGES

TEXT = "President Lucas Andrade of Brazil will visit India on Tuesday, his office said. Rain fell on the capital."
FRENCH = "Le président Lucas Andrade se rendra en Inde mardi, a annoncé son bureau à Paris."


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stories") / "stories.jsonl"
    made = [
        {"id": "a", "headline": "Andrade [to] India", "text": TEXT, "date": "2026-03-02T12:00:00Z", "language": "en"},
        {"id": "b", "text": FRENCH, "date": "2026-03-02T12:00:00Z", "language": "fr"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in made))
    return path


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    return shutil.copytree(LANGUAGES / "en", tmp_path / "en")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_explain_tells_the_visit_its_readings_and_what_is_not_read(stories: Path) -> None:
    code, said, _ = run("explain", stories)
    lines = said.splitlines()

    assert code == 0
    assert lines[0] == "Andrade [to] India: 1 visit"
    assert lines[1] == "  Lucas Andrade, President (Brazil) → India: planned, 3 Mar 2026"
    assert "    dates from “Tuesday”" in lines
    assert any(line.startswith("    visit on “visit” (ahead), odds +") for line in lines)
    assert "      “President Lucas Andrade of Brazil will visit India on Tuesday, his office said.”" in lines
    assert lines[-1] == "b: the language fr is not read"


def test_explain_gives_a_json_line_a_story(stories: Path) -> None:
    code, said, _ = run("explain", "--json", stories)
    first, second = (json.loads(line) for line in said.splitlines())
    [found] = first["found"]
    reading = found["readings"][0]

    assert code == 0
    assert (first["uri"], first["unread"], found["visit"]["status"]) == ("a", None, "planned")
    assert found["visit"]["confidence"] == round(found["likelihood"], 2)
    assert (reading["frame"], reading["word"], reading["told"]) == ("visit", "visit", "ahead")
    for part in ("trigger", "visitor", "destination", "together"):
        weights = [abs(each["weight"]) for each in reading[part]]
        assert 0 < len(weights) <= 10
        assert weights == sorted(weights, reverse=True)
    nothing: dict[str, list[str]] = {"found": [], "passed": [], "read_by": [], "dropped": []}
    assert second == {"uri": "b", "headline": None, "unread": "fr"} | nothing


def test_explain_says_what_cannot_be_read(tmp_path: Path) -> None:
    code, said, wrong = run("explain", tmp_path / "none.txt")
    assert (code, said) == (1, "")
    assert str(tmp_path / "none.txt") in wrong


def test_an_unchanged_lexicon_changes_nothing(stories: Path, lexicon: Path) -> None:
    assert run("check-lexicon", lexicon, stories) == (0, "0 of 2 stories change.\n", "")


def test_a_changed_lexicon_shows_what_is_lost_and_gained(stories: Path, lexicon: Path) -> None:
    frames = lexicon / "frames.toml"
    frames.write_text(frames.read_text().replace('verbs = ["visit", ', "verbs = ["))
    code, said, _ = run("check-lexicon", lexicon, stories)

    assert code == 1
    assert said.splitlines() == [
        "Andrade [to] India",
        "  - Lucas Andrade, President → India: planned, 3 Mar 2026",
        "1 of 2 stories change.",
    ]


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("frames.toml", None, "No such file or directory"),
        ("frames.toml", "[[frame", "Expected"),
        ("frames.toml", "", "the key 'frame' is missing"),
        ("frames.toml", '[[frame]]\nid = "x"\naspect = "dance"\n', "'dance' is not a valid Event"),
        (
            "frames.toml",
            '[[frame]]\nid = "x"\nnoun = ["x"]\n',
            "frames.toml, x: unknown key 'noun': allowed are id, aspect, ",
        ),
        ("operators.toml", "operator = 1", "object is not iterable"),
        ("words.toml", 'conditions = "if"', "words.toml lacks abstract, "),
        ("patterns.toml", "", "patterns.toml lacks above, "),
        (
            "patterns.toml",
            '[[verb]]\npattern = "{} >dobi {}"\n',
            "patterns.toml, verb, row 1, '{} >dobi {}': unknown dep 'dobi'",
        ),
    ],
)
def test_a_folder_that_holds_no_lexicon_is_told_and_exits_with_2(
    stories: Path, lexicon: Path, file: str, content: str | None, why: str
) -> None:
    path = lexicon / file
    path.unlink()
    if content is not None:
        path.write_text(content)
    code, said, wrong = run("check-lexicon", lexicon, stories)

    assert (code, said) == (2, "")
    assert wrong.startswith(f"{lexicon} does not contain a lexicon: ")
    assert why in wrong


@pytest.mark.parametrize("command", ["explain", "check-lexicon"])
def test_each_has_help_and_rejects_a_call_without_files(command: str) -> None:
    code, said, _ = run(command, "--help")
    assert (code, "FILES" in said.upper()) == (0, True)
    assert run(command)[0] == 2
