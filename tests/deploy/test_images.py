"""The images, as `make images` built them: what they say of themselves, and the seeds through all on a real broker."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import yaml
from visitwire_runtime.embedded import run
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW, STORIES_ENRICHED, STORIES_QUOTED, VISITS, WIRE_ITEMS
from visitwire_suite.kafka_broker import Broker
from visitwire_suite.seeds import seed_items
from visitwire_suite.stages import build

from tests.deploy.images import ROOT, VERSION, Container, buildah, config, container, layers, needed
from tests.deploy.registry import registry
from tests.deploy.test_chart import container as deployed
from tests.deploy.test_chart import rendered
from tests.helpers.command import ANDRADE, STORY
from tests.integration.conftest import own_broker
from tests.integration.harness import arrived, send, until
from tests.integration.suite import Outcome, embedded, on_kafka
from tests.integration.test_language_model import script
from tests.unit.reader_llm.model_server import serving

STAGES = [row.stage for row in FLOW]
SERVICES = [*STAGES, "gateway", "suite", "reader_llm"]
PORTS = {service: 29_464 + number for number, service in enumerate(SERVICES)}
BOARD = 28_080
SIZES = ROOT / "docs/operating.md"
MEGABYTE = 1_000_000

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    needed(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_says_what_it_is(service: str) -> None:
    found = config(service)
    labels = found["Labels"]
    assert labels["org.opencontainers.image.title"] == f"visitwire-{service}"
    assert labels["org.opencontainers.image.version"] == VERSION
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", labels["org.opencontainers.image.revision"])
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", labels["org.opencontainers.image.base.digest"])
    assert found["User"] == "10001"
    assert found["Healthcheck"]["Test"][0] == "CMD"
    assert not found.get("Volumes"), "an anonymous volume is lost with its container"


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_carries_its_bill_of_materials_and_is_of_the_size_that_the_docs_tell(
    service: str, tmp_path: Path
) -> None:
    told = re.search(rf"^\| `{service}`[^|]* \| (\d+) MB ", SIZES.read_text("utf-8"), re.MULTILINE)
    size = sum(layers(service)[1:]) / MEGABYTE
    assert told is not None
    assert size == pytest.approx(int(told[1]), rel=0.15), f"{service} has {size:.0f} MB beyond its base"
    code = layers(service)[-1] / MEGABYTE
    assert code < 0.15 * size, f"{code:.0f} MB lie in the layer that changes with our code"
    with container(service, tmp_path, {}, entrypoint=["cat", "/app/sbom.cdx.json"]) as reading:
        assert reading.process.wait(60) == 0
        bill = json.loads(reading.log())
    names = {component["name"] for component in bill["components"]}
    assert {"pydantic", "faust-streaming"} <= names
    assert ("spacy" in names) is (service in ("extraction", "suite"))
    assert bill["metadata"]["component"]["name"] == f"visitwire-{service.replace('_', '-')}"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = own_broker(tmp_path_factory.mktemp("kafka"))
    yield made
    made.stop()


def test_the_seeds_go_through_all_images_as_through_one_process(broker: Broker, tmp_path: Path) -> None:
    items = list(seed_items(ROOT / "seeds/wires"))
    want = embedded(items, tmp_path / "embedded")
    settings = Settings(broker=broker.bootstrap, data_dir=tmp_path / "own")
    told = {"VISITWIRE_BROKER": broker.bootstrap, "VISITWIRE_SESSION_TIMEOUT": "6", "VISITWIRE_RETRY_MOST": "0.2"}
    ledger = {shared(tmp_path / "ledger"): "/data"}
    with ExitStack() as running:
        making = running.enter_context(container("attribution", tmp_path, told, entrypoint=TOPICS))
        assert making.process.wait(120) == 0, making.log()
        assert f"{VISITS.name}: made with 8 partitions" in making.log()
        workers = {
            stage: running.enter_context(
                container(stage, tmp_path, told | port(stage), mounts=ledger if stage == "alerting" else {})
            )
            for stage in STAGES
        }
        board = told | port("gateway") | {"VISITWIRE_GATEWAY_HOST": "127.0.0.1", "VISITWIRE_GATEWAY_PORT": str(BOARD)}
        workers["gateway"] = running.enter_context(container("gateway", tmp_path, board, mounts=ledger))
        send(settings, WIRE_ITEMS.name, map(WIRE_ITEMS.encode, items))
        for name, worker in workers.items():
            until(lambda worker=worker: answers(worker, "/readyz"), f"{name} to be ready", 240)
        arrived(settings, STORIES_ENRICHED.name, len(want.stories), 240)
        got = until(lambda: told_by(settings, want), "the visits of one process", 120)
        shown = until(lambda: visits_shown(len(standing_visits(got))), "the visits on the board", 120)
        suite = running.enter_context(container("suite", tmp_path, told, ["topics", "show", "--json"]))
        assert suite.process.wait(120) == 0, suite.log()
        assert {name: worker.stop() for name, worker in workers.items()} == dict.fromkeys(workers, 0)
    assert (got.dead, got.repeated) == ([], 0)
    assert got.stories == want.stories
    assert shown == standing_visits(got)


def test_the_image_with_a_language_model_reads_in_the_place_of_that_without(broker: Broker, tmp_path: Path) -> None:
    first = [item for item in seed_items(ROOT / "seeds/wires") if item.raw == STORY.read_bytes()]
    own = Settings(data_dir=tmp_path / "own")
    quoted = run([build(name, own) for name in STAGES[:3]], first).records[STORIES_QUOTED.name]
    apart = Settings(broker=broker.bootstrap, topic_prefix="llm.", group_prefix="llm.")
    told = {"VISITWIRE_BROKER": broker.bootstrap, "VISITWIRE_TOPIC_PREFIX": "llm.", "VISITWIRE_GROUP_PREFIX": "llm."}
    with serving(script) as model:
        told |= {"VISITWIRE_READERS": "both", "VISITWIRE_LLM_URL": model.url, "VISITWIRE_LLM_MODEL": "scripted"}
        with container("reader_llm", tmp_path, told | port("reader_llm")) as worker:
            until(lambda: answers(worker, "/readyz"), "it to be ready", 240)
            send(apart, STORIES_QUOTED.name, quoted)
            [found] = arrived(apart, STORIES_ENRICHED.name, 1, 240)
            assert worker.stop() == 0
    [visit] = STORIES_ENRICHED.decode(found.record).visits
    assert (visit.visitor.name, visit.destination.country, visit.status) == ANDRADE
    assert len(model.asked) == 1


def test_data_is_open_to_a_tmpfs_and_to_any_user(tmp_path: Path) -> None:
    """With runc before 1.1.8 a tmpfs has the folder's mode, whatever Compose says, and root as its owner."""
    with container("attribution", tmp_path, {}, entrypoint=["stat", "-c", "%a %u", "/data", "/data/spool"]) as looking:
        assert looking.process.wait(60) == 0
        assert looking.log().split() == ["1777", "10001", "755", "10001"]


