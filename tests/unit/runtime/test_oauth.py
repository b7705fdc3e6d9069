"""Tokens for the broker: fetched once, renewed before they end, and a failure is a line without a secret."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from aiokafka.errors import KafkaConnectionError as NotForWorkers  # type: ignore[import-untyped]
from kafka.errors import KafkaConnectionError  # type: ignore[import-untyped]
from pydantic import SecretStr
from visitwire_runtime.broker_connection import tokens
from visitwire_runtime.oauth import NoToken, Provider, Tokens, WorkersProvider
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart

URL = "https://login.example/token"
type Answer = Callable[[], httpx.Response]


class Endpoint:
    """Answers with a new token each time, or as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Answer = self._token
        self.now = 0.0
        monkeypatch.setattr(httpx, "post", self._post)

    def _post(self, url: str, **how: Any) -> httpx.Response:
        self.asked.append({"url": url, **how})
        answer = self.answer()
        answer.request = httpx.Request("POST", url)
        return answer

    def _token(self) -> httpx.Response:
        return httpx.Response(200, json={"access_token": f"token {len(self.asked)}", "expires_in": 100})

    def tokens(self, scope: str | None = None) -> Tokens:
        return Tokens(URL, "desk", "hidden", scope, lambda: self.now)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    return Endpoint(monkeypatch)


def refuse() -> httpx.Response:
    return httpx.Response(401, json={"error": "invalid_client", "error_description": "hidden"})


def away() -> httpx.Response:
    raise httpx.ConnectError("Connection refused")


def test_one_token_serves_until_it_is_near_its_end(endpoint: Endpoint) -> None:
    found = endpoint.tokens("kafka read")
    told = []
    for endpoint.now in (0, 79, 80, 159, 160):
        told.append(found.token())
    assert told == ["token 1", "token 1", "token 2", "token 2", "token 3"]
    assert endpoint.asked[0]["data"] == {"grant_type": "client_credentials", "scope": "kafka read"}
    assert (endpoint.asked[0]["url"], endpoint.asked[0]["auth"]) == (URL, ("desk", "hidden"))


def test_no_scope_is_asked_for_unless_given(endpoint: Endpoint) -> None:
    endpoint.tokens().token()
    assert endpoint.asked[0]["data"] == {"grant_type": "client_credentials"}


def test_while_the_old_one_is_good_a_failure_is_none(endpoint: Endpoint) -> None:
    found = endpoint.tokens()
    found.token()
    endpoint.answer, endpoint.now = away, 99
    assert found.token() == "token 1"
    endpoint.now = 100
    with pytest.raises(NoToken, match=f"^{URL} does not answer \\(Connection refused\\)$"):
        found.token()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refuse, "refuses 'desk': invalid_client (VISITWIRE_BROKER_PASSWORD)"),
        (lambda: httpx.Response(403, text="no"), "refuses 'desk': 403 (VISITWIRE_BROKER_PASSWORD)"),
        (lambda: httpx.Response(500, text="hidden"), "answers 500 and gives no token"),
        (lambda: httpx.Response(200, text="<html>"), "answers 200 and gives no token"),
        (lambda: httpx.Response(200, json=["token"]), "answers 200 and gives no token"),
        (lambda: httpx.Response(200, json={"access_token": "a", "expires_in": "soon"}), "gives no token"),
    ],
)
def test_what_is_wrong_is_a_line_for_both_clients(endpoint: Endpoint, answer: Answer, words: str) -> None:
    endpoint.answer = answer
    with pytest.raises(KafkaConnectionError) as told:
        Provider(endpoint.tokens()).token()
    with pytest.raises(NotForWorkers) as told_workers:
        asyncio.run(WorkersProvider(endpoint.tokens()).token())
    for each in (str(told.value), str(told_workers.value)):
        assert words in each
        assert "\n" not in each
        assert "hidden" not in each


def test_every_connection_of_a_process_shares_one(endpoint: Endpoint) -> None:
    settings = Settings(broker_username="desk", broker_password=SecretStr("hidden"), broker_token_url=URL)
    assert tokens(settings) is tokens(settings.model_copy())
    assert tokens(settings) is not tokens(settings.model_copy(update={"broker_token_scope": "kafka"}))


@pytest.mark.parametrize("missing", ["broker_username", "broker_password", "broker_token_url"])
def test_what_is_not_set_is_told(missing: str) -> None:
    given = {"broker_username": "desk", "broker_password": SecretStr("hidden"), "broker_token_url": URL}
    with pytest.raises(CannotStart, match="OAUTHBEARER: set VISITWIRE_BROKER_TOKEN_URL"):
        tokens(Settings.model_validate(given | {missing: None}))
