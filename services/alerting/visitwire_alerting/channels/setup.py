"""The channels as a process has them, with the connections they share."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
from visitwire_runtime import Publish
from visitwire_runtime.safe_http import GuardedBackend, GuardedTransport
from visitwire_runtime.settings import Settings
from visitwire_schemas import Alert

from visitwire_alerting.channels.chat import chat, tell_by_chat
from visitwire_alerting.channels.console import console, tell_on_console
from visitwire_alerting.channels.email import Server, email, tell_by_email
from visitwire_alerting.channels.lines import Lines
from visitwire_alerting.channels.sending import Send, Tell
from visitwire_alerting.channels.webhook import webhook
from visitwire_alerting.outcome import Outcome
from visitwire_alerting.store import Endpoint

CHAT_THREADS = 8
TALKATIVE = ("httpx", "httpcore", "urllib3", "apprise", "aiosmtplib")
"""Libraries that log the addresses they send to below "warning": an address may hold a token."""


class Channels:
    """Every channel that the settings allow; connections are opened by the first webhooks, on the loop that sends."""

    def __init__(self, settings: Settings, say: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._settings = settings
        self._clock = clock
        self._trusted: ssl.SSLContext | None = None
        self._lines = Lines(self._dial)
        self._threads = ThreadPoolExecutor(CHAT_THREADS, thread_name_prefix="chat")
        by_kind: dict[str, Send] = {
            "console": console(say),
            "webhook": self._webhook,
            "chat": chat(self._threads),
        }
        tell: dict[str, Tell] = {"console": tell_on_console(say), "chat": tell_by_chat(self._threads)}
        server = smtp(settings)
        if server is not None:
            by_kind["email"] = email(server, clock)
            tell["email"] = tell_by_email(server, clock)
        self.by_kind: Mapping[str, Send] = by_kind
        self.tell: Mapping[str, Tell] = tell

    async def _webhook(self, endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        async with self._lines.to(endpoint.id) as transport:
            return await webhook(transport, self._settings.delivery_timeout, self._clock)(endpoint, events)

    def _dial(self) -> httpx.AsyncBaseTransport:
        if self._trusted is None:
            self._trusted = httpx.create_ssl_context()  # one for all: it takes a while, and reads every authority
        backend = GuardedBackend(allow_private=self._settings.deliver_to_private)
        return GuardedTransport(backend, verify=self._trusted)

    async def close_after(self, _publish: Publish) -> None:
        """Waits until cancelled, then closes what was opened."""
        try:
            await asyncio.Event().wait()
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
            await self._lines.close()


def smtp(settings: Settings) -> Server | None:
    """The mail server that the settings name; without one no e-mail is sent."""
    if settings.smtp_host is None:
        return None
    return Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_sender,
        settings.smtp_security,
        settings.smtp_username,
        settings.smtp_password,
        settings.delivery_timeout,
    )
