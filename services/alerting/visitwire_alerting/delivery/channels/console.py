"""Tells of a change in two lines, for a person at a terminal."""

from collections.abc import Callable, Sequence

from visitwire_schemas import Alert
from visitwire_schemas.subscription import Channel

from visitwire_alerting.delivery.channels.sending import Send, Tell
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.subscriptions.stored import Endpoint
from visitwire_alerting.wording import because, headline


def console(say: Callable[[str], None]) -> Send:
    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        for event in events:
            say(f"{headline(event)}\n  {because(event)}")
        return Outcome(Result.DELIVERED)

    return send


def tell_on_console(say: Callable[[str], None]) -> Tell:
    async def tell(channel: Channel, subject: str, words: str) -> Outcome:
        say(f"{subject}: {words}")
        return Outcome(Result.DELIVERED)

    return tell
