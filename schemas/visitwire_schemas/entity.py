"""The people, countries, organisations, places and events that a story names."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from visitwire_schemas.base import Message, Span


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    COUNTRY = "country"
    PLACE = "place"
    EVENT = "event"


class MentionForm(StrEnum):
    """How a mention refers: "Lavrov", "the minister", "he"."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


class Mention(Span):
    """A place of the text that names or means the entity."""

    form: MentionForm = MentionForm.NAME
    """How it refers."""


class OfficeKind(StrEnum):
    """The small vocabulary beside the words of the text."""

    HEAD_OF_STATE = "head_of_state"
    HEAD_OF_GOVERNMENT = "head_of_government"
    MINISTER = "minister"
    ENVOY = "envoy"
    SPOKESPERSON = "spokesperson"
    LEGISLATOR = "legislator"
    ROYAL = "royal"
    HEAD_OF_ORGANIZATION = "head_of_organization"
    MILITARY = "military"
    RELIGIOUS = "religious"
    OFFICIAL = "official"


class OfficeStanding(StrEnum):
    """Whether the office is held, and how: "former", "deputy", "acting", "-elect", "designate"."""

    HELD = "held"
    FORMER = "former"
    DEPUTY = "deputy"
    ACTING = "acting"
    ELECT = "elect"
    DESIGNATE = "designate"


class Entity(Message):
    """One person, country, organisation, place or event, with every mention of it in the story."""

    id: str
    """Unique in the story: "e1", "e2" … in order of first mention."""
    kind: EntityKind
    """What it is."""
    name: str
    """The fullest name the story gives, without title; for a person known only by role, the role's words."""
    country: str | None = None
    """ISO 3166 alpha-2 of the state represented (person, organisation) or located in (place); historic states keep
    theirs (SU, YU, DD, CS); an international organisation and its people its acronym ("UN", "EU")."""
    office: str | None = None
    """As the story says: "External Affairs Minister"."""
    office_kind: OfficeKind | None = None
    """The office in a small vocabulary; None without an office, or where it fits none."""
    office_standing: OfficeStanding | None = None
    """Whether the office is held, and how; None without an office."""
    wikidata: str | None = None
    """"Q7747", when known."""
    named: bool = True
    """False for a person or group that the story gives by role only ("the French foreign minister")."""
    gender: str | None = None
    """"female" or "male", only where the text gives it."""
    mentions: tuple[Mention, ...] = ()
    """In text order."""
    salience: Annotated[float, Field(ge=0, le=1)] = 0
    """How much the story is about it, from 0 to 1: by how often and how early it is mentioned."""
