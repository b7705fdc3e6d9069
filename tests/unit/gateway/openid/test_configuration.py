"""Half a configuration of a provider, and none."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.oidc_settings import Misconfigured
from visitwire_gateway.serve import serving
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid.boards import BOARD

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
    with pytest.raises(Misconfigured, match=said), serving(half, create_app):
        pass


def test_without_a_provider_there_is_no_such_login(away: TestClient) -> None:
    assert away.get("/login/openid").status_code == 404
    assert away.get("/login/openid/callback").status_code == 404
    assert "openid" not in away.get("/login", headers={"accept": "text/html"}).text
