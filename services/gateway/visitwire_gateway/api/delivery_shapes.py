"""A delivery as the API, its files and the pages tell it."""

from datetime import datetime
from typing import Literal

from visitwire_gateway.api_model import Shape

type Standing = Literal["pending", "delivered", "failed", "dropped", "silenced"]


class DeliverySeen(Shape):
    """One message to one endpoint."""

    number: int
    """Counts deliveries."""
    subscription: str
    """The id of the subscription it is for."""
    endpoint: str
    """Which of its channels."""
    state: Standing
    """Where it stands."""
    created: datetime
    """When it was made."""
    due: datetime
    """When it is tried next, or was due."""
    finished: datetime | None
    """When it ended; null while it waits."""
    attempts: int
    """How often it was tried."""
    last_status: int | None
    """The last answer's HTTP status."""
    last_error: str | None
    """What went wrong last; null for nothing."""
    replay: bool
    """It was sent again on demand."""
