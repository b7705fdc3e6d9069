"""Addresses of the board that an alert leads to, and the sealed words in those that need no login."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError
from visitwire_schemas import Alert, Links
from visitwire_schemas.alert import SILENCE_PATH, UNSUBSCRIBE_PATH
from visitwire_schemas.subscription import Channel, Email

from visitwire_alerting.storage.vault import Vault


class Allowed(BaseModel):
    """What whoever has the link may do, and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    act: Literal["hush", "unsubscribe"]
    subscription: str
    """Its key, which names the tenant too."""
    about: str
    """The visit to be silenced, or the endpoint that is to be left alone."""


@dataclass(frozen=True)
class BoardLinks:
    """The board's address, without a slash at its end, and what seals its links."""

    address: str
    vault: Vault

    def links(self, event: Alert, subscription: str, endpoint: str, channel: Channel) -> Links:
        """Where an event leads that the subscription with this key is told by this endpoint."""
        visit, change = event.data.visit.id, event.data.change
        story = event.data.evidence[-1].story if event.data.evidence else None
        story = change.taken_back.story if change.taken_back else story
        unsubscribe = self._sealed(
            UNSUBSCRIBE_PATH, Allowed(act="unsubscribe", subscription=subscription, about=endpoint)
        )
        return Links(
            visit=f"{self.address}/visits/{quote(visit, safe='')}",
            story=f"{self.address}/stories/{quote(story, safe='')}" if story else None,
            subscription=f"{self.address}/subscriptions/{subscription.rpartition(':')[2]}",
            silence=self._sealed(SILENCE_PATH, Allowed(act="hush", subscription=subscription, about=visit)),
            unsubscribe=unsubscribe if isinstance(channel, Email) else None,
        )

    def _sealed(self, path: str, allowed: Allowed) -> str:
        return self.address + path + quote(self.vault.seal(allowed.model_dump_json()).decode(), safe="")


def opened(vault: Vault, token: str) -> Allowed | None:
    """What a link's sealed word allows; None for one that was not made here."""
    try:
        return Allowed.model_validate_json(vault.open(token.encode()))
    except (ValueError, ValidationError):
        return None
