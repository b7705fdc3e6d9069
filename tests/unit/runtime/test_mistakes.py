"""What keeps a worker or the gateway from its work is told in a line, with exit code 1; a bug keeps its traceback."""

import json
import logging
import runpy
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from visitwire_runtime import process
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyStage

WORKERS = ("ingestion", "extraction", "attribution", "visits", "alerting")


@pytest.fixture(autouse=True)
def _process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a process of its own begins: without configured logs, without arguments, in a folder of its own. None works:
    where a mistake is not seen, a worker ends at the broker and the gateway where it would serve."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.reset_defaults()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["python"])
    monkeypatch.delattr("uvicorn.Server.run")
    # Its arguments are made, and it is not a call.
    monkeypatch.setattr("visitwire_runtime.topic_admin.KafkaAdminClient", None)
    for port in ("METRICS", "GATEWAY"):
        monkeypatch.setenv(f"VISITWIRE_{port}_PORT", "0")
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def ended(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Ended":
    return Ended(capsys, monkeypatch)


class Ended:
    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def says(self, name: str, **environment: str) -> str:
        """The last line of `python -m visitwire_NAME`, or why it stopped where it is a log's; it must end with 1."""
        for key, value in environment.items():
            self._monkeypatch.setenv(f"VISITWIRE_{key}", value)
        with pytest.raises(SystemExit) as end:
            runpy.run_module(f"visitwire_{name}", run_name="__main__")
        said = self._capsys.readouterr().err
        assert (end.value.code, "Traceback" in said) == (1, False), said
        last = said.splitlines()[-1]
        return str(json.loads(last)["why"]) if last.startswith("{") else last


@pytest.mark.parametrize("name", [*WORKERS, "gateway"])
def test_a_wrong_setting(name: str, ended: Ended) -> None:
    want = (
        "The setting batch (VISITWIRE_BATCH) is wrong: Input should be a valid integer, unable to parse string as an "
        "integer."
    )
    assert ended.says(name, BATCH="many") == want


@pytest.mark.parametrize(("name", "setting"), [("visits", "METRICS_PORT"), ("gateway", "GATEWAY_PORT")])
def test_a_port_that_is_taken(name: str, setting: str, ended: Ended) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        words = ended.says(name, **{setting: str(port)})
    assert words == f"cannot listen on 127.0.0.1:{port} (Address already in use); choose VISITWIRE_{setting}"


def test_half_a_configuration_of_the_login(ended: Ended) -> None:
    words = ended.says("gateway", GATEWAY_OIDC_ISSUER="https://id.example")
    assert "VISITWIRE_GATEWAY_OIDC_ISSUER needs VISITWIRE_GATEWAY_OIDC_CLIENT_ID too" in words


@pytest.mark.parametrize("name", ["visits", "gateway"])
@pytest.mark.parametrize(
    ("environment", "want"),
    [
        (
            {"BROKER": "kafka:port"},
            "VISITWIRE_BROKER is 'kafka:port'; it must be host:port, several separated by commas",
        ),
        ({"BROKER": ""}, "VISITWIRE_BROKER is ''; it must be host:port, several separated by commas"),
        (
            {"BROKER_PROTOCOL": "SSL", "BROKER_CA": "none.pem"},
            "VISITWIRE_BROKER_CA is none.pem, which is not a file",
        ),
        (
            {"BROKER_PROTOCOL": "SASL_SSL", "BROKER_USERNAME": "ada"},
            "VISITWIRE_BROKER_PROTOCOL is SASL_SSL: set VISITWIRE_BROKER_USERNAME and VISITWIRE_BROKER_PASSWORD",
        ),
    ],
)
def test_a_broker_that_cannot_be_one(name: str, environment: dict[str, str], want: str, ended: Ended) -> None:
    assert ended.says(name, **environment) == want


def test_a_database_of_the_gateway_that_is_away(ended: Ended) -> None:
    away = ended.says("gateway", GATEWAY_DATABASE_URL="postgresql+psycopg://ada:hunter2@127.0.0.1:1/visits")
    assert away.startswith("The database does not answer: ")
    assert "hunter2" not in away


@pytest.mark.parametrize(
    ("name", "setting"),
    [("alerting", "DATABASE_URL"), ("ingestion", "INGESTION_DATABASE_URL"), ("gateway", "GATEWAY_DATABASE_URL")],
)
def test_a_database_that_is_none(name: str, setting: str, ended: Ended) -> None:
    assert ended.says(name, **{setting: "hunter2"}) == f"VISITWIRE_{setting} is not a SQLAlchemy URL of a database."


@pytest.mark.parametrize("name", ["ingestion", "attribution", "visits", "alerting", "gateway"])
def test_a_folder_for_state_that_is_a_file(name: str, tmp_path: Path, ended: Ended) -> None:
    (tmp_path / "taken").touch()
    want = f"{tmp_path / 'taken'}: File exists. Choose another with VISITWIRE_DATA_DIR."
    assert ended.says(name, DATA_DIR="taken") == want


def test_a_key_that_is_none(ended: Ended) -> None:
    want = "VISITWIRE_ALERTING_KEY is not a Fernet key: 32 bytes in URL-safe base64; separate several by commas."
    assert ended.says("alerting", ALERTING_KEY="hunter2") == want


def test_push_that_anybody_could_use(ended: Ended) -> None:
    words = ended.says("ingestion", PUSH_HOST="0.0.0.0", PUSH_PORT="18080")
    assert words == "HTTP push is open to other machines and has no token: set VISITWIRE_PUSH_TOKEN."


def test_a_bug_keeps_its_traceback() -> None:
    def broken(_: Settings) -> AnyStage:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        process.main(broken)
