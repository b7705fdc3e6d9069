"""A gateway that a provider vouches for, with browsers on it, for the tests of logging in."""

from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid_provider import (
    CLIENT,
    SECRET,
    OpenIdProvider,
)
from tests.unit.gateway.samples import NOW

BOARD = "http://board.example"


class Board:
    """A gateway whose people the provider vouches for, at a time that can pass, and browsers on it."""

    def __init__(self, settings: Settings, engine: Engine, provider: OpenIdProvider, **given: Any) -> None:
        self.provider, self.engine, self.now = provider, engine, NOW
        oidc = {"issuer": provider.address, "client_id": CLIENT, "client_secret": SECRET, "roles": {"desk": "editor"}}
        oidc = {f"gateway_oidc_{name}": value for name, value in (oidc | given).items()}
        self.settings = Settings(**settings.model_dump(include={"data_dir", "gateway_rate"}), gateway_url=BOARD, **oidc)
        self.app = create_app(self.settings, engine, Around(clock=lambda: self.now))
        self.people = self.app.state.gateway.access.people

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


def me(browser: TestClient) -> dict[str, str]:
    found: dict[str, str] = browser.get("/api/v1/me").json()
    return found
