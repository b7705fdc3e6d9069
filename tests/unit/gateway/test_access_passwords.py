"""Wrong passwords: how many, from where and by whom they are known, also behind proxies."""

from collections.abc import Callable
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.auth import users as people_module
from visitwire_gateway.auth.oidc_settings import Misconfigured
from visitwire_gateway.auth.password_attempts import A_MINUTE, AN_HOUR, Passwords, network
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import open_database
from visitwire_runtime.settings import Settings

from tests.unit.gateway.samples import NOW

RIGHT, WRONG = "correct horse", "wrong horse"
type Open = Callable[..., FastAPI]


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return open_database(settings.gateway_database.get_secret_value())


@pytest.fixture
def open_board(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A board with a user Ada, and hashes that cost nothing."""
    monkeypatch.setattr(people_module, "PasswordHasher", lambda: PasswordHasher(1, 64, 1))

    def made(**given: Any) -> FastAPI:
        app = create_app(settings.model_copy(update=given), engine, Around(clock=lambda: NOW))
        app.state.gateway.access.people.add_user("default", "Ada", RIGHT, Role.ADMIN)
        return app

    return made


def log_in(app: FastAPI, name: str, password: str, address: str = "203.0.113.7", **headers: str) -> int:
    client = TestClient(app, base_url="http://board.example", client=(address, 5), follow_redirects=False)
    spoken = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/login", data={"name": name, "password": password}, headers=spoken).status_code


class Tries:
    """Somebody's tries, at a time that can pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passwords = Passwords(lambda: self.now)

    def let(self, address: str, name: str) -> bool:
        return self.passwords.wait(address, name) == 0


def test_an_address_has_ten_wrong_passwords_a_minute_and_as_many_right_ones_as_it_likes() -> None:
    tries = Tries()
    for number in range(3 * A_MINUTE):
        assert tries.let("a", f"colleague {number}")
        tries.passwords.right("a", f"colleague {number}")
    assert [tries.let("a", f"name {number}") for number in range(A_MINUTE + 1)] == [True] * A_MINUTE + [False]
    assert tries.let("b", "name 0")
    tries.now = 60 / A_MINUTE
    assert [tries.let("a", "name") for _ in range(2)] == [True, False]


def test_an_account_has_thirty_wrong_passwords_an_hour_from_wherever() -> None:
    tries = Tries()
    assert [tries.let(f"bot {number}", "Ada") for number in range(AN_HOUR + 1)] == [True] * AN_HOUR + [False]
    assert tries.let("bot 0", "Eve")
    tries.now = 3600 / AN_HOUR
    assert [tries.let("fresh", "Ada") for _ in range(2)] == [True, False]


def test_who_came_in_before_is_kept_out_by_nobody_else() -> None:
    tries = Tries()
    for address in ("home", "office"):
        assert tries.let(address, "Ada")
        tries.passwords.right(address, "Ada")
    while tries.let("office", "guessed"):
        pass
    for number in range(AN_HOUR):
        tries.let(f"bot {number}", "Ada")
    assert not tries.let("fresh", "Ada")
    assert not tries.let("office", "Bo")
    for address in ("home", "office"):
        assert [tries.let(address, "Ada") for _ in range(A_MINUTE + 1)] == [True] * A_MINUTE + [False]


def test_one_address_alone_does_not_use_up_an_account() -> None:
    tries = Tries()
    for _ in range(10 * AN_HOUR):
        tries.let("a", "Ada")
    assert tries.let("b", "Ada")


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_ipv6_is_one_of_as_many_as_its_owner_likes(address: str, whole: str) -> None:
    assert network(address) == whole


def test_a_wrong_password_is_told_to_operator_and_tenant_and_the_name_as_typed_to_nobody(open_board: Open) -> None:
    app = open_board()
    with structlog.testing.capture_logs() as said:
        assert log_in(app, "Ada", WRONG) == 401
        assert log_in(app, "my secret password", "x") == 401
        assert log_in(app, "Ada", RIGHT) == 303
    assert said == [{"event": "a login failed", "address": "203.0.113.7", "log_level": "warning"}] * 2
    lines = [(line.who, line.action, line.what) for line in app.state.gateway.access.people.audit("default", 9)]
    assert lines == [("Ada", "logged in", ""), ("Ada", "failed to log in", "from 203.0.113.7")]


def test_after_too_many_even_the_right_password_waits(open_board: Open) -> None:
    app = open_board()
    assert [log_in(app, "Bo", WRONG) for _ in range(A_MINUTE)] == [401] * A_MINUTE
    client = TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5))
    html = {"accept": "text/html"}
    answer = client.post("/login", data={"name": "Ada", "password": RIGHT}, headers=html)
    assert (answer.status_code, "Too many wrong passwords" in answer.text) == (429, True)
    assert 0 < int(answer.headers["retry-after"]) <= 7
    assert log_in(app, "Ada", RIGHT, "203.0.113.8") == 303


