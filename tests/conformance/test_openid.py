"""Logging in at a certified OpenID Connect provider that others wrote."""

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest
from visitwire_gateway.app import create_app
from visitwire_gateway.model.database import open_database
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings

from tests.conformance.readers import here, need_node

PAGES = 5
"""Pages that the provider shows at most, each with a form: log in, consent …"""


@contextmanager
def certified(callback: str, ways: str) -> Iterator[str]:
    """The issuer's address, while it serves."""
    need_node()
    command = ["node", str(here("openid.mjs")), callback, ways]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        watch = threading.Timer(60, provider.kill)
        watch.start()
        try:
            assert provider.stdout is not None
            yield provider.stdout.readline().strip()
        finally:
            watch.cancel()
            provider.terminate()


@contextmanager
def board(tmp_path: Path, client: str, ways: str) -> Iterator[str]:
    """The address of a gateway whose people that provider vouches for."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with certified(f"{url}/login/openid/callback", ways) as issuer:
        settings = Settings(
            data_dir=tmp_path,
            gateway_port=port,
            gateway_url=url,
            gateway_doors="closed",
            gateway_oidc_issuer=issuer,
            gateway_oidc_client_id=client,
            gateway_oidc_client_secret=None if client == "public" else "s3cret/+:% x",  # type: ignore[arg-type]
            gateway_oidc_roles={"desk": "editor"},
        )
        engine = open_database(settings.gateway_database.get_secret_value())
        with listening(create_app(settings, engine), settings) as address:
            yield address
        engine.dispose()


def log_in(browser: httpx.Client, address: str, name: str) -> httpx.Response:
    """Follows the link, and fills in each form that the provider shows."""
    answer = browser.get(f"{address}/login/openid?back=/map")
    for _ in range(PAGES):
        if str(answer.url).startswith(address):
            break
        form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', answer.text, re.DOTALL)
        assert form is not None, answer.text
        fields = dict(re.findall(r'name="(\w+)"(?: value="([^"]*)")?', form[2]))
        given = {"login": name, "password": "any"} if "login" in fields else {}
        answer = browser.post(answer.url.join(unescape(form[1])), data=fields | given)
    return answer


@pytest.mark.parametrize(
    ("client", "ways"),
    [("basic", "client_secret_basic"), ("post", "client_secret_post"), ("public", "none,client_secret_basic")],
)
def test_a_certified_provider_and_the_gateway_understand_each_other(tmp_path: Path, client: str, ways: str) -> None:
    with board(tmp_path, client, ways) as address:
        with httpx.Client(follow_redirects=True) as ada:
            answer = log_in(ada, address, "ada")
            assert (answer.status_code, answer.url.path) == (200, "/map")
            assert ada.get(f"{address}/api/v1/me").json() == {"tenant": "default", "name": "ada", "role": "editor"}
        with httpx.Client(follow_redirects=True) as bo:
            answer = log_in(bo, address, "bo")
            assert (answer.status_code, answer.url.path) == (403, "/login/openid/callback")
            assert bo.get(f"{address}/api/v1/me").status_code == 401
