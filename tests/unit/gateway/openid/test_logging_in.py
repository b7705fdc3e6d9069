"""Logging in by OpenID Connect against a real provider on loopback: who comes in, as what, and where to."""

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from visitwire_gateway.auth.access import OPENID_RATE
from visitwire_gateway.auth.who import Role
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid.boards import BOARD, Board, Open, me
from tests.unit.gateway.openid_provider import (
    CLIENT,
    SECRET,
    OpenIdProvider,
)


def test_who_the_provider_knows_comes_in_as_what_their_group_says(board: Board) -> None:
    browser = board.browser()
    page = browser.get("/map?past=true", headers={"accept": "text/html"})
    assert 'href="/login/openid?back=/map%3Fpast%3Dtrue"' in page.text
    answer = board.log_in(browser, "/map?past=true")
    assert (answer.status_code, answer.headers["location"]) == (303, "/map?past=true")
    assert me(browser) == {"tenant": "default", "name": "ada", "role": "editor"}
    assert board.audit() == [("ada", "logged in", "by OpenID Connect")]
    again = board.browser()
    board.log_in(again)
    assert me(again) == me(browser)
    assert [(user.name, user.issuer) for user in board.people.users("default")] == [("ada", board.provider.address)]


def test_what_the_browser_carries_to_the_provider_and_keeps(board: Board) -> None:
    browser = board.browser()
    answer = browser.get("/login/openid")
    cookie = answer.headers["set-cookie"]
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    words = "client_id code_challenge code_challenge_method nonce redirect_uri response_type scope state"
    assert sorted(query) == words.split()
    assert (query["redirect_uri"], query["scope"]) == ([f"{BOARD}/login/openid/callback"], ["openid profile email"])
    for word in ("HttpOnly", "Max-Age=600", "Path=/login/openid", "SameSite=lax"):
        assert word in cookie
    assert "Secure" not in cookie
    assert not any(query[name][0] in cookie for name in ("state", "nonce", "code_challenge"))


def test_behind_a_proxy_that_speaks_https_the_cookies_are_secure(open_board: Open) -> None:
    board = open_board()
    board.app.state.gateway = replace(
        board.app.state.gateway,
        settings=board.settings.model_copy(update={"gateway_url": "https://board.example"}),
    )
    browser = board.browser()
    begun = browser.get("/login/openid")
    assert "Secure" in begun.headers["set-cookie"]
    word = begun.headers["set-cookie"].partition("=")[2].partition(";")[0]
    callback = board.provider.visit(begun.headers["location"])
    answer = browser.get(callback, headers={"cookie": f"visitwire-openid={word}"})
    assert [line.partition("=")[0] for line in answer.headers.get_list("set-cookie") if "Secure" in line] == [
        "visitwire"
    ]


def test_a_public_client_has_no_secret(open_board: Open, provider: OpenIdProvider) -> None:
    provider.secret = None
    assert open_board(client_secret=None).log_in(open_board(client_secret=None).browser()).status_code == 303


def test_a_provider_that_takes_the_secret_only_in_the_form(board: Board) -> None:
    board.provider.describes = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert board.log_in(board.browser()).status_code == 303
    board.provider.describes = {"token_endpoint_auth_methods_supported": ["private_key_jwt"]}
    board.app.state.gateway.sign_on.provider._described = None
    assert "takes no client secret, only private_key_jwt" in board.refusal(502)


def test_a_wrong_secret_is_said_plainly_but_not_shown(open_board: Open) -> None:
    told = open_board(client_secret="old secret").refusal(502)
    assert "refused Visitwire: invalid_client (wrong secret)." in told
    assert "old secret" not in told


def test_two_gateways_share_a_login(settings: Settings, board: Board) -> None:
    other, browser = Board(settings, board.engine, board.provider), board.browser()
    callback = board.from_provider(browser)
    elsewhere = other.browser()
    elsewhere.cookies = browser.cookies
    assert elsewhere.get(callback).status_code == 303
    assert me(elsewhere)["name"] == "ada"


def test_a_name_somebody_has_already_is_told_apart_and_their_account_stays_theirs(board: Board) -> None:
    board.people.add_user("north", "ada", "correct horse", Role.ADMIN)
    browser = board.browser()
    board.log_in(browser)
    assert me(browser) == {"tenant": "default", "name": "ada (2)", "role": "editor"}
    board.provider.person = board.provider.person | {"sub": "u-2"}
    third = board.browser()
    board.log_in(third)
    assert me(third)["name"] == "ada (3)"
    assert [(user.name, user.role, user.issuer) for user in board.people.users("north")] == [("ada", "admin", None)]


def test_the_role_is_taken_anew_and_who_has_none_any_more_is_out_everywhere(open_board: Open) -> None:
    board = open_board(roles={"desk": "editor", "chiefs": "admin"})
    board.provider.person["groups"] = ["desk", "chiefs", "choir"]
    first, second = board.browser(), board.browser()
    board.log_in(first)
    assert me(first)["role"] == "admin"
    board.provider.person["groups"] = ["desk"]
    board.log_in(second)
    assert (me(first)["role"], me(second)["role"]) == ("editor", "editor")
    board.provider.person["groups"] = ["choir"]
    assert "may not come in: nothing in the claim groups gives a role." in board.refusal(403)
    assert [one.get("/api/v1/me").status_code for one in (first, second)] == [401, 401]
    assert board.audit()[0] == ("ada", "was refused", "by OpenID Connect: nothing in the claim groups gives a role")


