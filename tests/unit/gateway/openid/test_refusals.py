"""What a browser or a provider says wrongly, and who does not come in for that."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import Engine
from visitwire_gateway.auth import oidc_provider as providers
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid.boards import Board
from tests.unit.gateway.openid_provider import (
    CLIENT,
    SECOND,
    Answer,
    OpenIdProvider,
    listening,
    signed_with_public_key,
    unsigned,
)

GARBAGE: Answer = 200, {"content-type": "application/json"}, b"<html>"


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
        ("/token", (200, {}, b"[]"), "returned a malformed response"),
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
    assert "OpenID Connect provider: it is not an object." in board.browser().get("/login/openid").json()["detail"]


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
