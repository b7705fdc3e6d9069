"""The Helm chart: what it makes of its values is what Kubernetes, KEDA and the Prometheus operator take."""

import json
import re
import subprocess
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from pydantic import BaseModel, SecretStr
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW

from tests.helpers.lacking import HELM, need_program

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/visitwire"
VALUES = {"default": [], "minimal": ["-f", CHART / "ci/minimal.yaml"], "full": ["-f", CHART / "ci/full.yaml"]}
OLDEST, NEWEST = "1.28", "1.37"
"""Of Kubernetes: between the two the schemas do not differ in what we use."""
KEDA = {"ScaledObject", "TriggerAuthentication"}
PROMETHEUS = {"ServiceMonitor", "PrometheusRule"}
THEIRS = KEDA | PROMETHEUS
SERVICES = sorted([*(row.stage for row in FLOW), "gateway"])
DATABASES = ("database-url", "gateway-database-url", "ingestion-database-url", "alerting-key")


def helm(*arguments: object) -> subprocess.CompletedProcess[str]:
    program = need_program("helm", HELM)
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)


def rendered(*arguments: object) -> list[dict[str, Any]]:
    said = helm("template", "desk", CHART, "--namespace", "wires", "--kube-version", NEWEST, *arguments)
    assert said.returncode == 0, said.stderr
    return [made for made in yaml.safe_load_all(said.stdout) if made]


def refused(*arguments: object) -> str:
    """What Helm says of values that it refuses, without its advice."""
    said = helm("template", "desk", CHART, "--kube-version", NEWEST, *arguments)
    assert said.returncode != 0
    return "\n".join(line for line in said.stderr.splitlines() if "symbolic link" not in line)


@pytest.fixture(scope="module")
def charts() -> dict[str, list[dict[str, Any]]]:
    return {name: rendered(*values) for name, values in VALUES.items()}


def model(kind: str) -> type[BaseModel]:
    """Of KEDA's or the operator's authors. They are thousands of classes: only where they are used, not when tests are
    collected."""
    module = "keda.v1alpha1" if kind in KEDA else "prometheus_operator.v1"
    found: type[BaseModel] = getattr(import_module(f"cloudcoil.models.{module}"), kind)
    return found


def of(made: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in made if one["kind"] == kind}


def container(deployment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]["containers"][0]
    return found


def environment(deployment: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["value"] for row in container(deployment)["env"]}


@pytest.mark.parametrize("name", VALUES)
def test_helm_finds_no_lint(name: str) -> None:
    said = helm("lint", "--strict", "--kube-version", NEWEST, CHART, *VALUES[name])
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", VALUES)
def test_kubernetes_takes_what_is_made(name: str, version: str, charts: dict[str, list[dict[str, Any]]]) -> None:
    own = [one for one in charts[name] if one["kind"] not in THEIRS]
    for one in own:
        kubernetes_validate.validate(one, version, strict=True)
    names = Counter((one["kind"], one["metadata"]["name"]) for one in charts[name])
    assert [twice for twice, count in names.items() if count > 1] == []
    assert {"Deployment", "Service", "ServiceAccount"} <= {one["kind"] for one in own}


def test_keda_and_the_prometheus_operator_take_what_is_theirs(charts: dict[str, list[dict[str, Any]]]) -> None:
    theirs = [one for one in charts["full"] if one["kind"] in THEIRS]
    for one in theirs:
        read = model(one["kind"]).model_validate(one)
        kept = json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
        assert kept["spec"] == one["spec"], "a field that they do not have"
    assert {one["kind"] for one in theirs} == THEIRS


def test_a_field_that_keda_does_not_have_would_be_found() -> None:
    spec = {"scaleTargetRef": {"name": "a"}, "triggers": [], "minReplicas": 1}
    made = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "a"}, "spec": spec}
    read = model("ScaledObject").model_validate(made)
    assert json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))["spec"] != spec


