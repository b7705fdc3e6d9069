"""The images and the compose file, as far as they can be checked without an engine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from pydantic import SecretStr
from visitwire_alerting.stage import alerting
from visitwire_gateway.request_metrics import open_streams, request_seconds
from visitwire_ingestion.feed_metrics import FeedMetrics
from visitwire_reader_llm.metrics import Metrics
from visitwire_runtime.metrics import Meter
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW

from tests.helpers.lacking import DOCKER_COMPOSE, PROMTOOL, lacking, need_program

ROOT = Path(__file__).parents[3]
COMPOSE = ROOT / "docker-compose.yml"
STAGES = [row.stage for row in FLOW]
SERVICES = [*STAGES, "gateway"]


def compose() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return made


def as_it_stands(made: dict[str, Any]) -> str:
    """As JSON, with the defaults of variables in their place."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", json.dumps(made))


def test_the_dockerfile_has_no_lint() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    said = subprocess.run([linter, ROOT / "deploy/Dockerfile"], capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("", 0)


def test_the_compose_file_keeps_to_the_specification() -> None:
    PyCompose.from_json(as_it_stands(compose())).validate()


def test_docker_itself_accepts_the_compose_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        lacking(DOCKER_COMPOSE)
    said = subprocess.run(
        [docker, "compose", "-f", COMPOSE, "--profile", "*", "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DOCKER_HOST": "unix:///nonexistent", "VISITWIRE_PUSH_TOKEN": "t"},
    )
    assert (said.stderr, said.returncode) == ("", 0)


@pytest.mark.parametrize("stage", SERVICES)
def test_every_stage_is_a_service_that_can_be_scaled(stage: str) -> None:
    service = compose()["services"][stage]
    assert service["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile", "args": {"SERVICE": stage}}
    assert service["image"].partition(":")[0] == f"visitwire-{stage}"
    assert service["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    assert "container_name" not in service, "a fixed name cannot be scaled"
    assert service["read_only"] is True


@pytest.mark.parametrize("stage", SERVICES)
def test_every_stage_can_be_run_as_its_image_runs_it(stage: str) -> None:
    assert (ROOT / f"services/{stage}/visitwire_{stage}/__main__.py").is_file()
    assert (
        (ROOT / f"services/{stage}/pyproject.toml")
        .read_text("utf-8")
        .startswith(f'[project]\nname = "visitwire-{stage}"')
    )


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", ())]
    hosts = [port["host_ip"] if isinstance(port, dict) else port.partition(":")[0] for port in ports]
    assert set(hosts) == {"127.0.0.1"}


def test_the_gateway_shares_alertings_ledger_and_keeps_its_doors_closed() -> None:
    services = compose()["services"]
    assert services["gateway"]["volumes"] == services["alerting"]["volumes"] == ["alerting:/data", "spool:/data/spool"]
    settings = services["gateway"]["environment"]
    assert settings["VISITWIRE_GATEWAY_HOST"] == "0.0.0.0", "not loopback: nobody comes in without a login or a key"
    assert services["gateway"]["ports"] == [f"127.0.0.1:8080:{settings['VISITWIRE_GATEWAY_PORT']}"]


def test_prometheus_scrapes_every_service_of_ours() -> None:
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))["scrape_configs"]
    assert scraped[0]["dns_sd_configs"][0]["names"] == SERVICES


def test_topics_wait_for_a_healthy_broker() -> None:
    services = compose()["services"]
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert services["topics"]["entrypoint"] == ["python", "-m", "visitwire_runtime.topics"]
    assert services["kafka"]["healthcheck"]["test"][0] == "CMD-SHELL"
    assert services["kafka"]["image"].startswith("apache/kafka:")


def test_what_the_compose_file_mounts_is_there() -> None:
    for service in compose()["services"].values():
        mounted = [volume.partition(":")[0] for volume in service.get("volumes", ()) if volume.startswith("./")]
        assert [path for path in mounted if not (ROOT / path).exists()] == []


def test_every_service_has_limits_and_a_log_that_ends() -> None:
    for name, service in compose()["services"].items():
        assert {"cpus", "memory"} <= service["deploy"]["resources"]["limits"].keys(), name
        assert service["logging"]["options"]["max-size"], name


def test_secrets_are_files_that_make_secrets_makes(tmp_path: Path) -> None:
    subprocess.run(["sh", ROOT / "deploy/secrets"], cwd=tmp_path, check=True, capture_output=True)
    made = {path: path.read_text("utf-8") for path in tmp_path.rglob("secrets/**/*") if path.is_file()}
    subprocess.run(["sh", ROOT / "deploy/secrets"], cwd=tmp_path, check=True, capture_output=True)
    assert {path: path.read_text("utf-8") for path in made} == made, "what is in use was made anew"
    secrets, text = compose()["secrets"], COMPOSE.read_text("utf-8")
    for database in ("sqlite", "postgresql"):
        files = [
            tmp_path / secret["file"].replace("${VISITWIRE_DATABASE:-sqlite}", database) for secret in secrets.values()
        ]
        assert [file for file in files if file not in made] == []
    assert (tmp_path / ".visitwire/secrets").stat().st_mode & 0o077 == 0
    assert "change-me" not in text
    assert not re.search(r"(PASSWORD|TOKEN|KEY|_URL): ", text), "a secret that is not a file"


