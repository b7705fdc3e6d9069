"""Who comes in, what each role may, and that tenants never see one another."""

import re
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import routers
from visitwire_gateway.auth.rate_limits import Limiter
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role
from visitwire_gateway.model.store_writer import write

from tests.unit.gateway.conftest import Sent
from tests.unit.gateway.samples import letter, rows

FREE = {"/livez", "/login", "/login/openid", "/login/openid/callback", "/hush/{token}", "/unsubscribe/{token}"} | {
    f"/feeds/{{word}}/visits.{kind}" for kind in ("ics", "atom")
}
"""What is open to all, or to whoever has a sealed link."""


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_every_route_without_a_key_answers_401_when_not_at_this_machine(app: FastAPI, away: TestClient) -> None:
    tried = 0
    for method, path in routes(app):
        if path not in FREE:
            tried += 1
            answer = away.request(method, path.replace("{key:path}", "x").replace("{key}", "x"))
            assert (method, path, answer.status_code) == (method, path, 401)
            assert answer.headers["content-type"] == "application/problem+json"
    assert tried > 40


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path, from the table of the routers themselves."""
    known = [route for router in routers() for route in router.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in known for method in sorted(route.methods)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "evil.example"}, 401),
        ({"x-forwarded-for": "203.0.113.7"}, 401),
        ({"authorization": "Bearer vw_wrong"}, 401),
    ],
    ids=["newcomer", "rebound name", "behind a proxy", "wrong key"],
)
def test_the_open_door_is_for_this_machine_only(here: TestClient, headers: dict[str, str], status: int) -> None:
    assert here.get("/api/v1/me", headers=headers).status_code == status


def test_another_sites_page_changes_nothing(here: TestClient) -> None:
    body = {"name": "sly", "role": "admin"}
    for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}):
        assert here.post("/api/v1/keys", json=body, headers=foreign).status_code == 403
    assert here.get("/api/v1/keys").json() == []


def test_roles(engine: Engine, app: FastAPI, away: TestClient, sent: Sent) -> None:
    write(engine, rows(letter()))
    people = app.state.gateway.access.people
    keys = {role: people.add_key("default", role.value, role)[1] for role in Role}

    def status(role: Role, method: str, path: str) -> int:
        return away.request(method, path, headers=bearer(keys[role])).status_code

    assert [status(role, "GET", "/api/v1/visits") for role in Role] == [200, 200, 200]
    assert [status(role, "POST", "/api/v1/dead-letters/d1/replay") for role in Role] == [403, 202, 202]
    assert [status(role, "GET", "/api/v1/users") for role in Role] == [403, 403, 200]
    assert [topic for topic, _ in sent.records] == ["wire-items-v1", "wire-items-v1"]
    assert sent.records[0][1].value == b"nothing"


def test_a_login_gives_a_session_whose_forms_need_its_word(app: FastAPI, away: TestClient) -> None:
    app.state.gateway.access.people.add_user("default", "Ada", "correct horse", Role.ADMIN)
    assert away.post("/login", data={"name": "Ada", "password": "wrong horse"}).status_code == 401
    entered = away.post("/login", data={"name": "Ada", "password": "correct horse", "back": "//evil.example"})
    assert (entered.status_code, entered.url.path) == (200, "/")
    assert away.get("/api/v1/me").json() == {"tenant": "default", "name": "Ada", "role": "admin"}
    form = {"name": "script", "role": "reader"}
    assert away.post("/access/keys", data=form).status_code == 403
    csrf = entered.text.partition('name="csrf" value="')[2].partition('"')[0]
    assert away.post("/access/keys", data={**form, "csrf": csrf}).status_code == 200
    assert away.post("/api/v1/keys", json=form, headers={"x-csrf": csrf}).status_code == 201
    done = [line["action"] for line in away.get("/api/v1/audit").json()]
    assert done == ["made an API key"] * 2 + ["logged in", "failed to log in"]
    away.post("/logout", data={"csrf": csrf})
    assert away.get("/api/v1/me").status_code == 401


HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/?to=IN&status=planned&q=two%20words", "/?to=IN&status=planned&q=two%20words"),
        ("/quotes?q=%C3%A9t%C3%A9%26co", "/quotes?q=%C3%A9t%C3%A9%26co"),
        ("/visits/a%3Fb", "/visits/a%3Fb"),
        ("/visits.ics?to=IN&key=vw_ended", "/visits.ics?to=IN"),
        ("/?q=" + "x" * 1900, "/?q=" + "x" * 1900),
        ("/?q=" + "x" * 2000, "/"),
        ("/?back=//evil.example", "/?back=//evil.example"),
        ("//evil.example/?q=1", "/"),
    ],
    ids=["filter", "signs", "path", "key", "long", "too long", "another host in it", "another host"],
)
def test_who_must_log_in_comes_back_to_what_they_asked_for(
    app: FastAPI, away: TestClient, asked: str, back: str
) -> None:
    app.state.gateway.access.people.add_user("default", "Ada", "correct horse", Role.READER)
    page = away.get(f"http://board.example{asked}", headers=HTML)
    assert page.status_code == 401
    sent = unescape(page.text.partition('name="back" value="')[2].partition('"')[0])
    form = {"name": "Ada", "password": "correct horse", "back": sent}
    entered = away.post("/login", data=form, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, back)


def test_a_form_that_came_too_late_leads_back_to_the_board(away: TestClient) -> None:
    assert 'name="back" value="/"' in away.post("/access/users", headers=HTML).text


def test_the_login_page_leads_nowhere_that_needs_a_login(away: TestClient) -> None:
    found = re.findall(r'(?:href|action)="(/[^"]*)"', away.get("/login", headers=HTML).text)
    assert "/login" in found
    assert [link for link in found if link != "/" and away.get(link).status_code == 401] == []


def test_no_password_and_no_key_lies_in_the_database(engine: Engine, app: FastAPI) -> None:
    people = app.state.gateway.access.people
    people.add_user("default", "Ada", "correct horse battery", Role.ADMIN)
    secret = people.add_key("default", "script", Role.READER)[1]
    with engine.connect() as connection:
        held = "\n".join(
            str(row) for table in ("users", "api_keys") for row in connection.exec_driver_sql(f"select * from {table}")
        )
    assert "correct horse battery" not in held
    assert secret not in held


def test_a_bucket_refills_evenly() -> None:
    now = 0.0
    limiter = Limiter(60, lambda: now)
    assert [limiter.wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]
    assert limiter.wait("b") == 0
    now = 1.0
    assert (limiter.wait("a"), limiter.wait("a")) == (0, 1.0)


class Tenants(RuleBasedStateMachine):
    """Two tenants add and remove users and keys; each always sees its own and nothing else."""

    things = Bundle("things")

    def __init__(self) -> None:
        super().__init__()
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        self.people = People(create_engine("sqlite://", poolclass=StaticPool))
        self.keys: dict[str, set[str]] = {"north": set(), "south": set()}
        self.lines: dict[str, int] = {"north": 0, "south": 0}

    @rule(target=things, tenant=st.sampled_from(["north", "south"]), role=st.sampled_from(Role))
    def add_key(self, tenant: str, role: Role) -> tuple[str, str, str]:
        key, secret = self.people.add_key(tenant, "k", role)
        self.keys[tenant].add(key)
        who = self.people.by_key(secret)
        assert who is not None
        assert (who.tenant, who.role) == (tenant, role)
        self.people.record(who, "made")
        self.lines[tenant] += 1
        return tenant, key, secret

    @rule(thing=things, tenant=st.sampled_from(["north", "south"]))
    def revoke(self, thing: tuple[str, str, str], tenant: str) -> None:
        owner, key, secret = thing
        done = self.people.revoke_key(tenant, key)
        assert done == (tenant == owner and key in self.keys[owner])
        if done:
            self.keys[owner].discard(key)
        assert (self.people.by_key(secret) is not None) == (key in self.keys[owner])

    @invariant()
    def each_sees_its_own(self) -> None:
        for tenant, keys in self.keys.items():
            assert {row.id for row in self.people.keys(tenant) if not row.revoked} == keys
            assert len(self.people.audit(tenant, 10_000)) == self.lines[tenant]


TestTenants = Tenants.TestCase
TestTenants.settings = hypothesis_settings(max_examples=30, stateful_step_count=20, deadline=None)
