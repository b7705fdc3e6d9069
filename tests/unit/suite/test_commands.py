"""The command line: fast help, clear errors, one JSON line an item."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_suite.main import app
from visitwire_suite.subcommands import MOUNTS

from tests.helpers.factories import NOON

COMMANDS = [mount.name for mount in MOUNTS]


def test_help_names_every_command_and_loads_no_language_model() -> None:
    code = "import sys; sys.argv = ['visitwire', '--help']\nfrom visitwire_suite.main import app\ntry: app()\nfinally: "
    loaded = "print([name for name in ('spacy', 'faust', 'sqlalchemy', 'lxml', 'httpx') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code + loaded], capture_output=True, text=True, check=True).stdout
    assert [name for name in COMMANDS if f" {name} " not in said] == []
    assert said.endswith("[]\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"visitwire {name}" in result.output or f"{name} [OPTIONS]" in result.output


def test_parse_warns_of_a_breach_and_with_strict_refuses_it_and_says_all(tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text('{"uri": "urn:1", "headline": "Ferry", "body_text": "It sails.", "urgency": "3", "desk": "a"}')
    lenient, strict = (CliRunner().invoke(app, ["parse", *how, str(odd)]) for how in ([], ["--strict"]))
    breaches = ["urgency is a string, not a whole number", "desk is not a field of this version"]
    assert (lenient.exit_code, json.loads(lenient.stdout)["story"]["warnings"]) == (0, breaches)
    assert (strict.exit_code, json.loads(strict.stdout)["breaches"]) == (1, [f"ninjs 1.x: {each}" for each in breaches])


def test_a_misspelt_command_is_told_which_was_meant() -> None:
    result = CliRunner().invoke(app, ["enrihc"])
    assert result.exit_code == 2
    assert "Did you mean 'enrich'?" in result.output


def test_parse_prints_a_line_an_item_and_goes_on_after_a_refusal(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.xml"
    good.write_text('{"id": "a", "text": " kept\\tto the letter\\n", "date": "2026-03-02T12:00:00Z"}\n{"id": "b"}\n')
    bad.write_text("<nitf><head>")
    result = CliRunner().invoke(app, ["parse", str(good), str(bad), str(tmp_path / "none")])
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [sorted(line) for line in lines] == [
        ["file", "item", "story"],
        ["error", "file"],
        ["error", "file"],
        ["error", "file"],
    ]
    assert [line["file"] for line in lines] == [str(good), str(good), str(bad), str(tmp_path / "none")]
    story = lines[0]["story"]
    assert (story["uri"], story["text"], story["versioncreated"]) == (
        "a",
        " kept\tto the letter\n",
        "2026-03-02T12:00:00Z",
    )
    assert result.exit_code == 1


def test_a_time_can_be_given_for_stories_without_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n')
    for given in ("2026-03-02T12:00", "2026-03-02T12:00+00:00"):
        result = CliRunner().invoke(app, ["parse", "--received", given, str(path)])
        assert json.loads(result.stdout)["story"]["received"] == NOON.isoformat().replace("+00:00", "Z")
    result = CliRunner().invoke(app, ["parse", "--received", "yesterday", str(path)])
    assert result.exit_code == 2
    assert "is not a date" in result.output
