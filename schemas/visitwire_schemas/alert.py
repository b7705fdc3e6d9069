"""What subscribers are told: a CloudEvents 1.0 envelope around the change of a visit."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from visitwire_schemas.base import Message
from visitwire_schemas.ledger import ChangeKind, LedgerVisit, Report
from visitwire_schemas.story import story_key


class TakenBack(Message):
    """A wire took back what it had said: the change is a mistake put right, and no news."""

    provider: str
    """The wire."""
    uri: str
    """Its story."""
    at: AwareDatetime
    """When the wire took it back; when we heard of it, where the wire does not say."""
    how: Literal["kill", "correction", "update"]
    """It killed or withdrew the story, corrected it, or sent a version that no longer says so."""
    note: str | None = None
    """The wire's own words to editors about it."""

    @property
    def story(self) -> str:
        """The key of the story."""
        return story_key(self.provider, self.uri)


class ByHand(Message):
    """That a person made the change."""

    by: str
    """Who made it."""
    at: AwareDatetime
    """When."""
    did: Literal["correct", "dismiss", "merge", "split", "lift"]
    """What they did; to lift is to take back what somebody said before."""
    note: str | None = None
    """Why, in their words."""


class Change(Message):
    """From which state to which."""

    kind: ChangeKind
    """The change that matters most."""
    kinds: tuple[ChangeKind, ...] = ()
    """Every change between the two states, `kind` first (a new status may come with new dates)."""
    before: LedgerVisit | None = None
    """The visit before the change; None when it is new."""
    taken_back: TakenBack | None = None
    """Who took back what, where that made the change."""
    desk: ByHand | None = None
    """Who changed it by hand, where that made the change."""


class SubscriptionRef(Message):
    """The subscription that an alert is for."""

    id: str
    """Its id."""
    name: str
    """Its name."""


class DeliveryInfo(Message):
    """Which message of a subscription this is."""

    sequence: Annotated[int, Field(ge=1)]
    """Counts the alerts of this visit to this subscription, from 1."""
    replay: bool = False
    """True when it was sent before and somebody had it sent again."""


SILENCE_PATH, UNSUBSCRIBE_PATH = "/hush/", "/unsubscribe/"
"""Where the gateway answers the links that need no login; the link's sealed word follows."""


class Links(Message):
    """Where a person goes on from here, on the board; given where alerting knows the board's address."""

    visit: str
    """The visit's page."""
    story: str | None = None
    """The story that brought the change."""
    subscription: str | None = None
    """The subscription's page."""
    silence: str | None = None
    """A page that silences this visit for this subscription, without a login."""
    unsubscribe: str | None = None
    """A page that ends these messages to their receiver, without a login; by e-mail alone."""


class AlertData(Message):
    """What happened to which visit, and who is told."""

    visit: LedgerVisit
    """The visit after the change, with its latest 20 reports."""
    change: Change
    """What happened."""
    evidence: tuple[Report, ...] = ()
    """The reports that decided it, the latest last."""
    subscription: SubscriptionRef | None = None
    """None on alerts-v1, which carries every change."""
    delivery: DeliveryInfo | None = None
    """Which message of the subscription this is; None on alerts-v1."""
    grouped: tuple[str, ...] = ()
    """The ids of the earlier alerts of this visit that waited and are told by this one."""
    old: bool = False
    """The story that brought it was old when it came: of a back file, told only to those who ask for it."""
    links: Links | None = None
    """None on alerts-v1."""


class Alert(Message):
    """CloudEvents 1.0, structured mode. `id` is made from visit id and revision, so the same alert twice is one."""

    specversion: Literal["1.0"] = "1.0"
    """CloudEvents' version."""
    id: str
    """Made from the visit's id and revision: the same alert twice has the same id."""
    source: str = "/visitwire"
    """Always "/visitwire"."""
    type: str
    """"org.visitwire.visit.<change kind>"."""
    subject: str
    """The visit's id."""
    time: AwareDatetime
    """When it happened: the time of the report, kill or word that brought it."""
    datacontenttype: Literal["application/json"] = "application/json"
    """The form of `data`."""
    dataschema: str | None = None
    """Not given: the schema is published with the topic."""
    data: AlertData
    """The change."""

    @property
    def key(self) -> str:
        return self.subject
