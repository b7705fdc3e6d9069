"""After any changes in any order, what was kept and mended says the same as what is read and drawn anew."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.ageing import age
from visitwire_gateway.model.projection import VisitRow
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, LedgerVisit, Party, Precision, VisitStatus

from tests.unit.gateway.conftest import Clock
from tests.unit.gateway.samples import COUNTRIES, NAMES, NOW, dates, rows, visit

PATHS = ("/calendar", "/calendar?view=agenda", "/map", "/list", "/list?sort=change", "/?sort=date", "/visits.ics")
FILTERS = ("", "to=IT", "status=planned&status=cancelled")


@st.composite
def changed(draw: st.DrawFn) -> LedgerVisit | str:
    """A visit in another state, or the id of one that goes."""
    id = draw(st.sampled_from([f"m{at}" for at in range(8)]))
    if draw(st.integers(0, 5)) == 0:
        return id
    day = NOW.date() + timedelta(days=draw(st.integers(-12, 40)))
    exact = dates(day.isoformat(), (day + timedelta(days=draw(st.integers(0, 9)))).isoformat())
    vague = dates(f"{day:%Y-%m}", precision=Precision.MONTH)
    return visit(
        id,
        dates=draw(st.sampled_from([exact, exact, exact, vague, None])),
        status=draw(st.sampled_from(list(VisitStatus))),
        destination=Destination(country=draw(st.sampled_from(COUNTRIES[:3]))),
        visitor=Party(name=draw(st.sampled_from(NAMES[:3])), country=draw(st.sampled_from(COUNTRIES[:3]))),
        updated=NOW - timedelta(minutes=draw(st.integers(0, 1000))),
    )


type Changes = list[tuple[list[LedgerVisit | str], bool]]


def kept(engine: Engine, some: Sequence[LedgerVisit | str], revision: int) -> None:
    told = [
        VisitRow(one, None) if isinstance(one, str) else rows(one.model_copy(update={"revision": revision}))[0]
        for one in some
    ]
    write(engine, told)


@pytest.mark.parametrize("filter", FILTERS)
@given(changes=st.lists(st.tuples(st.lists(changed(), max_size=4), st.booleans()), min_size=1, max_size=5))
@trying(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_was_kept_is_what_is_drawn_anew(
    settings: Settings, engine: Engine, clock: Clock, filter: str, changes: Changes
) -> None:
    opened = settings.model_copy(update={"gateway_rate": 10**6})
    paths = [f"{path}{'&' if '?' in path else '?'}{filter}".rstrip("?&") for path in PATHS]
    write(engine, [VisitRow(f"m{at}", None) for at in range(8)])
    with asking(create_app(opened, engine, Around(clock=clock))) as here:
        for revision, (some, looked) in enumerate(changes, 1):
            kept(engine, some, revision)
            if looked:
                assert [here.get(path).status_code for path in paths] == [200] * len(paths)
        age(engine, NOW)
        found = {path: shown(here, path) for path in paths}
    with asking(create_app(opened, engine, Around(clock=clock))) as anew:
        assert found == {path: shown(anew, path) for path in paths}


def shown(here: TestClient, path: str) -> str:
    """What is there, but for the place in the live stream from which a board listens."""
    return re.sub(r'data-place="[^"]*"', "", here.get(path).text)


def asking(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5))
