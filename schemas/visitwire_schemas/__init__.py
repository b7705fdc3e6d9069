"""The messages, the topics and the flow that every Visitwire stage shares. Depends on pydantic alone."""

from visitwire_schemas.alert import Alert, AlertData, Change, DeliveryInfo, DeskWord, Links, SubscriptionRef, TakenBack
from visitwire_schemas.base import Confidence, Message, Span
from visitwire_schemas.dead_letter import DeadLetter
from visitwire_schemas.enriched import EnrichedStory, ReadBy, Trace
from visitwire_schemas.entity import Entity, EntityKind, Mention, MentionForm, OfficeKind, OfficeStanding
from visitwire_schemas.hand import DESK, Hand, HandKind, Like, Right
from visitwire_schemas.ledger import ChangeKind, HistoryEntry, LedgerVisit, Report
from visitwire_schemas.parse import Parse
from visitwire_schemas.quote import Quote, QuoteKind, SpeakerKind
from visitwire_schemas.story import Author, Dateline, Link, Place, PubStatus, Revision, Story, Subject
from visitwire_schemas.topics import (
    ALERTS,
    FLOW,
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    VISITS,
    WIRE_ITEMS,
    Record,
    Row,
    Topic,
    dead_letters,
)
from visitwire_schemas.visit import (
    Announcer,
    Destination,
    Evidence,
    Party,
    Precision,
    Visit,
    VisitDates,
    VisitStatus,
)
from visitwire_schemas.wire_item import WireItem

__all__ = [
    "ALERTS",
    "DESK",
    "FLOW",
    "STORIES",
    "STORIES_ENRICHED",
    "STORIES_PARSED",
    "STORIES_QUOTED",
    "VISITS",
    "WIRE_ITEMS",
    "Alert",
    "AlertData",
    "Announcer",
    "Author",
    "Change",
    "ChangeKind",
    "Confidence",
    "Dateline",
    "DeadLetter",
    "DeliveryInfo",
    "DeskWord",
    "Destination",
    "EnrichedStory",
    "Entity",
    "EntityKind",
    "Evidence",
    "Hand",
    "HandKind",
    "HistoryEntry",
    "LedgerVisit",
    "Like",
    "Link",
    "Links",
    "Mention",
    "MentionForm",
    "Message",
    "OfficeKind",
    "OfficeStanding",
    "Parse",
    "Party",
    "Place",
    "Precision",
    "PubStatus",
    "Quote",
    "QuoteKind",
    "ReadBy",
    "Record",
    "Report",
    "Revision",
    "Right",
    "Row",
    "Span",
    "SpeakerKind",
    "Story",
    "Subject",
    "SubscriptionRef",
    "TakenBack",
    "Topic",
    "Trace",
    "Visit",
    "VisitDates",
    "VisitStatus",
    "WireItem",
    "dead_letters",
]
