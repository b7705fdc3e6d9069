"""What the commands about the ledger are asked: an unknown word is refused, and does not look like no result."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.cli.terminal import CommandUser, clock
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.subscriptions import endpoint_health, silence
from visitwire_runtime.settings import Settings
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import story, visit


def subscription(id: str) -> Subscription:
    return Subscription.model_validate({"id": id, "name": id, "channels": [{"kind": "console"}]})


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The ledger of the commands' settings: one visit to India, and two subscriptions."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    desk = open_alerting(Settings())
    desk.subscribe([subscription("delhi"), subscription("oslo")])
    record(desk.engine, [story("a", visit("under_way"))])
    yield desk.engine
    desk.engine.dispose()


def only(engine: Engine) -> str:
    with reading(engine) as connection:
        [one] = visit_history.list_visits(connection)
    return one.id


def silenced(engine: Engine) -> list[tuple[str, str | None]]:
    with reading(engine) as connection:
        return [(one.subscription, one.visit) for one in silence.standing(connection, now())]


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (["deliveries", "list", "--state", "nonsense"], 2, "'nonsense' is not a state; use one of pending, delivered,"),
        (["deliveries", "list", "--state", "silenced"], 0, "Nothing."),
        (["visits", "list", "--to", "Narnia"], 2, "'Narnia' is not a country; use IN, India, or UN"),
        (["visits", "list", "--of", "indai"], 2, "did you mean India"),
        (["visits", "list", "--to", "India", "--of", "ru"], 0, "President Vladimir Putin (Russia) to India"),
        (["visits", "list", "--to", "un"], 0, "Nothing."),
        (["visits", "list", "--status", "maybe"], 2, "'maybe' is not a status; use one of invited, accepted, planned"),
        (["visits", "list", "--status", "under way"], 0, "President Vladimir Putin (Russia) to India"),
        (["visits", "list", "--status", "invited"], 0, "Nothing."),
        (["subscriptions", "silence", "1h"], 1, "use --subscription, --visit, or both"),
        (["subscriptions", "silence", "1h", "--visit", "nosuch"], 1, "no visit has the id 'nosuch'"),
        (["subscriptions", "silence", "1h", "--subscription", "rome"], 1, "no subscription has the id 'rome'"),
        (["subscriptions", "add", "none.yaml"], 1, "none.yaml: No such file or directory\n"),
    ],
)
def test_an_unknown_word_is_refused_and_a_known_one_answered(
    engine: Engine, asked: list[str], code: int, words: str
) -> None:
    result = CliRunner().invoke(app, asked)
    output = " ".join(result.output.replace("│", " ").split())
    assert (result.exit_code, words.strip() in output) == (code, True), result.output
    assert silenced(engine) == []


def test_a_silence_says_what_is_silent_and_until_when(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    at, one = now(), only(engine)
    monkeypatch.setattr("visitwire_alerting.cli.terminal.now", lambda: at)
    of = f"of President Vladimir Putin (Russia) to India ({one})"
    until = clock(at + timedelta(days=1))
    for asked, said in (
        (["--visit", one], f"every subscription gets no alerts {of} until {until}\n"),
        (["--subscription", "oslo"], f"oslo gets no alerts until {until}\n"),
        (["--subscription", "oslo", "--visit", one], f"oslo gets no alerts {of} until {until}\n"),
    ):
        result = CliRunner().invoke(app, ["subscriptions", "silence", "24h", *asked])
        assert (result.exit_code, result.output) == (0, said)
    assert sorted(silenced(engine), key=str) == [("delhi", one), ("oslo", one), ("oslo", one), ("oslo", None)]
    nobody = CliRunner().invoke(app, ["subscriptions", "silence", "24h", "--visit", one, "--tenant", "new"])
    assert (nobody.exit_code, nobody.output) == (1, "there are no subscriptions\n")


def test_a_test_of_a_disabled_endpoint_says_so_and_queues_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        assert endpoint_health.disable(connection, "oslo/console-1", "it failed", now())
    result = CliRunner().invoke(app, ["subscriptions", "send-test", "oslo"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "oslo/console-1 is disabled; enable it first.\n"
    assert open_alerting(Settings()).as_tenant(CommandUser("default", "a test")).deliveries() == []
