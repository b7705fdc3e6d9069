"""A real browser logs in by OpenID Connect at another site, and out again."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from visitwire_gateway import live
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
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
    people: People
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
        app = create_app(settings, engine, Around(clock=lambda: NOW))
        with listening(app, settings) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            made = Login(browser.new_page(), provider, address, app.state.gateway.access.people, [])
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
    page.goto(f"{login.address}/quotes?q=two+words&since=2026-03-01")
    page.click("text=Log in with Example House")
    expect(page).to_have_url(f"{login.address}/quotes?q=two+words&since=2026-03-01")
    expect(page.locator("header")).to_contain_text("Log out ada")
    assert [said for said in login.said if "status of 401" not in said] == []


def test_a_board_whose_login_is_over_leads_to_the_login(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.5)
    page = login.page
    page.goto(f"{login.address}/?to=IN")
    page.click("text=Log in with Example House")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    [user] = login.people.users("default")
    login.people.add_user("default", "Bo", "correct horse", Role.ADMIN)  # somebody stays who is one
    login.people.remove_user("default", user.id)
    expect(page).to_have_url(f"{login.address}/login?back=%2F%3Fto%3DIN", timeout=20_000)
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
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"zone"}  # the reader's time zone opens no door


def test_passwords_and_roles_are_changed_on_a_telephone_too(login: Login) -> None:
    login.people.add_user("default", "Ada", "correct horse", Role.ADMIN)
    login.people.add_user("default", "Bo", "correct horse", Role.READER)
    page = login.page
    page.set_viewport_size({"width": 360, "height": 700})

    def log_in(password: str) -> None:
        page.fill("[name=name]", "Ada")
        page.fill("[name=password]", password)
        page.click("main button")

    page.goto(f"{login.address}/login")
    log_in("correct horse")
    page.goto(f"{login.address}/access")
    row = page.locator("tr", has_text="Bo")
    row.locator("summary").click()
    row.get_by_label("Role of Bo").select_option("editor")
    row.get_by_text("Change the role").click()
    expect(row.locator("td").first).to_have_text("editor")
    page.click("text=Your password")
    page.get_by_label("Old password").fill("correct horse")
    for name in ("New password, at least 10 characters", "Repeat the new password"):
        page.get_by_label(name, exact=True).fill("battery staple")
    page.click("text=Change password")
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")
    for path in ("password", "access"):
        page.goto(f"{login.address}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate("axe.run()")["violations"] == []
    page.click("text=Log out Ada")
    page.goto(f"{login.address}/login")
    log_in("battery staple")
    expect(page.locator("header")).to_contain_text("Log out Ada")
    assert [said for said in login.said if "status of 401" not in said] == []
