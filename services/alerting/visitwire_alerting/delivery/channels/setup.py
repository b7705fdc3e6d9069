"""The channels as a process has them, with the connections they share."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from visitwire_runtime import Publish
from visitwire_runtime.setting_groups.alerting import AlertingSettings
from visitwire_schemas import Alert

from visitwire_alerting.delivery.channels.chat import chat, tell_by_chat
from visitwire_alerting.delivery.channels.console import console, tell_on_console
from visitwire_alerting.delivery.channels.sending import Send, Tell
from visitwire_alerting.delivery.outcome import Outcome
from visitwire_alerting.subscriptions.stored import Endpoint

if TYPE_CHECKING:
    from visitwire_alerting.delivery.channels.email import Server
    from visitwire_alerting.delivery.channels.webhook import Webhooks

CHAT_THREADS = 8
TALKATIVE = ("httpx", "httpcore", "urllib3", "apprise", "aiosmtplib")
"""Libraries that log the addresses they send to below "warning": an address may hold a token."""


class Channels:
    """Every channel that the settings allow. What speaks HTTP or SMTP is loaded where it is used: without, a worker is
    smaller by 10 MB."""

    def __init__(self, settings: AlertingSettings, say: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._settings = settings
        self._clock = clock
        self._webhooks: Webhooks | None = None
        self._threads = ThreadPoolExecutor(CHAT_THREADS, thread_name_prefix="chat")
        by_kind: dict[str, Send] = {
            "console": console(say),
            "webhook": self._webhook,
            "chat": chat(self._threads),
        }
        tell: dict[str, Tell] = {"console": tell_on_console(say), "chat": tell_by_chat(self._threads)}
        if settings.smtp_host is not None:
            from visitwire_alerting.delivery.channels.email import email, tell_by_email

            server = smtp(settings, settings.smtp_host)
            by_kind["email"], tell["email"] = email(server, clock), tell_by_email(server, clock)
        self.by_kind: Mapping[str, Send] = by_kind
        self.tell: Mapping[str, Tell] = tell

    async def _webhook(self, endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        if self._webhooks is None:
            from visitwire_alerting.delivery.channels.webhook import Webhooks

            allowed, patience = self._settings.deliver_to_private, self._settings.delivery_timeout
            self._webhooks = Webhooks(self._clock, patience, allow_private=allowed)
        return await self._webhooks.send(endpoint, events)

    async def close_after(self, _publish: Publish) -> None:
        """Waits until cancelled, then closes what was opened."""
        try:
            await asyncio.Event().wait()
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
            if self._webhooks is not None:
                await self._webhooks.close()
                self._webhooks = None


def smtp(settings: AlertingSettings, host: str) -> "Server":
    """The mail server that the settings name."""
    from visitwire_alerting.delivery.channels.email import Server

    return Server(
        host,
        settings.smtp_port,
        settings.smtp_sender,
        settings.smtp_security,
        settings.smtp_username,
        settings.smtp_password,
        settings.delivery_timeout,
    )