def test_an_open_browser_is_no_place_to_guess_the_password(open_board: Open) -> None:
    app = open_board()
    client = TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5))
    page = client.post("/login", data={"name": "Ada", "password": RIGHT}).text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": csrf, "old": WRONG, "new": "battery staple", "again": "battery staple"}
    for _ in range(A_MINUTE):
        assert "the old password is wrong" in client.post("/password", data=form).text
    assert "too many wrong passwords" in client.post("/password", data={**form, "old": RIGHT}).text
    failed = [
        line.what for line in app.state.gateway.access.people.audit("default", 50) if line.action.startswith("failed")
    ]
    assert failed == ["from 203.0.113.7"] * A_MINUTE


PROXY = "10.0.0.7"


def seen(app: FastAPI, peer: str, **headers: str) -> str:
    """The address that a failed login is said to be from."""
    with structlog.testing.capture_logs() as said:
        log_in(app, "Ada", WRONG, peer, **headers)
    return str(said[-1]["address"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (PROXY, "203.0.113.7", "203.0.113.7"),
        (PROXY, "127.0.0.1, 198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (PROXY, "198.51.100.1, 203.0.113.7, 10.1.0.9", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "127.0.0.1"),
    ],
    ids=["proxy", "what a client claims", "two proxies", "no proxy", "a proxy here that is not named"],
)
def test_the_rightmost_hop_that_is_no_trusted_proxy_counts(
    open_board: Open, peer: str, forwarded: str, address: str
) -> None:
    app = open_board(gateway_trusted_proxies=f"{PROXY}, 10.1.0.0/24")
    assert seen(app, peer, x_forwarded_for=forwarded) == address


def test_no_proxy_is_believed_unless_named(open_board: Open) -> None:
    assert seen(open_board(), "127.0.0.1", x_forwarded_for="203.0.113.7") == "127.0.0.1"


@pytest.mark.parametrize("forwarded", ["127.0.0.1", "::1", "203.0.113.7, 127.0.0.1", "", "localhost"])
@pytest.mark.parametrize("peer", ["127.0.0.1", PROXY])
def test_nobody_claims_to_sit_at_this_machine(open_board: Open, peer: str, forwarded: str) -> None:
    app = open_board(gateway_trusted_proxies=f"127.0.0.1,::1,{PROXY}")
    asked = TestClient(app, base_url="http://localhost", client=(peer, 5))
    assert asked.get("/api/v1/me", headers={"x-forwarded-for": forwarded}).status_code == 401
    assert TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5)).get("/api/v1/me").status_code == 200


def test_a_trusted_proxy_says_that_the_browser_speaks_https(open_board: Open) -> None:
    app = open_board(gateway_trusted_proxies=PROXY)
    for peer, secure in ((PROXY, True), ("203.0.113.7", False)):
        client = TestClient(app, base_url="http://board.example", client=(peer, 5), follow_redirects=False)
        spoken = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
        answer = client.post("/login", data={"name": "Ada", "password": RIGHT}, headers=spoken)
        assert ("Secure" in answer.headers["set-cookie"]) is secure


@pytest.mark.parametrize("given", ["*", "proxy.example", "10.0.0.7/33", "0.0.0.0/0", "::/0"])
def test_a_proxy_is_named_by_its_address(open_board: Open, given: str) -> None:
    with pytest.raises(Misconfigured, match="VISITWIRE_GATEWAY_TRUSTED_PROXIES"):
        open_board(gateway_trusted_proxies=given)
