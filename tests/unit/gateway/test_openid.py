"""Logging in by OpenID Connect against a real provider on loopback: who comes in, as what, and who does not."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import structlog
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import Around, gateway
from visitwire_gateway.doors import provider as providers
from visitwire_gateway.doors.guard import OPENID_RATE
from visitwire_gateway.doors.openid import Misconfigured
from visitwire_gateway.doors.people import Role
from visitwire_gateway.model.database import open_database
from visitwire_gateway.serve import serving
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid_provider import (
    CLIENT,
    SECOND,
    SECRET,
    Answer,
    OpenIdProvider,
    listening,
    make_key,
    signed_with_public_key,
    unsigned,
)
from tests.unit.gateway.samples import NOW

BOARD = "http://board.example"
GARBAGE: Answer = 200, {"content-type": "application/json"}, b"<html>"


@pytest.fixture(scope="module")
def keys() -> list[RSAKey]:
    return [make_key("first"), make_key("second")]


@pytest.fixture
def provider(keys: list[RSAKey]) -> Iterator[OpenIdProvider]:
    with listening(OpenIdProvider(keys[0])) as made:
        yield made


class Board:
    """A gateway whose people the provider vouches for, at a time that can pass, and browsers on it."""

    def __init__(self, settings: Settings, engine: Engine, provider: OpenIdProvider, **given: Any) -> None:
        self.provider, self.engine, self.now = provider, engine, NOW
        oidc = {"issuer": provider.address, "client_id": CLIENT, "client_secret": SECRET, "roles": {"desk": "editor"}}
        oidc = {f"gateway_oidc_{name}": value for name, value in (oidc | given).items()}
        self.settings = Settings(**settings.model_dump(include={"data_dir", "gateway_rate"}), gateway_url=BOARD, **oidc)
        self.app = gateway(self.settings, engine, Around(clock=lambda: self.now))
        self.people = self.app.state.desk.doors.people

    def browser(self) -> TestClient:
        return TestClient(self.app, base_url=BOARD, client=("203.0.113.7", 5), follow_redirects=False)

    def to_provider(self, browser: TestClient, back: str = "/") -> str:
        """The address at the provider that the login page's link leads to."""
        answer = browser.get("/login/openid", params={"back": back})
        assert answer.status_code == 303
        return str(answer.headers["location"])

    def from_provider(self, browser: TestClient, back: str = "/") -> str:
        """Where the provider sends the browser after the person said yes."""
        return self.provider.visit(self.to_provider(browser, back))

    def log_in(self, browser: TestClient, back: str = "/") -> httpx.Response:
        answer: Any = browser.get(self.from_provider(browser, back))
        return answer

    def refusal(self, status: int) -> str:
        """What a fresh login, which must fail, tells the person."""
        browser = self.browser()
        answer = self.log_in(browser)
        assert (answer.status_code, browser.get("/api/v1/me").status_code) == (status, 401)
        return str(answer.json()["detail"])

    def audit(self, tenant: str = "default") -> list[tuple[str, str, str]]:
        return [(line.who, line.action, line.what) for line in self.people.audit(tenant, 50)]


type Open = Callable[..., Board]


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """SQLite alone: what differs between databases is in `test_openid_identities`."""
    made = open_database(settings.gateway_database.get_secret_value())
    yield made
    made.dispose()


@pytest.fixture
def board(settings: Settings, engine: Engine, provider: OpenIdProvider) -> Board:
    return Board(settings, engine, provider)


@pytest.fixture
def open_board(settings: Settings, engine: Engine, provider: OpenIdProvider) -> Open:
    return lambda **given: Board(settings, engine, provider, **given)