def test_what_was_built_and_pushed_can_be_pinned_by_digest(tmp_path: Path) -> None:
    """`make images` tells the digests, in a form that the chart and Docker Compose take."""
    labels = config("attribution")["Labels"]
    base = labels["org.opencontainers.image.base.name"].partition("@")[0].rpartition(":")[0]
    digest = labels["org.opencontainers.image.base.digest"]
    with registry() as there:
        push = f"{there.host}/desk"
        told = {"ENGINE": "buildah", "SERVICES": "attribution", "TOLD": str(tmp_path), "PUSH": push, "INSECURE": "1"}
        given = os.environ | told | {"BASE": f"{base}@{digest}", "BUILDAH_ISOLATION": "chroot", "VERSION": "pinned"}
        said = subprocess.run(["sh", ROOT / "deploy/images"], cwd=ROOT, env=given, capture_output=True, text=True)
        buildah("rmi", f"localhost/visitwire-attribution:{given['VERSION']}")
        assert said.returncode == 0, said.stderr
        [pushed] = there.manifests.values()
        manifest = json.loads(there.blobs[pushed])
    [row] = json.loads((tmp_path / "images.json").read_text("utf-8"))
    assert row["digest"] == pushed
    assert row["id"] == manifest["config"]["digest"]
    assert (row["service"], row["name"]) == ("attribution", f"visitwire-attribution:{given['VERSION']}")
    assert row["base"] == {"name": given["BASE"], "digest": digest}
    assert row["bytes"] == pytest.approx(sum(layers("attribution")), rel=0.05)
    assert yaml.safe_load((tmp_path / "values.yaml").read_text("utf-8")) == {
        "image": {"registry": push, "prefix": "visitwire-", "digests": {"attribution": pushed}}
    }
    pinned = {"image": f"{push}/visitwire-attribution@{pushed}"}
    assert yaml.safe_load((tmp_path / "compose.yml").read_text("utf-8")) == {
        "services": {"attribution": pinned, "topics": pinned}
    }
    made = rendered("-f", tmp_path / "values.yaml")
    images = {part["image"] for one in made if one["kind"] == "Deployment" for part in [deployed(one)]}
    assert pinned["image"] in images


TOPICS = ["python", "-m", "visitwire_runtime.topics"]


def shared(folder: Path) -> Path:
    """A folder that the user of an image, who is nobody here, may write."""
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def port(service: str) -> dict[str, str]:
    return {"VISITWIRE_METRICS_PORT": str(PORTS[service])}


def answers(worker: Container, path: str) -> bool:
    """Raises when the container ended instead."""
    if worker.process.poll() is not None:
        raise RuntimeError(f"ended with {worker.process.returncode}:\n{worker.log()[-3000:]}")
    try:
        return httpx.get(f"http://127.0.0.1:{PORTS[worker.service]}{path}", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def standing_visits(of: Outcome) -> set[str]:
    return {id for id, visit in of.visits.items() if visit is not None}


def bare(of: Outcome) -> list[str]:
    """The visits without what depends on which wire came first: the id that the first report gave, and the revision."""
    kept = [
        {name: visit[name] for name in visit if name not in ("id", "revision")} for visit in of.visits.values() if visit
    ]
    return sorted(json.dumps(visit, sort_keys=True) for visit in kept)


def told_by(settings: Settings, want: Outcome) -> Outcome | None:
    """What is on the broker, once its visits are as wanted."""
    got = on_kafka(settings)
    return got if bare(got) == bare(want) else None


def visits_shown(wanted: int) -> set[str]:
    """The ids of the visits that the gateway tells, once there are so many."""
    answered = httpx.get(
        f"http://127.0.0.1:{BOARD}/api/v1/visits", params={"limit": 200, "background": True}, timeout=30
    )
    found = {visit["id"] for visit in answered.json()["items"]} if answered.status_code == 200 else set()
    return found if len(found) == wanted else set()
