"""Sends e-mail through an SMTP server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
from pydantic import SecretStr
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Channel, Email

from visitwire_alerting.delivery.channels.letter import blank, letter
from visitwire_alerting.delivery.channels.sending import Send, Tell
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.subscriptions.stored import Endpoint

NO_SUCH_MAILBOX = 550


@dataclass(frozen=True)
class Server:
    """The SMTP server that takes our mail."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    timeout: float = 10.0


def email(server: Server, clock: Callable[[], datetime]) -> Send:
    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        assert isinstance(endpoint.channel, Email)
        return await _send(server, letter(events, server.sender, endpoint.channel.to, clock()))

    return send


def tell_by_email(server: Server, clock: Callable[[], datetime]) -> Tell:
    async def tell(channel: Channel, subject: str, words: str) -> Outcome:
        assert isinstance(channel, Email)
        message = blank(subject, server.sender, channel.to, clock())
        message.set_content(words)
        return await _send(server, message)

    return tell


async def _send(server: Server, message: EmailMessage) -> Outcome:
    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.username,
            password=server.password.get_secret_value() if server.password else None,
            timeout=server.timeout,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = sorted({refused.code for refused in error.recipients})
        gone = codes == [NO_SUCH_MAILBOX]
        return Outcome(Result.GONE if gone else Result.FAILED, codes[0], "the mailbox was refused")
    except aiosmtplib.SMTPResponseException as error:
        return Outcome(Result.FAILED, error.code, f"SMTP {error.code}")
    except (aiosmtplib.SMTPException, OSError) as error:
        return Outcome(Result.FAILED, error=type(error).__name__)
    return Outcome(Result.DELIVERED, 250)