def test_what_a_service_is_told_are_settings_that_there_are_and_secrets_that_it_has() -> None:
    for name, service in compose()["services"].items():
        for variable, value in service.get("environment", {}).items():
            if not variable.startswith("VISITWIRE_"):
                continue
            setting = variable.removeprefix("VISITWIRE_").removesuffix("_FILE").lower()
            assert setting in Settings.model_fields, f"{variable} of {name}"
            assert not variable.endswith("_FILE") or Path(value).name in service["secrets"], f"{variable} of {name}"


def test_on_postgresql_each_has_a_database_of_its_own(tmp_path: Path) -> None:
    subprocess.run(["sh", ROOT / "deploy/secrets"], cwd=tmp_path, check=True, capture_output=True)
    folder = tmp_path / ".visitwire/secrets/postgresql"
    urls = {name: (folder / name).read_text("utf-8") for name in ("ledger", "ingestion", "gateway")}
    password = (folder / "password").read_text("utf-8")
    assert urls == {name: f"postgresql://visitwire:{password}@postgresql/{name}" for name in urls}
    made = set(re.findall(r"CREATE DATABASE (\w+)", (ROOT / "deploy/postgresql/init.sql").read_text("utf-8")))
    assert made | {compose()["services"]["postgresql"]["environment"]["POSTGRES_DB"]} == set(urls)


def test_a_language_model_takes_the_place_of_the_embedded_reader() -> None:
    over: dict[str, Any] = yaml.safe_load((ROOT / "deploy/language-model.yml").read_text("utf-8"))
    [(stage, service)] = over["services"].items()
    assert (stage, service["build"]) == ("visits", {"args": {"SERVICE": "reader_llm"}})
    assert service["image"].partition(":")[0] == "visitwire-reader_llm"
    assert (ROOT / "services/reader_llm/visitwire_reader_llm/__main__.py").is_file()
    assert service["environment"]["VISITWIRE_READERS"] == "${VISITWIRE_READERS:-both}"
    PyCompose.from_json(as_it_stands({"services": {"visits": service}, "volumes": over["volumes"]})).validate()


MEMBERS = [ROOT / "schemas", *sorted(path.parent for path in (ROOT / "services").glob("*/pyproject.toml"))]
IMPORTED = re.compile(r"^\s*(?:from|import) (visitwire_\w+)", re.MULTILINE)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_an_image_installs_what_its_service_imports(member: Path) -> None:
    declared = tomllib.loads((member / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[\[<>=]", one)[0].replace("-", "_") for one in declared["dependencies"]}
    own = declared["name"].replace("-", "_")
    found = {name for path in (member / own).rglob("*.py") for name in IMPORTED.findall(path.read_text("utf-8"))}
    assert found - {own} <= wanted


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all that a worker of ours tells Prometheus."""
    ledger = tmp_path_factory.mktemp("ledger")
    stage = alerting(Settings(data_dir=ledger, database_url=SecretStr(f"sqlite:///{ledger}/a.sqlite")))
    meter = Meter("alerting")
    for collector in stage.collectors:
        meter.registry.register(collector)
    reader = Metrics()
    reader.story("away")
    reader.share({"tokens": 0.5})
    for collector in reader.collectors:
        meter.registry.register(collector)
    meter.registry.register(FeedMetrics(ROOT / "seeds" / "feeds", dict, lambda: datetime(2026, 3, 2, tzinfo=UTC)))
    seconds = request_seconds()
    seconds.labels("GET", "/", "200").observe(0.1)
    meter.registry.register(seconds)
    meter.registry.register(open_streams(lambda: 0))
    names = {sample.name for family in meter.registry.collect() for sample in family.samples}
    if stage.close is not None:
        stage.close()
    return names


def queries() -> list[str]:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text("utf-8"))
    boards = [json.loads(path.read_text("utf-8")) for path in (ROOT / "deploy/grafana/dashboards").iterdir()]
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return asked + [target["expr"] for board in boards for panel in board["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("query", queries())
def test_every_query_of_rules_and_dashboards_is_of_metrics_that_workers_have(query: str, metrics: set[str]) -> None:
    asked = set(re.findall(r"\b(?:visitwire|process)_\w+", query)) - {"visitwire"}
    assert asked <= metrics
    assert asked or query.startswith("up{")


@pytest.mark.parametrize(
    "command",
    [
        ["promtool", "check", "rules", "deploy/prometheus/rules.yml"],
        ["promtool", "test", "rules", "deploy/prometheus/rules.test.yml"],
        ["promtool", "check", "config", "--syntax-only", "deploy/prometheus/prometheus.yml"],
        ["amtool", "check-config", "deploy/prometheus/alertmanager.yml"],
    ],
    ids=" ".join,
)
def test_prometheus_and_its_alertmanager_accept_what_is_theirs(command: list[str]) -> None:
    need_program(command[0], PROMTOOL)
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
