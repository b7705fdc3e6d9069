"""The reader in front of a server of the chat-completions protocol that others wrote: LiteLLM's proxy, without a model.

It answers with what its configuration says ("mock"), or hands on to our scripted server ("behind") and turns what that
says, errors too, into its own words.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from pydantic import SecretStr
from visitwire_reader_llm.memory import Memory
from visitwire_reader_llm.options import Options
from visitwire_reader_llm.reader import LlmReader
from visitwire_reader_llm.stage import Panel
from visitwire_schemas import EnrichedStory
from visitwire_visits.stage import default

from tests.helpers.command import until
from tests.helpers.lacking import MODEL_PROXY, lacking
from tests.unit.reader_llm.conftest import QUICK, TRUE, database, parsed, story
from tests.unit.reader_llm.model_server import Asked, Model, answered, failed, serving, story_in, visits

__all__ = ["parsed", "story"]
PROXY = "litellm[proxy]==1.108.7"
KEY = "sk-visitwire-test"
UV = Path(sys.executable).parent / "uv"
INSTALLED = 300.0
"""Seconds in which it can be installed the first time."""


def installed() -> None:
    """Skips where it cannot be had, and fails where CI should have it."""
    command = [UV, "tool", "run", "--python", sys.executable, "--from", PROXY, "litellm", "--version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALLED, check=False)
        why = done.stderr[-300:] if done.returncode else ""
    except subprocess.TimeoutExpired:
        why = "it took too long"
    if why:
        lacking(MODEL_PROXY, f"{PROXY} cannot be installed, so the protocol was tried on our own server only: {why}")


def configuration(upstream: str) -> dict[str, Any]:
    def model(name: str, **params: Any) -> dict[str, Any]:
        return {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_key": "none"} | params}

    return {
        "model_list": [
            model("mock", mock_response=json.dumps({"visits": [TRUE]})),
            model("behind", api_base=upstream, max_retries=0),
        ],
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "general_settings": {"master_key": KEY},
    }


@contextmanager
def proxy(folder: Path, upstream: str) -> Iterator[str]:
    """The proxy's address, while it serves."""
    installed()
    (folder / "proxy.yaml").write_text(yaml.safe_dump(configuration(upstream)))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    command = [UV, "tool", "run", "--python", sys.executable, "--from", PROXY, "litellm"]
    options = ["--config", str(folder / "proxy.yaml"), "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(folder)}
    environment |= {"UV_CACHE_DIR": subprocess.check_output([UV, "cache", "dir"], text=True).strip()}
    with (
        (folder / "proxy.log").open("w") as log,
        subprocess.Popen(
            [*command, *options], stdout=log, stderr=log, env=environment, cwd=folder, start_new_session=True
        ) as process,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: _lives(address, process), lambda: (folder / "proxy.log").read_text()[-2000:], 180)
            yield f"{address}/v1"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _lives(address: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the proxy ended"
    try:
        return httpx.get(f"{address}/health/liveliness", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def behind() -> Iterator[Model]:
    with serving(lambda asked: visits()) as model:
        yield model


@pytest.fixture(scope="module")
def url(behind: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with proxy(tmp_path_factory.mktemp("litellm"), behind.url) as address:
        yield address


def read(url: str, story: EnrichedStory, memory: str = "sqlite://", **options: Any) -> EnrichedStory:
    given = {"key": SecretStr(KEY), "tries": 2, "timeout": 60, "backoff": QUICK} | options
    reader = LlmReader(Options(url=url, **given), Memory(memory), default())
    panel = Panel(reader, default(), is_joint=False)
    try:
        return panel.settle(story, panel.hear([story])[0])
    finally:
        panel.close()


def test_a_mocked_answer_is_read(url: str, story: EnrichedStory) -> None:
    found = read(url, story, model="mock")
    assert [(visit.visitor.name, visit.destination.country, visit.readers) for visit in found.visits] == [
        ("Lucas Andrade", "IN", ("llm",))
    ]


def test_what_is_asked_comes_through_and_what_is_used_is_counted(
    url: str, behind: Model, story: EnrichedStory, tmp_path: Path
) -> None:
    behind.asked.clear()
    behind.script = lambda asked: visits(TRUE)
    found = read(url, story, database(tmp_path), model="behind")
    [asked] = behind.asked
    memory = Memory(database(tmp_path))
    spent = memory.spent(datetime.now(UTC).date().isoformat())
    memory.close()

    assert (found.read_by[0].spoke, spent.tokens) == (True, 960)
    assert (asked["temperature"], asked["response_format"]["type"]) == (0, "json_schema")
    assert story_in(asked)["text"] == story.story.text


def test_its_errors_are_those_of_the_protocol(url: str, behind: Model, story: EnrichedStory) -> None:
    turn: list[int] = []

    def first_busy(asked: Asked) -> Any:
        turn.append(1)
        return failed(429) if len(turn) == 1 else visits(TRUE)

    behind.script = first_busy
    assert read(url, story, model="behind").read_by[0].spoke
    for reply, why in (
        (failed(500), "away"),
        (answered("no"), "unusable"),
        (answered("{}", finish="length"), "unusable"),
    ):
        behind.script = lambda asked, reply=reply: reply  # type: ignore[misc]
        assert read(url, story, model="behind").read_by[-1].why == why


@pytest.mark.parametrize("wrong", [{"key": SecretStr("sk-wrong")}, {"key": None}, {"model": "unheard-of"}])
def test_who_may_not_ask_is_told_so_and_the_embedded_reader_speaks(
    url: str, story: EnrichedStory, wrong: dict[str, Any]
) -> None:
    found = read(url, story, **{"model": "mock"} | wrong)
    assert (found.read_by[0].reader, found.read_by[0].spoke, found.read_by[1].spoke) == ("rules", True, False)
    assert len(found.visits) == 3
