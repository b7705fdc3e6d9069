"""A message that is to be sent, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from visitwire_alerting.delivery.message import NumberedAlert
from visitwire_alerting.delivery.outcome import Outcome


@dataclass(frozen=True)
class Job:
    """A message to be sent now."""

    number: int
    endpoint: str
    subscription: str
    attempts: int
    created: datetime
    replay: bool
    told: tuple[NumberedAlert, ...]


@dataclass(frozen=True)
class Finished:
    job: Job
    outcome: Outcome
    again: timedelta
    """When to try again, if it failed."""
    at: datetime
    """When the attempt began."""
    milliseconds: float
