"""A subscription with its endpoints and their secrets, as a tenant has it."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict
from visitwire_schemas.subscription import Channel, Subscription, ToPerson

SECRET_BYTES = 32
DEFAULT = "default"
"""The tenant, where there is only one."""


class Key(BaseModel):
    """A signing secret, and until when it still signs beside a newer one."""

    model_config = ConfigDict(frozen=True)

    secret: str
    until: AwareDatetime | None = None


class Sealed(BaseModel):
    """What nobody may read in the database file."""

    channels: tuple[Channel, ...]
    owner: ToPerson | None = None
    keys: dict[str, tuple[Key, ...]] = {}
    """By endpoint, the newest first."""


@dataclass(frozen=True)
class Endpoint:
    """One channel of a subscription, as deliveries name it."""

    id: str
    channel: Channel
    keys: tuple[Key, ...] = ()
    made: str | None = None
    """The secret that was made for it just now, which nobody is told again."""

    def signing(self, at: datetime) -> list[str]:
        """The secrets that sign now."""
        return [key.secret for key in self.keys if key.until is None or key.until > at]


@dataclass(frozen=True)
class Stored:
    """A subscription with its channels and their secrets, as a tenant has it."""

    subscription: Subscription
    endpoints: tuple[Endpoint, ...]
    tenant: str = DEFAULT
    version: int = 0
    """How often it was saved; 0 where it was not read from the database."""

    @property
    def key(self) -> str:
        return key_of(self.subscription.id, self.tenant)


def key_of(id: str, tenant: str = DEFAULT) -> str:
    """What names a subscription among those of all tenants; an id has no colon."""
    return id if tenant == DEFAULT else f"{tenant}:{id}"


def id_of(key: str) -> str:
    """The id within its tenant, of what `key_of` made."""
    return key.rpartition(":")[2]


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def endpoint_ids(subscription: Subscription, tenant: str) -> list[str]:
    key = key_of(subscription.id, tenant)
    return [f"{key}/{channel.kind}-{place}" for place, channel in enumerate(subscription.channels, 1)]