def test_a_claim_that_is_not_in_the_id_token_is_asked_for(board: Board) -> None:
    board.provider.person["groups"] = None
    board.provider.told = {"groups": ["desk"], "preferred_username": "not this one"}
    browser = board.browser()
    board.log_in(browser)
    assert me(browser) == {"tenant": "default", "name": "ada", "role": "editor"}
    board.provider.told |= {"sub": "u-2"}
    assert "told of somebody else" in board.refusal(502)


def test_the_provider_may_say_whose_each_is_and_tenants_stay_apart(open_board: Open) -> None:
    board = open_board(tenant_claim="desk", roles={"desk": "admin"})
    north, south = board.browser(), board.browser()
    board.provider.person |= {"desk": "north"}
    board.log_in(north)
    board.provider.person |= {"desk": ["south"], "sub": "u-2", "preferred_username": "bo"}
    board.log_in(south)
    assert [me(north)["tenant"], me(south)["tenant"]] == ["north", "south"]
    assert [[user["name"] for user in one.get("/api/v1/users").json()] for one in (north, south)] == [["ada"], ["bo"]]
    board.provider.person |= {"desk": "north"}
    board.log_in(south)
    assert [user["name"] for user in south.get("/api/v1/users").json()] == ["ada", "bo"]
    board.provider.person |= {"desk": None}
    assert "does not name one tenant" in board.refusal(403)


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""],
)
def test_the_way_back_never_leads_to_another_site(board: Board, back: str) -> None:
    assert board.log_in(board.browser(), back).headers["location"] == "/"


def test_a_login_gives_a_new_session_and_ends_the_one_before(board: Board) -> None:
    browser = board.browser()
    board.log_in(browser)
    before = str(browser.cookies["visitwire"])
    board.log_in(browser)
    assert browser.cookies["visitwire"] != before
    stolen = board.browser()
    stolen.cookies.update({"visitwire": before})
    assert stolen.get("/api/v1/me").status_code == 401


def test_a_removed_user_is_out_at_once_and_comes_in_anew_as_the_provider_says(open_board: Open) -> None:
    board = open_board(roles={"desk": "admin"})
    browser = board.browser()
    board.log_in(browser)
    [user] = board.people.users("default")
    assert board.provider.address in browser.get("/access").text
    board.people.remove_user("default", user.id)
    assert browser.get("/api/v1/me").status_code == 401
    board.provider.person["preferred_username"] = "ada l"
    board.log_in(browser)
    assert [(new.name, new.id != user.id) for new in board.people.users("default")] == [("ada l", True)]


def test_after_logging_out_the_way_out_of_the_provider_is_shown(board: Board) -> None:
    browser = board.browser()
    board.log_in(browser)
    csrf = browser.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = browser.post("/logout", data={"csrf": csrf})
    assert answer.headers["location"] == "/login?out=true"
    page = browser.get("/login?out=true", headers={"accept": "text/html"})
    assert f'href="{board.provider.address}/logout?client_id={CLIENT}"' in page.text
    assert browser.get("/api/v1/me").status_code == 401


def test_who_has_a_password_is_not_led_to_the_provider_when_logging_out(board: Board) -> None:
    board.people.add_user("default", "Bo", "correct horse", Role.READER)
    browser = board.browser()
    browser.post("/login", data={"name": "Bo", "password": "correct horse"})
    csrf = browser.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]
    assert browser.post("/logout", data={"csrf": csrf}).headers["location"] == "/"


def test_an_address_takes_so_many_steps_a_minute(board: Board) -> None:
    board.app.state.gateway.access.sign_on_limiter._clock = lambda: 0.0
    browser = board.browser()
    answers = [browser.get("/login/openid/callback").status_code for _ in range(OPENID_RATE + 1)]
    assert answers == [400] * OPENID_RATE + [429]
    assert browser.get("/login/openid").status_code == 429
    assert browser.get("/login").status_code == 200


def test_no_secret_and_no_token_is_logged_or_kept(
    board: Board, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.reset_defaults()
    caplog.set_level(logging.DEBUG)
    board.log_in(board.browser())
    board.provider.claims = {"nonce": "another"}
    board.refusal(502)
    with board.engine.connect() as connection:
        tables = ("users", "identities", "sessions", "audit", "openid_logins")
        held = "".join(str(connection.exec_driver_sql(f"select * from {table}").all()) for table in tables)
    logged = "".join(capsys.readouterr())
    logged += "\n".join(line.getMessage() for line in caplog.records if line.name != "httpx2")  # the browser's own
    assert "login by OpenID Connect failed" in logged
    assert len(board.provider.tokens) == 6
    for secret in (SECRET, *board.provider.tokens):
        gateway = board.app.state.gateway
        assert secret not in logged + held + repr(gateway.access) + repr(gateway.sign_on)
