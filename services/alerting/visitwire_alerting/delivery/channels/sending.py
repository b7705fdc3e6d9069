"""What every channel has in common."""

from collections.abc import Awaitable, Callable, Sequence

from visitwire_schemas import Alert
from visitwire_schemas.subscription import Channel

from visitwire_alerting.delivery.outcome import Outcome
from visitwire_alerting.subscriptions.stored import Endpoint

type Send = Callable[[Endpoint, Sequence[Alert]], Awaitable[Outcome]]
"""Sends events to an endpoint: one to a webhook, one or more to a person. It raises nothing."""
type Tell = Callable[[Channel, str, str], Awaitable[Outcome]]
"""Tells a person something about their subscription: the channel, a subject, the words."""
