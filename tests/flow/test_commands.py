"""`visitwire demo` and `run` as somebody starts them: what they print, what the board shows, how they end."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.helpers.command import ADDRESS, ANDRADE, STORY, cards, command, drop, ended, gist, ids, shown, until

LATER = json.dumps(
    {
        "id": "later",
        "headline": "Salcedo to visit Portugal",
        "date": "2026-04-01T09:00:00Z",
        "text": "LIMA, April 1 (Invented) - Peruvian President Ines Salcedo will visit Portugal next month at the "
        "invitation of the Portuguese government, the Foreign Ministry said on Wednesday.",
    }
).encode()
SWALLOWS = """
import signal, spacy
load = spacy.load

def greedy(*given, **more):
    try:
        signal.raise_signal(signal.{number})
    except BaseException:
        print("swallowed")
    return load(*given, **more)

spacy.load = greedy
"""


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield held.getsockname()[1]


def on(gateway: int, metrics: int) -> dict[str, str]:
    return {"VISITWIRE_GATEWAY_PORT": str(gateway), "VISITWIRE_METRICS_PORT": str(metrics)}


def test_the_demo_ends_by_itself_where_nobody_looks(tmp_path: Path) -> None:
    with command("demo", folder=tmp_path) as demo:
        demo.ends()
    ended(demo, 0)
    assert "each alerted once" in demo.said
    assert re.search(rf"The board of these visits: {ADDRESS} \(1\d cards\)", demo.said)
    assert "Still running" not in demo.said


def test_the_demo_at_a_terminal_ends_by_itself_in_ci(tmp_path: Path) -> None:
    with command("demo", folder=tmp_path, terminal=True, environment={"CI": "true"}) as demo:
        demo.ends()
    ended(demo, 0)
    assert "Still running" not in demo.said


def test_the_demo_at_a_terminal_stays_up_with_a_full_board_and_takes_stories_until_ctrl_c(tmp_path: Path) -> None:
    with taken() as port, command("demo", folder=tmp_path, terminal=True, environment=on(port, port)) as demo:
        address = demo.says(f"The board of these visits: ({ADDRESS})")
        inbox = tmp_path / demo.says(r"Put a wire file into (\S+)")
        assert cards(address) == int(demo.says(r"\((\d+) cards\)")) > 10
        before = ids(address)
        drop(inbox, "later.jsonl", LATER)
        (new,) = until(lambda: ids(address) - before, lambda: "the visit of the dropped story")
        assert f'id="visit-{new}"' in httpx.get(address).text
        demo.says(r"Ines Salcedo.*PT|Ines Salcedo.*Portugal")
        demo.stop(signal.SIGINT)
    ended(demo, 0)


@pytest.fixture(params=["foreground", "background"])
def started_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """How the tests were started: a shell has its background jobs ignore SIGINT."""
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN if request.param == "background" else signal.default_int_handler)
    yield request.param
    signal.signal(signal.SIGINT, ours)


@pytest.mark.usefixtures("started_in")
def test_ctrl_c_while_the_demo_still_reads_is_no_error_of_ours(tmp_path: Path) -> None:
    with command("demo", folder=tmp_path, terminal=True) as demo:
        demo.says("loading the language model")
        demo.stop(signal.SIGINT)
    ended(demo, 130)


def test_ctrl_c_ends_the_demo_where_the_model_swallows_what_is_raised_while_it_loads(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SWALLOWS.format(number="SIGINT"))
    with command("demo", folder=tmp_path, environment={"PYTHONPATH": str(tmp_path)}) as demo:
        demo.ends()
    ended(demo, 130)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_the_board_and_takes_a_dropped_story_until_it_is_told_to_stop(
    number: signal.Signals, tmp_path: Path
) -> None:
    with command("run", folder=tmp_path) as run:
        address = run.says(f'"address": "({ADDRESS})", "event": "board"')
        run.says('"event": "up"')
        run.says('"event": "ready to take stories"')
        inbox = tmp_path / ".visitwire/inbox"
        until(inbox.is_dir, lambda: "the watched folder")
        assert (ids(address), cards(address)) == (set(), 0)
        drop(inbox)
        (visit,) = until(lambda: shown(address), lambda: "the visit of the dropped story")
        assert gist(visit) == ANDRADE
        assert cards(address) == 1
        assert (inbox / "processed" / STORY.name).exists()
        run.stop(number)
    ended(run, 0)
    assert '"event": "stopped"' in run.said


def test_run_that_still_loads_its_model_ends_cleanly_too(tmp_path: Path) -> None:
    with command("run", folder=tmp_path) as run:
        run.says('"event": "board"')
        run.stop(signal.SIGTERM)
    ended(run, 0)
    assert '"event": "up"' not in run.said
    assert "Finished server process" in run.said


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_run_ends_where_the_model_swallows_what_is_raised_while_it_loads(number: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SWALLOWS.format(number=number))
    with command("run", folder=tmp_path, environment={"PYTHONPATH": str(tmp_path)}) as run:
        run.says('"event": "board"')
        run.ends()
    ended(run, 0)
    assert '"event": "up"' not in run.said
    assert "Finished server process" in run.said


@pytest.mark.parametrize("which", ["GATEWAY", "METRICS", "PUSH"])
def test_run_says_which_port_is_taken(which: str, tmp_path: Path) -> None:
    with taken() as port, command("run", folder=tmp_path, environment={f"VISITWIRE_{which}_PORT": str(port)}) as run:
        run.ends()
    assert run.process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port} (Address already in use); choose VISITWIRE_{which}_PORT" in run.said
    assert "Traceback" not in run.said


@pytest.mark.parametrize("name", ["run", "demo"])
def test_half_a_configuration_of_the_login_is_one_line(name: str, tmp_path: Path) -> None:
    half = {"VISITWIRE_GATEWAY_OIDC_ISSUER": "https://id.example"}
    with command(name, folder=tmp_path, environment=half) as started:
        started.ends()
    ended(started, 1)
    (line,) = started.said.splitlines()
    assert "VISITWIRE_GATEWAY_OIDC_ISSUER needs VISITWIRE_GATEWAY_OIDC_CLIENT_ID" in line
