"""The board and the API."""

from typing import Literal

from pydantic import Field, SecretStr

from visitwire_runtime.setting_groups.alerting import LedgerSettings
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.setting_groups.ingestion import IntakeSettings


class GatewaySettings(LedgerSettings, IntakeSettings, BrokerSettings):
    """Of the gateway."""

    gateway_host: str = Field(
        "127.0.0.1", description="Address of the board and the API; 0.0.0.0 opens it to other machines."
    )
    gateway_port: int = Field(8080, ge=0, le=65535, description="Port of the board and the API; 0 picks a free one.")
    gateway_database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the gateway's read model; SQLite under `data_dir` by default."
    )
    gateway_doors: Literal["auto", "closed"] = Field(
        "auto",
        description="auto: requests from this machine need no login while the gateway listens on loopback. "
        "closed: everybody needs a login or an API key.",
    )
    gateway_rate: int = Field(1200, ge=1, description="Requests a minute for each user, key or address.")
    gateway_streams: int = Field(
        1000, ge=1, description="Most live streams open at once; further ones are rejected with 503 and retry later."
    )
    gateway_kept: int = Field(
        365,
        ge=0,
        description="Days to keep stories with their quotes and names, changes and dead letters on the board; "
        "0 keeps them for ever.",
    )
    gateway_trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of proxies before the gateway, separated by commas, whose "
        "X-Forwarded-For and X-Forwarded-Proto are trusted; none by default.",
    )
    gateway_oidc_issuer: str | None = Field(
        None, description="Issuer of the OpenID Connect provider; this login is off if not set."
    )
    gateway_oidc_client_id: str | None = Field(None, description="Client id of Visitwire at the provider.")
    gateway_oidc_client_secret: SecretStr | None = Field(
        None, description="Client secret; leave it out for a public client."
    )
    gateway_oidc_name: str = Field("single sign-on", description="Name of the provider on the login page.")
    gateway_oidc_scopes: str = Field("openid profile email", description="Scopes to request, separated by spaces.")
    gateway_oidc_name_claim: str = Field(
        "preferred_username", description="The claim that names a person on pages and in the audit log."
    )
    gateway_oidc_role_claim: str = Field(
        "groups",
        description="The claim with a person's groups or roles; dots reach into objects: `realm_access.roles`.",
    )
    gateway_oidc_roles: dict[str, Literal["reader", "editor", "admin"]] = Field(
        {}, description='Role for each value of that claim; the highest wins: `{"desk": "editor"}`.'
    )
    gateway_oidc_default_role: Literal["reader", "editor", "admin"] | None = Field(
        None, description="Role of people without a mapped value; they are rejected if not set."
    )
    gateway_oidc_tenant: str = Field("default", min_length=1, description="Tenant of everybody who logs in this way …")
    gateway_oidc_tenant_claim: str | None = Field(None, description="… or the claim that names each person's tenant.")
    gateway_oidc_email_domains: str | None = Field(
        None,
        description="Admit only people with a verified e-mail address in one of these domains, separated by commas.",
    )

    @property
    def gateway_database(self) -> SecretStr:
        """The URL of the gateway's read model."""
        return self.gateway_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'gateway.sqlite'}")
