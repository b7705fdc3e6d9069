"""Tells of a change in two lines, for a person at a terminal."""

from collections.abc import Callable, Sequence

from visitwire_schemas import Alert

from visitwire_alerting.channels.sending import Send
from visitwire_alerting.outcome import Outcome, Result
from visitwire_alerting.store import Endpoint
from visitwire_alerting.wording import because, headline


def console(say: Callable[[str], None]) -> Send:
    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        for event in events:
            say(f"{headline(event)}\n  {because(event)}")
        return Outcome(Result.DELIVERED)

    return send
