"""Sends to chat and push services through Apprise, locked down: fixed services, no redirects, nothing kept on disk.

Which URLs are taken at all is said by `subscription.CHAT`.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from visitwire_schemas import Alert
from visitwire_schemas.subscription import Channel, Chat

from visitwire_alerting.delivery.channels.letter import plain
from visitwire_alerting.delivery.channels.sending import Send, Tell
from visitwire_alerting.delivery.digest import DigestMessage
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.subscriptions.stored import Endpoint

if TYPE_CHECKING:
    from apprise import AppriseAsset


@cache
def asset() -> "AppriseAsset":
    """Apprise without what a URL, a file or a redirect could make it do. Loaded when first needed: it is 5 MB."""
    from apprise import AppriseAsset

    class Strict(AppriseAsset):
        app_id = "Visitwire"
        app_desc = "Visitwire"
        app_url = ""
        http_redirects = False
        async_mode = False
        secure_logging = True
        interpret_escapes = False

    return Strict(storage_mode="memory")


def chat(threads: ThreadPoolExecutor) -> Send:
    """Apprise blocks, so it gets `threads` of its own: a service that hangs holds up nobody else."""

    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        assert isinstance(endpoint.channel, Chat)
        title = events.subject if isinstance(events, DigestMessage) else "Visitwire"
        return await _notify(threads, endpoint.channel.url, title, plain(events))

    return send


def tell_by_chat(threads: ThreadPoolExecutor) -> Tell:
    async def tell(channel: Channel, subject: str, words: str) -> Outcome:
        assert isinstance(channel, Chat)
        return await _notify(threads, channel.url, subject, words)

    return tell


async def _notify(threads: ThreadPoolExecutor, url: str, title: str, words: str) -> Outcome:
    def notify() -> bool:
        from apprise import Apprise, NotifyFormat

        service = Apprise(asset=asset())
        return bool(service.add(url) and service.notify(body=words, title=title, body_format=NotifyFormat.TEXT))

    sent = await asyncio.get_running_loop().run_in_executor(threads, notify)
    return Outcome(Result.DELIVERED) if sent else Outcome(Result.FAILED, error="the service did not take it")
