"""Which OpenID Connect provider may let people in, and as what: the operator's settings, checked once at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.sockets import CannotStart, loopback

from visitwire_gateway.auth.who import Role

CALLBACK = "/login/openid/callback"


class Misconfigured(CannotStart):
    """The settings do not fit together; with what to set."""


@dataclass(frozen=True)
class OpenId:
    issuer: str
    client_id: str
    client_secret: SecretStr | None
    """None for a public client, which proves itself by PKCE alone."""
    callback: str
    """The full address the provider sends browsers back to."""
    name: str
    scopes: str
    name_claim: str
    role_claim: str
    roles: Mapping[str, Role]
    default_role: Role | None
    tenant: str
    tenant_claim: str | None
    domains: frozenset[str]
    """E-mail domains of which a person must have a verified address; empty: no matter."""

    @property
    def deciding_claims(self) -> tuple[str, ...]:
        """The claims that decide; where an ID token lacks one, the provider is asked for more."""
        roles, email = self.role_claim if self.roles else None, "email" if self.domains else None
        return tuple(name for name in (roles, self.tenant_claim, email, self.name_claim) if name)


def configured(settings: GatewaySettings) -> OpenId | None:
    """None where no provider is configured. Raises `Misconfigured` where one is by half."""
    given = sorted(name for name in settings.model_fields_set if name.startswith("gateway_oidc_"))
    if not any(getattr(settings, name) for name in given):
        return None
    issuer = _needed(settings, "gateway_oidc_issuer", given)
    client = _needed(settings, "gateway_oidc_client_id", given)
    address = _needed(settings, "gateway_url", given).rstrip("/")
    if not trustworthy(issuer):
        raise Misconfigured(f"{_variable('gateway_oidc_issuer')} is {issuer}; it must begin with https://")
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise Misconfigured(f"{_variable('gateway_url')} is {address}; it must be like https://visits.example.org")
    if not settings.gateway_oidc_roles and settings.gateway_oidc_default_role is None:
        either = f"{_variable('gateway_oidc_roles')} or {_variable('gateway_oidc_default_role')}"
        raise Misconfigured(f"nobody could log in by OpenID Connect: set {either}")
    if "openid" not in settings.gateway_oidc_scopes.split():
        raise Misconfigured(f"{_variable('gateway_oidc_scopes')} must have the scope openid")
    secret = settings.gateway_oidc_client_secret
    default = settings.gateway_oidc_default_role
    domains = (settings.gateway_oidc_email_domains or "").lower().split(",")
    return OpenId(
        issuer=issuer,
        client_id=client,
        client_secret=secret if secret and secret.get_secret_value() else None,
        callback=address + CALLBACK,
        name=settings.gateway_oidc_name,
        scopes=settings.gateway_oidc_scopes,
        name_claim=settings.gateway_oidc_name_claim,
        role_claim=settings.gateway_oidc_role_claim,
        roles={value: Role(role) for value, role in settings.gateway_oidc_roles.items()},
        default_role=Role(default) if default else None,
        tenant=settings.gateway_oidc_tenant,
        tenant_claim=settings.gateway_oidc_tenant_claim,
        domains=frozenset(domain.strip().lstrip("@") for domain in domains if domain.strip()),
    )


def trustworthy(address: str) -> bool:
    """Whether nobody on the way can read along: https, or this machine itself."""
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname))


def _needed(settings: GatewaySettings, name: str, given: list[str]) -> str:
    value: str | None = getattr(settings, name)
    if not value:
        raise Misconfigured(f"OpenID Connect is configured by half: {_variable(given[0])} needs {_variable(name)} too")
    return value


def _variable(name: str) -> str:
    return f"VISITWIRE_{name.upper()}"
