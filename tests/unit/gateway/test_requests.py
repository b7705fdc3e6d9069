"""Every request is counted and timed once, under its route's template and never under what somebody asked for."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient


def counted(app: FastAPI) -> dict[tuple[str, str, str], float]:
    """By method, route and status."""
    [family] = app.state.request_seconds.collect()
    return {
        (each.labels["method"], each.labels["route"], each.labels["status"]): each.value
        for each in family.samples
        if each.name.endswith("_count")
    }


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/livez", ("GET", "/livez", "200")),
        ("HEAD", "/livez", ("HEAD", "/livez", "200")),
        ("GET", "/api/v1/visits/nobody-knows-this", ("GET", "/api/v1/visits/{key}", "404")),
        ("GET", "/no/such/page", ("GET", "none", "404")),
        ("GET", "/static/no-such-file", ("GET", "/static/{path}", "404")),
        ("BREW", "/livez", ("other", "/livez", "405")),
    ],
)
def test_a_request_is_counted_by_its_route(
    here: TestClient, app: FastAPI, method: str, path: str, key: tuple[str, str, str]
) -> None:
    here.request(method, path)
    assert counted(app) == {key: 1}


def test_who_is_turned_away_at_the_door_is_counted_too(here: TestClient, app: FastAPI) -> None:
    here.get("/api/v1/visits", headers={"authorization": "Bearer vw_nobody"})
    assert counted(app) == {("GET", "none", "401"): 1}
