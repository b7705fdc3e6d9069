"""Courses of visits as wires report them (invented): what is told, in which order, of which visit."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.sql_tables import alerts
from visitwire_schemas import Alert, EnrichedStory, Revision

from tests.unit.alerting.makers import dates, story, visit

CASES = sorted((Path(__file__).parents[2] / "golden/alerting").glob("*.json"))


def read(said: dict[str, Any]) -> EnrichedStory:
    """A story from the fields of `makers.story` and `makers.visit`; `when` is a visit's first and last day."""
    said = dict(said)
    found = [dict(one) for one in said.pop("visits", ())]
    made = [visit(**one | ({"when": dates(*one["when"])} if "when" in one else {})) for one in found]
    return story(said.pop("uri"), *made, **said | {"revision": Revision(said.get("revision", "new"))})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_course_is_told(path: Path, tmp_path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite")
    migrate(engine)
    for one in case["stories"]:
        record(engine, [read(one)])
    with reading(engine) as connection:
        bodies = connection.execute(select(alerts.c.body).order_by(alerts.c.number)).scalars()
        told = [Alert.model_validate_json(body) for body in bodies]
    engine.dispose()
    ids = list(dict.fromkeys(alert.subject for alert in told))
    kinds = [", ".join(alert.data.change.kinds) for alert in told]
    assert [f"{ids.index(a.subject) + 1} {kind}" for a, kind in zip(told, kinds, strict=True)] == case["told"]
