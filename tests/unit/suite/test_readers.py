"""The readers of visits that the settings want: in the stages, in `explain`, and one beside the other in `compare`."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from visitwire_reader_llm.stage import configured
from visitwire_runtime.embedded import run as embedded
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import STORIES_ENRICHED, EnrichedStory
from visitwire_suite import kafka_worker, readers
from visitwire_suite.main import app
from visitwire_suite.stages import build
from visitwire_visits.stage import embedded_only

from tests.unit.reader_llm.conftest import TRUE, Parsed, parsed
from tests.unit.reader_llm.model_server import Asked, Model, Said, serving, story_in, visits

__all__ = ["parsed"]
TEXTS = {
    "a": "President Lucas Andrade of Brazil will visit India on Tuesday.",
    "b": "President Lucas Andrade of Brazil will visit India on Tuesday. He talked of football with Ana Ruiz.",
    "c": "Rain fell on the fields of Brazil.",
}
MONDAY = "2026-03-02T12:00:00Z"


def script(asked: Asked) -> Said:
    """Of story a the truth; of story b a visit of somebody else, and one that it made up."""
    story = story_in(asked)
    true = TRUE | {"evidence": TEXTS["a"], "date": "on Tuesday", "source": None, "destination": "India"}
    if "football" not in story["text"]:
        return visits(true)
    return visits(true | {"visitor": "the pope"}, true | {"date": "next week"})


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    with serving(script) as server:
        given = {"LLM_URL": server.url, "LLM_MODEL": "scripted", "DATA_DIR": str(tmp_path), "LLM_TRIES": "1"}
        for name, value in given.items():
            monkeypatch.setenv(f"VISITWIRE_{name}", value)
        yield server


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    rows = [{"id": name, "text": text, "date": MONDAY, "language": "en"} for name, text in TEXTS.items()]
    (tmp_path / "stories.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path / "stories.jsonl"


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def test_compare_shows_what_differs_and_how_right_each_is(model: Model, stories: Path, tmp_path: Path) -> None:
    india = {"visitor": {"name": "Lucas Andrade"}, "destination": {"country": "IN"}, "status": "planned"}
    gold = [{"doc": name, "visits": [india | {"dates": {"start": "2026-03-03"}}]} for name in ("a", "b")]
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in gold))

    code, said, _ = call("compare", stories, "--readers", "rules,llm,both", "--gold", tmp_path / "gold.jsonl")
    lines = [[cell.strip() for cell in line.split("│")] for line in said.splitlines()]
    assert code == 0
    assert ["b", "Lucas Andrade, President → India", *["planned, 3 Mar 2026"], "planned, no date yet",
            "planned, 3 Mar 2026"] in [line[1:-1] for line in lines]  # fmt: skip
    assert "1 of 2 visits differ." in said
    figures = {line[1]: line[2:-1] for line in lines if len(line) > 2 and line[1] in ("rules", "llm", "both")}
    assert figures["llm"][:3] == ["1.000", "1.000", "1.000"]
    assert (figures["rules"][6], figures["llm"][6]) == ("1.000", "0.500")


def test_compare_as_data(model: Model, stories: Path) -> None:
    code, said, _ = call("compare", stories, "--json")
    told = json.loads(said)
    assert code == 0
    assert (told["stories"], told["silent"], told["visits"]) == (3, {"rules": 0, "llm": 0}, {"rules": 2, "llm": 2})
    assert [row["story"] for row in told["differences"]] == ["b"]


def test_compare_says_where_the_model_did_not_speak(model: Model, stories: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("VISITWIRE_LLM_TOKENS_A_DAY", "0")
    _, said, _ = call("compare", stories)
    assert "0 of 2 visits differ." in said
    assert "In 2 of 3 stories llm means the embedded reader" in said


def test_compare_rejects_what_it_cannot_use(stories: Path, tmp_path: Path) -> None:
    code, _, said = call("compare", stories, "--readers", "rules,oracle")
    assert (code, "unknown reader 'oracle'" in said) == (2, True)
    (tmp_path / "gold.jsonl").write_text('{"doc": "a"}\n')
    code, _, said = call("compare", stories, "--readers", "rules", "--gold", tmp_path / "gold.jsonl")
    assert (code, "is not a gold file" in said) == (2, True)
    code, _, said = call("compare", stories, "--readers", "rules,llm")
    assert (code, "needs VISITWIRE_LLM_URL" in said) == (1, True)


def test_explain_tells_what_was_not_believed(model: Model, stories: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("VISITWIRE_READERS", "both")
    code, said, _ = call("explain", stories)
    assert code == 0
    assert "  not believed: 'the pope' to 'India', planned: its visitor is nobody of the story" in said.splitlines()
    assert "    read by rules, llm" in said.splitlines()
    assert "    read by rules, llm; they differ in: dates" in said.splitlines()
    assert "  the reader llm (scripted) did not speak: no word of the story may tell of a visit" in said.splitlines()


def test_in_one_process_the_stage_asks_the_model_and_the_event_says_so(
    model: Model, parsed: Parsed, tmp_path: Path
) -> None:
    stage = build("visits", Settings(readers="both", data_dir=tmp_path))
    produced = embedded([stage], parsed(list(TEXTS.values())))
    found: list[EnrichedStory] = produced.messages(STORIES_ENRICHED)
    assert [[one.reader for one in story.read_by if one.spoke] for story in found] == [
        ["rules", "llm"],
        ["rules", "llm"],
        ["rules"],
    ]
    assert [[visit.readers for visit in story.visits] for story in found] == [
        [("rules", "llm")],
        [("rules", "llm")],
        [],
    ]
    assert found[0].trace[-1].stage == "visits"
    assert produced.dead == []


def test_what_was_answered_is_forgotten_with_its_story(model: Model, parsed: Parsed, tmp_path: Path) -> None:
    settings, stories = Settings(readers="llm", data_dir=tmp_path), parsed(list(TEXTS.values()))
    keys = [story.key for story in stories]
    assert readers.forget_answers(settings, keys) == 0
    embedded([build("visits", settings)], stories)
    assert [readers.forget_answers(settings, keys[:1]), readers.forget_answers(settings, keys)] == [1, 1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"llm_url": None}, "needs VISITWIRE_LLM_URL"),
        ({"llm_model": None}, "needs VISITWIRE_LLM_MODEL"),
        ({"llm_url": "ftp://x/v1"}, "VISITWIRE_LLM_URL is no address"),
        ({"llm_url": "http://me:secret@x/v1"}, "VISITWIRE_LLM_URL holds a password"),
        ({"llm_url": "http://x/v1?api-key=secret"}, "VISITWIRE_LLM_URL ends in a query"),
        ({"llm_timeout": 500}, "must be less than VISITWIRE_MESSAGE_TIMEOUT"),
        ({"llm_money_a_day": 1}, "needs prices"),
        ({"llm_key": "two words"}, "VISITWIRE_LLM_KEY holds no key"),
    ],
)
def test_what_is_missing_is_said_in_a_line(model: Model, tmp_path: Path, wrong: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"readers": "llm", "llm_url": model.url, "llm_model": "m", "data_dir": tmp_path} | wrong
    with pytest.raises(CannotStart, match=words) as why:
        build("visits", Settings(**given))
    assert "secret" not in str(why.value)


def test_without_the_distribution_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "find_spec", lambda name: None)
    with pytest.raises(CannotStart, match=r"install visitwire-suite\[llm\]"):
        build("visits", Settings(readers="both"))


def test_each_reader_has_a_worker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kafka_worker.module("visits") == "visitwire_visits"
    monkeypatch.setenv("VISITWIRE_READERS", "both")
    assert (kafka_worker.module("visits"), kafka_worker.module("alerting")) == (
        "visitwire_reader_llm",
        "visitwire_alerting",
    )
    with pytest.raises(CannotStart, match="visitwire_reader_llm"):
        embedded_only(Settings(readers="both"))
    with pytest.raises(CannotStart, match="visitwire_visits"):
        configured(Settings(readers="rules"))


def test_the_default_install_has_no_language_model() -> None:
    root = Path(__file__).parents[3]
    suite = tomllib.loads((root / "services/suite/pyproject.toml").read_text("utf-8"))["project"]
    assert not [one for one in suite["dependencies"] if "llm" in one]
    assert suite["optional-dependencies"]["llm"] == ["visitwire-reader-llm"]
