"""Which proxies are believed when they say whom they speak for. uvicorn reads what they say."""

from ipaddress import ip_network

from visitwire_runtime.setting_groups.gateway import GatewaySettings

from visitwire_gateway.auth.oidc_settings import Misconfigured

VARIABLE = "VISITWIRE_GATEWAY_TRUSTED_PROXIES"


def trusted(settings: GatewaySettings) -> list[str]:
    """Networks of proxies, as uvicorn's `ProxyHeadersMiddleware` takes them. Raises `Misconfigured`."""
    given = [one.strip() for one in (settings.gateway_trusted_proxies or "").split(",")]
    return [_network(one) for one in given if one]


def _network(given: str) -> str:
    try:
        found = ip_network(given, strict=False)
    except ValueError:
        raise Misconfigured(
            f"{VARIABLE} has {given}; it must be addresses and networks: 10.0.0.7,10.1.0.0/24"
        ) from None
    if found.prefixlen == 0:  # the leftmost hop would be believed, which everybody writes as they like
        raise Misconfigured(f"{VARIABLE} has {given}, which is everybody; name the proxies alone")
    return str(found)
