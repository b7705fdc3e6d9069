"""The channels as a process has them, with the connections they share."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import httpx
from visitwire_runtime import Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_runtime.settings import Settings
from visitwire_schemas import Alert

from visitwire_alerting.channels.console import console
from visitwire_alerting.channels.sending import Send
from visitwire_alerting.channels.webhook import webhook
from visitwire_alerting.outcome import Outcome
from visitwire_alerting.store import Endpoint


class Channels:
    """Every channel; the HTTP client is opened by the first webhook, on the loop that sends."""

    def __init__(self, settings: Settings, say: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self.by_kind: Mapping[str, Send] = {"console": console(say), "webhook": self._webhook}

    async def _webhook(self, endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        if self._client is None:
            self._client = guarded_client(
                allow_private=self._settings.deliver_to_private, timeout=self._settings.delivery_timeout
            )
        return await webhook(self._client, self._clock)(endpoint, events)

    async def close_after(self, _publish: Publish) -> None:
        """Waits until cancelled, then closes what was opened."""
        try:
            await asyncio.Event().wait()
        finally:
            if self._client is not None:
                await self._client.aclose()
                self._client = None
