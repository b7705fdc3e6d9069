"""`visitwire up` as somebody starts it: the workers and the board on a real broker, and nothing left when it ends."""

import os
import re
import signal
from pathlib import Path

import pytest
from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker import NoKafka, find
from visitwire_suite.kafka_worker import CREW, module

from tests.helpers.command import ADDRESS, ANDRADE, Command, Process, cards, command, drop, ended, gist, shown, until
from tests.helpers.lacking import KAFKA, lacking


def crew(up: Command) -> dict[str, Process]:
    """The workers that run, by stage."""
    family = up.family()
    return {stage: one for stage in CREW for one in family if one.command.endswith(f"-m {module(stage)}")}


def all_ready(up: Command) -> str:
    """Waits until every worker is; the board's address."""
    address = up.says(f"board: ({ADDRESS})")
    for stage in CREW:
        up.says(f"{stage}-1: ready")
    return address


def takes_a_story(address: str, folder: Path) -> None:
    drop(folder / ".visitwire/inbox")
    (visit,) = until(lambda: shown(address), lambda: "the visit of the dropped story")
    assert gist(visit) == ANDRADE
    assert cards(address) == 1


def nothing_left(family: list[Process], folder: Path) -> None:
    assert [one for one in family if one.alive] == []
    assert not (folder / ".visitwire/crew.json").exists()


def test_up_on_a_broker_that_runs_already_leaves_it_and_nothing_else(flow: Settings, tmp_path: Path) -> None:
    environment = {"VISITWIRE_BROKER": flow.broker}
    with command("up", "--no-own-broker", folder=tmp_path, environment=environment) as up:
        address = all_ready(up)
        takes_a_story(address, tmp_path)
        family = up.family()
        assert len(family) == 1 + len(CREW)
        up.stop(signal.SIGINT)
        ended(up, 0)
        nothing_left(family, tmp_path)


@pytest.fixture
def kafka() -> None:
    """Skips, or with CI=true fails, where no broker can run."""
    try:
        find(Path("unused"), Settings().cache_dir)
    except NoKafka as missing:
        lacking(KAFKA, str(missing))


@pytest.mark.usefixtures("kafka")
def test_up_at_a_terminal_brings_its_broker_starts_a_killed_worker_again_and_takes_all_with_it(tmp_path: Path) -> None:
    with command("up", "--port", "0", folder=tmp_path, terminal=True) as up:
        address = up.says(f"board: ({ADDRESS})")
        until(lambda: len(crew(up)) == len(CREW), lambda: f"the crew:\n{up.said[-3000:]}")
        until(lambda: set(table(up).values()) == {"ready"}, lambda: f"all to be ready:\n{up.said[-3000:]}")
        killed = crew(up)["visits"]
        os.kill(killed.pid, signal.SIGKILL)
        until(lambda: crew(up).get("visits", killed) != killed, lambda: "another worker in its place")
        takes_a_story(address, tmp_path)
        family = up.family()
        assert [one.command for one in family if "kafka.Kafka" in one.command] != []
        up.stop(signal.SIGTERM)
        ended(up, 0)
        nothing_left(family, tmp_path)


def table(up: Command) -> dict[str, str]:
    """The states as the terminal shows them last."""
    return dict(re.findall(r"│ (\w+)-1 +│ (\w+)", up.said))
