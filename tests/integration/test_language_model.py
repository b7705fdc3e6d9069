"""A language model beside the embedded reader, as a worker on a real broker."""

import signal
from pathlib import Path

from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_worker import CREW

from tests.helpers.command import ADDRESS, ANDRADE, command, drop, ended, gist, shown, until
from tests.unit.reader_llm.model_server import Asked, Said, serving, story_in, visits


def script(asked: Asked) -> Said:
    """The seeds' first story, read as a good model would."""
    story = story_in(asked)
    india = next(place["id"] for place in story["places"] if place["country"] == "IN")
    return visits(
        {
            "evidence": next(one for one in story["text"].split(". ") if "accepted" in one),
            "visitor": next(one["id"] for one in story["people"] if one["name"] == "Lucas Andrade"),
            "destination": india,
            "status": "accepted",
            "date": None,
            "host": None,
            "source": None,
            "news": True,
        }
    )


def test_its_worker_takes_the_place_of_the_embedded_readers(flow: Settings, tmp_path: Path) -> None:
    with serving(script) as model:
        environment = {
            "VISITWIRE_BROKER": flow.broker,
            "VISITWIRE_READERS": "both",
            "VISITWIRE_LLM_URL": model.url,
            "VISITWIRE_LLM_MODEL": "scripted",
        }
        with command("up", "--no-own-broker", folder=tmp_path, environment=environment) as up:
            address = up.says(f"board: ({ADDRESS})")
            for stage in CREW:
                up.says(f"{stage}-1: ready")
            assert [one for one in up.family() if one.command.endswith("-m visitwire_reader_llm")]
            drop(tmp_path / ".visitwire/inbox")
            (visit,) = until(lambda: shown(address), lambda: "the visit of the dropped story")
            up.stop(signal.SIGINT)
            ended(up, 0)
    assert gist(visit) == ANDRADE
    assert [(report["readers"], report["differs"]) for report in visit["reports"]] == [(["rules", "llm"], [])]
    assert len(model.asked) == 1
    assert (tmp_path / ".visitwire/llm.sqlite").is_file()