def me(browser: TestClient) -> dict[str, str]:
    found: dict[str, str] = browser.get("/api/v1/me").json()
    return found


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
    board.app.state.desk = replace(
        board.app.state.desk,
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
    board.app.state.desk.doors.sign_on.provider._described = None
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


@pytest.mark.parametrize("wrong", ["state", "no state", "no cookie", "another's cookie", "replayed", "late"])
def test_a_login_ends_where_it_began_once_and_in_time(board: Board, wrong: str) -> None:
    browser = board.browser()
    callback = board.from_provider(browser)
    match wrong:
        case "state":
            callback = callback.replace("state=", "state=x")
        case "no state":
            callback = callback.partition("&state=")[0]
        case "no cookie":
            browser = board.browser()
        case "another's cookie":
            browser = board.browser()
            board.to_provider(browser)
        case "replayed":
            kept = dict(browser.cookies)
            assert browser.get(callback).status_code == 303
            browser = board.browser()
            browser.cookies.update({"visitwire-openid": kept["visitwire-openid"]})
        case "late":
            board.now += timedelta(minutes=10, seconds=1)
    answer = browser.get(callback)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("This login was not begun in this browser, was used already, or took")
    assert "visitwire-openid=" in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert browser.get("/api/v1/me").status_code == 401
    assert ("/token" in board.provider.asked) == (wrong == "replayed")


BAD_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "wrong nonce": ({"nonce": "another"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "wrong audience": ({"aud": "somebody-else"}, "aud"),
    "wrong audience, though authorised": ({"aud": "somebody-else", "azp": CLIENT}, "aud"),
    "several audiences, none authorised": ({"aud": [CLIENT, "somebody-else"]}, "azp"),
    "authorised party another": ({"azp": "somebody-else"}, "azp"),
    "wrong issuer": ({"iss": "https://evil.example"}, "iss"),
    "no issuer": ({"iss": None}, "iss"),
    "expired": ({"exp": int(SECOND) - 61}, "expired"),
    "expires never": ({"exp": None}, "exp"),
    "from tomorrow": ({"iat": int(SECOND) + 86_400}, "future"),
    "nobody": ({"sub": ""}, "sub"),
    "a number": ({"sub": 7}, "sub"),
    "for another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
}


@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_an_id_token_that_says_the_wrong_thing_is_not_believed(board: Board, case: str) -> None:
    board.provider.claims, said = BAD_CLAIMS[case]
    told = board.refusal(502)
    assert "is not to be believed" in told
    assert said in told
    assert board.people.users("default") == []


@pytest.mark.parametrize("case", ["alg none", "HS256 with the public key", "another's key", "cut", "garbage", "JWE"])
def test_an_id_token_that_the_provider_did_not_sign_is_not_believed(
    board: Board, keys: list[RSAKey], case: str
) -> None:
    def by_another(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": keys[0].kid}, claims, keys[1])

    board.provider.sign = {
        "alg none": unsigned,
        "HS256 with the public key": signed_with_public_key(keys[0]),
        "another's key": by_another,
        "cut": lambda claims: by_another(claims)[:-20],
        "garbage": lambda claims: "é.{}.\0",
        "JWE": lambda claims: "a.b.c.d.e",
    }[case]
    assert "is not to be believed" in board.refusal(502)


def test_a_token_of_an_unknown_key_is_refused_until_the_provider_publishes_it(board: Board, keys: list[RSAKey]) -> None:
    board.log_in(board.browser())
    board.provider.key, board.provider.published = keys[1], [keys[0]]
    assert "No key for kid: 'second'" in board.refusal(502)
    board.provider.published = None
    assert board.log_in(board.browser()).status_code == 303


def test_keys_changed_since_we_looked_are_fetched_anew_within_the_login(board: Board, keys: list[RSAKey]) -> None:
    board.log_in(board.browser())
    board.provider.key = keys[1]
    board.provider.asked.clear()
    assert board.log_in(board.browser()).status_code == 303
    assert board.provider.asked == ["/authorize", "/token", "/jwks"]


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/token", (500, {}, b""), "/token answered no JSON (HTTP 500)"),
        ("/token", (503, {}, b"{}"), "/token refused Visitwire: HTTP 503"),
        ("/token", (0, {}, b""), "/token does not answer"),
        ("/token", GARBAGE, "/token answered no JSON (HTTP 200)"),
        ("/token", (200, {}, b"[]"), "answered in a form that is none"),
        ("/token", (200, {}, b"{}"), "gave no ID token"),
        ("/token", (200, {}, b" " * 1_000_001), "answered more than 1,000,000 bytes"),
        ("/token", (302, {"location": "http://evil.example/"}, b"{}"), "refused Visitwire: HTTP 302"),
        ("/jwks", (500, {}, b"{}"), "/jwks answered HTTP 500"),
        ("/jwks", (200, {}, b'{"keys": []}'), "/jwks has no key to check signatures with"),
        ("/jwks", (200, {}, b'{"keys": [{"kty": "RSA"}, 7]}'), "/jwks has no key to check signatures with"),
    ],
)  # fmt: skip
def test_a_provider_that_breaks_is_said_plainly_and_heals(board: Board, path: str, answer: Answer, said: str) -> None:
    board.provider.broken[path] = answer
    assert said in board.refusal(502)
    board.provider.broken.clear()
    assert board.log_in(board.browser()).status_code == 303


@pytest.mark.parametrize(
    ("describes", "said"),
    [
        ({"issuer": "https://evil.example"}, "calls itself https://evil.example, and VISITWIRE_GATEWAY_OIDC_ISSUER"),
        ({"token_endpoint": "http://evil.example/token"}, "does not begin with https://"),
        ({"token_endpoint": None}, "does not describe an OpenID Connect provider: token_endpoint"),
        (
            {"jwks_uri": 7, "token_endpoint_auth_methods_supported": [None]},
            "provider: jwks_uri, token_endpoint_auth_meth",
        ),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, "signs in no way that proves anything"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_asked(
    board: Board, describes: dict[str, Any], said: str
) -> None:
    board.provider.describes = describes
    answer = board.browser().get("/login/openid", headers={"accept": "text/html"})
    assert answer.status_code == 502
    assert said in answer.text


def test_a_description_that_is_no_object(board: Board) -> None:
    board.provider.broken["/.well-known/openid-configuration"] = 200, {}, b"[]"
    assert "OpenID Connect provider: it is no object." in board.browser().get("/login/openid").json()["detail"]


def test_a_provider_that_is_away_or_too_slow(
    settings: Settings, engine: Engine, keys: list[RSAKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(OpenIdProvider(keys[0])) as gone:
        board = Board(settings, engine, gone)
    browser = board.browser()
    answer = browser.get("/login/openid")
    assert answer.status_code == 502
    assert answer.json()["detail"].startswith(
        f"Logging in with single sign-on does not work just now. {gone.address}/.well-known/"
    )
    monkeypatch.setattr(providers, "PATIENCE", 0.0)
    with listening(OpenIdProvider(keys[0])) as slow:
        assert Board(settings, engine, slow).browser().get("/login/openid").status_code == 502


@pytest.mark.parametrize(
    ("callback", "status", "said"),
    [
        (
            {"code": "", "error": "access_denied", "error_description": "<b>no</b>"},
            403,
            "not let in by single sign-on: access_denied",
        ),
        ({"code": "", "error": "temporarily_unavailable"}, 403, "temporarily_unavailable"),
        ({"code": ""}, 502, "neither a code nor an error"),
        ({"iss": "https://evil.example"}, 502, "The answer is from https://evil.example"),
        ({"code": "somebody-else's"}, 400, "used already or took too long"),
    ],
)
def test_what_comes_back_instead_of_a_good_code(board: Board, callback: dict[str, str], status: int, said: str) -> None:
    board.provider.callback = callback
    assert said in board.refusal(status)


def test_a_provider_that_names_itself_in_every_answer_must_do_so(board: Board) -> None:
    board.provider.describes = {"authorization_response_iss_parameter_supported": True}
    assert "The answer is from nobody" in board.refusal(502)
    board.provider.callback = {"iss": board.provider.address}
    assert board.log_in(board.browser()).status_code == 303


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
    board.app.state.desk.doors.sign_on_limiter._clock = lambda: 0.0
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
        assert secret not in logged + held + repr(board.app.state.desk.doors)


WHOLE = {"issuer": "https://id.example", "client_id": "v", "roles": {"desk": "editor"}}


@pytest.mark.parametrize(
    ("given", "url", "said"),
    [
        ({"issuer": "https://id.example"}, BOARD, "_ISSUER needs VISITWIRE_GATEWAY_OIDC_CLIENT_ID too"),
        ({"client_id": "v"}, BOARD, "_CLIENT_ID needs VISITWIRE_GATEWAY_OIDC_ISSUER too"),
        ({"roles": {"desk": "editor"}}, BOARD, "_ROLES needs VISITWIRE_GATEWAY_OIDC_ISSUER too"),
        (WHOLE, None, "needs VISITWIRE_GATEWAY_URL too"),
        (WHOLE, "visits.example.org", "it must be like https://visits.example.org"),
        (WHOLE | {"issuer": "http://id.example"}, BOARD, "it must begin with https://"),
        (WHOLE | {"scopes": "profile"}, BOARD, "must have the scope openid"),
        (WHOLE | {"roles": {}}, BOARD, "nobody could log in by OpenID Connect"),
    ],
)
def test_half_a_configuration_stops_the_start_and_says_what_is_missing(
    settings: Settings, given: dict[str, Any], url: str | None, said: str
) -> None:
    oidc: dict[str, Any] = {f"gateway_oidc_{name}": value for name, value in given.items()}
    half = Settings(data_dir=settings.data_dir, gateway_port=0, gateway_url=url, **oidc)
    with pytest.raises(Misconfigured, match=said), serving(half):
        pass


def test_without_a_provider_there_is_no_such_login(away: TestClient) -> None:
    assert away.get("/login/openid").status_code == 404
    assert away.get("/login/openid/callback").status_code == 404
    assert "openid" not in away.get("/login", headers={"accept": "text/html"}).text
