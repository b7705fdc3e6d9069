"""What subscribers are told: a CloudEvents 1.0 envelope around the change of a visit."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from visitwire_schemas.base import Message
from visitwire_schemas.ledger import ChangeKind, LedgerVisit, Report


class Change(Message):
    """From which state to which."""

    kind: ChangeKind
    """The change that matters most."""
    kinds: tuple[ChangeKind, ...] = ()
    """Every change between the two states, `kind` first (a new status may come with new dates)."""
    before: LedgerVisit | None = None
    """The visit before the change; None when it is new."""


class SubscriptionRef(Message):
    id: str
    name: str


class DeliveryInfo(Message):
    sequence: Annotated[int, Field(ge=1)]
    """Counts the alerts of this visit to this subscription, from 1."""
    replay: bool = False


class AlertData(Message):
    visit: LedgerVisit
    change: Change
    evidence: tuple[Report, ...] = ()
    """The reports that decided it, the latest last."""
    subscription: SubscriptionRef | None = None
    """None on alerts-v1, which carries every change."""
    delivery: DeliveryInfo | None = None
    grouped: tuple[str, ...] = ()
    """The ids of the earlier alerts of this visit that waited and are told by this one."""


class Alert(Message):
    """CloudEvents 1.0, structured mode. `id` is made from visit id and revision, so the same alert twice is one."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = "/visitwire"
    type: str
    """"org.visitwire.visit.<change kind>"."""
    subject: str
    """The visit's id."""
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = None
    data: AlertData

    @property
    def key(self) -> str:
        return self.subject