@pytest.mark.parametrize("name", VALUES)
def test_every_stage_is_a_deployment_with_probes_and_limits(name: str, charts: dict[str, list[dict[str, Any]]]) -> None:
    made = of(charts[name], "Deployment")
    assert sorted(made) == [f"desk-visitwire-{service}" for service in SERVICES]
    for deployment in made.values():
        pod, inner = deployment["spec"]["template"]["spec"], container(deployment)
        probes = {
            probe: inner[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        }
        assert probes == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
        assert inner["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in inner["resources"]["limits"]
        assert inner["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", VALUES)
def test_pods_are_told_settings_that_there_are_and_secrets_as_files(
    name: str, charts: dict[str, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for deployment in of(charts[name], "Deployment").values():
        told = {key: value for key, value in environment(deployment).items() if key.startswith("VISITWIRE_")}
        mounted = {mount["mountPath"] for mount in container(deployment)["volumeMounts"]}
        for variable, value in told.items():
            plain = variable.removeprefix("VISITWIRE_").removesuffix("_FILE").lower()
            field = Settings.model_fields[plain]
            assert ("SecretStr" in str(field.annotation)) is variable.endswith("_FILE"), f"{variable} of {name}"
            assert not value.startswith("/etc/") or str(Path(value).parent) in mounted | {"/etc/visitwire"}
            if variable.endswith("_FILE"):
                (tmp_path / plain).write_text("postgresql://desk:secret@db/desk")
                value = str(tmp_path / plain)
            monkeypatch.setenv(variable, value)
        read = Settings()
        secrets = [value for value in read.model_dump().values() if isinstance(value, SecretStr)]
        assert len(secrets) == sum(1 for variable in told if variable.endswith("_FILE"))
        for variable in told:
            monkeypatch.delenv(variable)


def test_large_numbers_and_tables_come_as_settings_read_them(charts: dict[str, list[dict[str, Any]]]) -> None:
    made = of(charts["full"], "Deployment")
    assert environment(made["desk-visitwire-ingestion"])["VISITWIRE_PUSH_MOST_BYTES"] == "33554432"
    assert environment(made["desk-visitwire-gateway"])["VISITWIRE_GATEWAY_OIDC_ROLES"] == '{"desk":"editor"}'


@pytest.mark.parametrize("name", VALUES)
def test_a_stage_gets_the_secrets_that_it_needs_and_no_others(
    name: str, charts: dict[str, list[dict[str, Any]]]
) -> None:
    def keys(service: str) -> set[str]:
        volumes = of(charts[name], "Deployment")[f"desk-visitwire-{service}"]["spec"]["template"]["spec"]["volumes"]
        return {item["key"] for volume in volumes for item in volume.get("secret", {}).get("items", ())}

    assert keys("extraction") == keys("attribution") == keys("visits") == keys("extraction") & {"broker-password"}
    assert "database-url" in keys("alerting") & keys("gateway")
    assert "alerting-key" not in keys("ingestion")


def test_keda_reads_the_topic_and_the_group_of_each_stage(charts: dict[str, list[dict[str, Any]]]) -> None:
    triggers = {
        one["metadata"]["name"].removeprefix("desk-visitwire-"): one["spec"]["triggers"][0]["metadata"]
        for one in of(charts["full"], "ScaledObject").values()
    }
    assert sorted(triggers) == ["alerting", "attribution", "extraction", "visits"]
    for row in FLOW[1:]:
        trigger = triggers[row.stage]
        told = environment(of(charts["full"], "Deployment")[f"desk-visitwire-{row.stage}"])
        prefixes = told["VISITWIRE_TOPIC_PREFIX"], told["VISITWIRE_GROUP_PREFIX"]
        assert prefixes == ("news.desk.", "news-desk-")
        assert (trigger["topic"], trigger["consumerGroup"]) == (prefixes[0] + row.source.name, prefixes[1] + row.stage)
        assert trigger["limitToPartitionsWithLag"] == "true"
    sources = json.loads((CHART / "files/sources.json").read_text("utf-8"))
    assert sources == {row.stage: row.source.name for row in FLOW}


def test_without_prefixes_names_are_those_of_the_contract() -> None:
    made = rendered("--set", "keda.enabled=true")
    triggers = [one["spec"]["triggers"][0]["metadata"] for one in of(made, "ScaledObject").values()]
    assert {(one["topic"], one["consumerGroup"]) for one in triggers} == {
        (row.source.name, row.stage) for row in FLOW[1:]
    }
    for deployment in of(made, "Deployment").values():
        assert [name for name in environment(deployment) if name.endswith("_PREFIX")] == []


def test_who_is_scaled_by_keda_has_no_replicas_of_its_own(charts: dict[str, list[dict[str, Any]]]) -> None:
    fixed = {name for name, one in of(charts["full"], "Deployment").items() if "replicas" in one["spec"]}
    assert fixed == {"desk-visitwire-ingestion", "desk-visitwire-gateway"}


def test_rules_and_dashboard_are_those_of_compose(charts: dict[str, list[dict[str, Any]]]) -> None:
    rules = of(charts["full"], "PrometheusRule")["desk-visitwire"]["spec"]
    assert rules == yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text("utf-8"))
    board = of(charts["full"], "ConfigMap")["desk-visitwire-dashboard"]["data"]["visitwire.json"]
    assert board == (ROOT / "deploy/grafana/dashboards/visitwire.json").read_text("utf-8")


def test_a_service_monitor_finds_the_metrics_of_each_and_nothing_else(
    charts: dict[str, list[dict[str, Any]]],
) -> None:
    wanted = of(charts["full"], "ServiceMonitor")["desk-visitwire"]["spec"]["selector"]["matchLabels"].items()
    found = [one for one in of(charts["full"], "Service").values() if wanted <= one["metadata"]["labels"].items()]
    assert [one["metadata"]["name"] for one in found] == [f"desk-visitwire-{name}-metrics" for name in SERVICES]
    assert all(one["spec"]["clusterIP"] == "None" for one in found)


@pytest.mark.parametrize("name", VALUES)
def test_what_selects_pods_selects_some(name: str, charts: dict[str, list[dict[str, Any]]]) -> None:
    made = charts[name]
    pods = [one["spec"]["template"]["metadata"]["labels"] for one in made if one["kind"] in ("Deployment", "Job")]
    selectors = [one["spec"]["selector"] for one in made if one["kind"] == "Service"]
    selectors += [one["spec"]["podSelector"]["matchLabels"] for one in made if one["kind"] == "NetworkPolicy"]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in made if one["kind"] == "PodDisruptionBudget"]
    for selector in selectors:
        assert sum(1 for labels in pods if selector.items() <= labels.items()) == 1, selector


def test_every_pod_has_a_policy_of_the_network(charts: dict[str, list[dict[str, Any]]]) -> None:
    policies = of(charts["default"], "NetworkPolicy")
    assert sorted(policies) == sorted(f"desk-visitwire-{name}" for name in [*SERVICES, "topics"])
    for name, policy in policies.items():
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"], name


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"broker": {"protokol": "SSL"}}, "protokol"),
        ({"settings": {"broker_password": "p"}}, "invalid propertyName 'broker_password'"),
        ({"secret": {"keys": ["database-url"]}}, "the Secret visitwire needs the key"),
        ({"broker": {"protocol": "SASL_SSL", "username": "v"}}, "needs the key broker-password"),
        (
            {"broker": {"protocol": "SASL_SSL"}, "secret": {"keys": [*DATABASES, "broker-password"]}},
            "broker.username is needed",
        ),
        ({"broker": {"tls": {"secretName": "t", "certificate": "tls.crt"}}}, "broker.tls.key is needed"),
        ({"stages": {"ingestion": {"push": {"enabled": True}}}}, "needs the key push-token"),
        ({"gateway": {"ingress": {"enabled": True}}}, "gateway.ingress.hosts is empty"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_values_that_cannot_work_are_refused_in_words(values: dict[str, Any], words: str, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(json.dumps(values), "utf-8")
    assert words in refused("-f", tmp_path / "values.yaml")


OAUTH = """
broker:
  protocol: SASL_SSL
  mechanism: OAUTHBEARER
  username: visitwire
  token: {url: "https://login.example/token", scope: kafka}
secret: {keys: [database-url, ingestion-database-url, gateway-database-url, alerting-key, broker-password]}
"""


def test_with_oauthbearer_every_pod_knows_the_endpoint_and_may_reach_it(tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(OAUTH)
    made = rendered("-f", values)
    for deployment in of(made, "Deployment").values():
        told = environment(deployment)
        assert told["VISITWIRE_BROKER_TOKEN_URL"] == "https://login.example/token"
        assert told["VISITWIRE_BROKER_TOKEN_SCOPE"] == "kafka"
        assert told["VISITWIRE_BROKER_PASSWORD_FILE"]
    for policy in of(made, "NetworkPolicy").values():
        ports = [port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]]
        assert ports.count(443) == 1
    assert "KEDA needs keda.triggerAuthentication" in refused("-f", values, "--set", "keda.enabled=true")
    mine = rendered("-f", values, "--set", "keda.enabled=true,keda.triggerAuthentication=mine")
    assert of(mine, "TriggerAuthentication") == {}
    for one in of(mine, "ScaledObject").values():
        [trigger] = one["spec"]["triggers"]
        assert trigger["metadata"]["sasl"] == "oauthbearer"
        assert trigger["authenticationRef"] == {"name": "mine"}
    assert "broker.token.url is needed" in refused("-f", values, "--set", "broker.token.url=")


MODEL = """
image: {digests: {reader_llm: "sha256:DIGEST"}}
secret: {keys: [database-url, ingestion-database-url, gateway-database-url, alerting-key, llm-key, llm-database-url]}
stages: {visits: {languageModel: {enabled: true, url: "https://model.example/v1", model: reader}}}
""".replace("DIGEST", "0" * 64)


def test_visits_are_read_with_a_language_model_where_it_is_switched_on(tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(MODEL)
    made = rendered("-f", values)
    reads = of(made, "Deployment")["desk-visitwire-visits"]
    assert container(reads)["image"] == f"visitwire-reader_llm@sha256:{'0' * 64}"
    told = environment(reads)
    assert (told["VISITWIRE_READERS"], told["VISITWIRE_LLM_MODEL"]) == ("both", "reader")
    assert told["VISITWIRE_LLM_URL"] == "https://model.example/v1"
    assert told["VISITWIRE_LLM_KEY_FILE"] == "/etc/visitwire/secret/llm-key"
    assert told["VISITWIRE_LLM_DATABASE_URL_FILE"] == "/etc/visitwire/secret/llm-database-url"
    for name, other in of(made, "Deployment").items():
        assert name == "desk-visitwire-visits" or [key for key in environment(other) if "_LLM_" in key] == []
    policy = of(made, "NetworkPolicy")["desk-visitwire-visits"]["spec"]["egress"]
    assert {443, 5432} <= {port["port"] for rule in policy for port in rule["ports"]}
    for one in made:
        if one["kind"] not in THEIRS:
            kubernetes_validate.validate(one, NEWEST, strict=True)
    assert "languageModel.url is needed" in refused("-f", values, "--set", "stages.visits.languageModel.url=")


@pytest.mark.parametrize("name", VALUES)
def test_without_it_nothing_of_a_language_model_is_there(name: str, charts: dict[str, list[dict[str, Any]]]) -> None:
    reads = of(charts[name], "Deployment")["desk-visitwire-visits"]
    assert "visitwire-visits" in container(reads)["image"]
    assert [key for key in environment(reads) if "LLM" in key or "READERS" in key] == []


def test_every_value_is_told_where_it_stands() -> None:
    lines = (CHART / "values.yaml").read_text("utf-8").splitlines()
    own = yaml.safe_load("\n".join(lines))
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    assert set(own) | {"global"} == set(schema["properties"])
    assert re.search(r"docs/kubernetes\.md", "\n".join(lines))
    assert (ROOT / "docs/kubernetes.md").is_file()
