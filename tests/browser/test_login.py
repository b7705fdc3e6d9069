"""A real browser logs in by OpenID Connect at another site, and out again."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from visitwire_gateway.app import Around, gateway
from visitwire_gateway.model.database import open_database
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.conftest import AXE
from tests.unit.gateway import openid_provider
from tests.unit.gateway.openid_provider import CLIENT, SECRET, OpenIdProvider, make_key
from tests.unit.gateway.samples import NOW


@dataclass
class Login:
    page: Page
    provider: OpenIdProvider
    address: str
    said: list[str]
    """Errors on the console."""


@pytest.fixture
def login(tmp_path: Path) -> Iterator[Login]:
    """A board at 127.0.0.1, and a provider at localhost, which to a browser is another site."""
    with openid_provider.listening(OpenIdProvider(make_key("first"))) as provider:
        provider.address = provider.address.replace("127.0.0.1", "localhost")
        port = _free_port()
        settings = Settings(
            data_dir=tmp_path,
            gateway_port=port,
            gateway_url=f"http://127.0.0.1:{port}",
            gateway_doors="closed",
            gateway_oidc_issuer=provider.address,
            gateway_oidc_client_id=CLIENT,
            gateway_oidc_client_secret=SECRET,  # type: ignore[arg-type]
            gateway_oidc_name="Example House",
            gateway_oidc_roles={"desk": "admin"},
        )
        engine = open_database(settings.gateway_database.get_secret_value())
        app = gateway(settings, engine, Around(clock=lambda: NOW))
        with listening(app, settings) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            made = Login(browser.new_page(), provider, address, [])
            made.page.on("console", lambda said: made.said.append(said.text) if said.type == "error" else None)
            made.page.on("pageerror", lambda error: made.said.append(str(error)))
            yield made
            browser.close()
        engine.dispose()


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def test_in_by_the_provider_and_out_again(login: Login) -> None:
    page = login.page
    page.goto(f"{login.address}/login")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.click("text=Log in with Example House")
    expect(page).to_have_url(f"{login.address}/")
    expect(page.locator("header")).to_contain_text("Log out ada")
    page.goto(f"{login.address}/access")
    expect(page.locator("#main")).to_contain_text(f"by {login.provider.address}")
    page.click("text=Log out ada")
    expect(page).to_have_url(f"{login.address}/login?out=true")
    expect(page.locator("header")).not_to_contain_text("ada")
    page.click("text=log out there too")
    expect(page).to_have_title("Bye")
    assert login.said == []


def test_who_opens_a_page_without_a_login_comes_back_to_it(login: Login) -> None:
    page = login.page
    page.goto(f"{login.address}/quotes")
    page.click("text=Log in with Example House")
    expect(page).to_have_url(f"{login.address}/quotes")
    expect(page.locator("header")).to_contain_text("Log out ada")
    assert [said for said in login.said if "status of 401" not in said] == []


def test_who_may_not_come_in_is_told_why(login: Login) -> None:
    login.provider.person["groups"] = ["choir"]
    page = login.page
    page.goto(f"{login.address}/login")
    page.click("text=Log in with Example House")
    expect(page.locator("h1")).to_have_text("Forbidden")
    expect(page.locator("#main")).to_contain_text(
        "You are known to Example House, but may not come in: nothing in the claim groups gives a role."
    )
    assert [cookie["name"] for cookie in page.context.cookies()] == []
