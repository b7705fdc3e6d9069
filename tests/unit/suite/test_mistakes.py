"""What a caller did wrong is told in a line that says how to mend it; a bug keeps its traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner
from visitwire_suite.main import app
from visitwire_suite.subcommands import Mount, make_app


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said(*arguments: str) -> str:
    """What `visitwire ARGUMENTS` complains of; fails where it does not end with 1, or with an error that it let go."""
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    return result.stderr


@pytest.mark.parametrize(
    ("file", "content", "want"),
    [
        ("visitwire.toml", "gateway_prt = 1", "There is no setting gateway_prt; did you mean gateway_port?\n"),
        ("visitwire.toml", "zzz = 1", "There is no setting zzz: see docs/settings.md.\n"),
        ("visitwire.toml", "batch = [1", "The settings cannot be read: Unclosed array (at end of document)\n"),
        (
            "visitwire.yaml",
            "batch: [1\n",
            'The settings cannot be read: while parsing a flow sequence in "visitwire.yaml", line 1, column 8 '
            "expected ',' or ']', but got '<stream end>' in \"visitwire.yaml\", line 2, column 1\n",
        ),
    ],
)
def test_a_file_of_settings_that_is_wrong(file: str, content: str, want: str) -> None:
    Path(file).write_text(content)
    assert said("visits", "list") == want


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        (
            "GATEWAY_PORT",
            "abc",
            "The setting gateway_port (VISITWIRE_GATEWAY_PORT) is wrong: Input should be a valid integer, unable to "
            "parse string as an integer.\n",
        ),
        ("CONFIG", "none.toml", "The settings cannot be read: VISITWIRE_CONFIG names none.toml, which is not a file\n"),
        ("DATABASE_URL", "secret", "VISITWIRE_DATABASE_URL is not a SQLAlchemy URL of a database.\n"),
        ("DATABASE_URL", "no://secret", "VISITWIRE_DATABASE_URL is not a SQLAlchemy URL of a database.\n"),
    ],
)
def test_a_setting_of_the_environment_that_is_wrong(
    name: str, value: str, want: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"VISITWIRE_{name}", value)
    assert said("visits", "list") == want


def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATABASE_URL", "postgresql+psycopg://ada:secret@127.0.0.1:1/visits")
    words = said("visits", "list")
    assert words.startswith("The database does not answer: connection failed:")
    assert ("\n" in words.rstrip(), "secret" in words) == (False, False)


def test_a_folder_for_state_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path / "taken"))
    want = f"{tmp_path / 'taken'}: File exists. Choose another with VISITWIRE_DATA_DIR.\n"
    assert said("visits", "list") == want


def test_a_language_model_that_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("A story of its own.\n\nIt has words.\n")
    monkeypatch.setenv("VISITWIRE_MODEL", "nonesuch")
    assert "VISITWIRE_MODEL is 'nonesuch'" in said("enrich", "a.txt")


def test_up_says_that_the_broker_of_a_killed_one_still_runs(tmp_path: Path) -> None:
    node = tmp_path / ".visitwire/kafka/node-1"
    node.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "input()", str(node)], stdin=subprocess.PIPE) as left:
        (node / "pid").write_text(str(left.pid))
        result = CliRunner().invoke(app, ["up", "--port", "0"])
        assert left.poll() is None
        left.kill()
    assert result.exit_code == 1
    assert f"Kafka of this folder runs already (process {left.pid})" in result.output


broken = typer.Typer()


@broken.command()
def buggy() -> None:
    raise FileNotFoundError(2, "No such file or directory", "/of/the/program")


def test_a_bug_keeps_its_traceback() -> None:
    def load(_: Mount) -> object:
        return typer.main.get_command(broken)

    mount = type("Broken", (Mount,), {"load": load})("buggy", "", "", "")
    result = CliRunner().invoke(make_app([mount]), ["buggy"])
    assert isinstance(result.exception, FileNotFoundError)
