"""The tables of the read model. All of it comes from the topics and may be thrown away and read again.

Times are ISO 8601 texts in UTC of one length, so that every database sorts and compares them alike.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, false

type Values = dict[str, Any]
"""A row by the names of its columns."""

READING = MetaData()

STORIES = Table(
    "stories",
    READING,
    Column("key", String, primary_key=True),
    Column("provider", String, nullable=False, index=True),
    Column("uri", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published", String, nullable=False),
    Column("received", String, nullable=False, index=True),
    Column("embargoed", String),
    Column("headline", Text, nullable=False),
    Column("revision", String, nullable=False),
    Column("usable", Boolean, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("milliseconds", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("stories_by_time", "published", "key"),
)
QUOTES = Table(
    "quotes",
    READING,
    Column("id", String, primary_key=True),
    Column("story", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("published", String, nullable=False),
    Column("embargoed", String),
    Column("kind", String, nullable=False),
    Column("speaker", String),
    Column("speaker_country", String),
    Column("speaker_office", String),
    Column("about", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Index("quotes_by_time", "published", "id"),
    Index("quotes_by_speaker", "speaker"),
)
ENTITIES = Table(
    "entities",
    READING,
    Column("id", String, primary_key=True),
    Column("story", String, nullable=False, index=True),
    Column("published", String, nullable=False),
    Column("embargoed", String),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("country", String),
    Column("office", String),
    Column("wikidata", String),
    Column("mentions", Integer, nullable=False),
    Column("salience", Float, nullable=False),
    Index("entities_by_time", "published", "id"),
    Index("entities_by_name", "name"),
)
VISITS = Table(
    "visits",
    READING,
    Column("id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("status", String, nullable=False),
    Column("visitor", String, nullable=False),
    Column("who", String, nullable=False),
    Column("visitor_country", String),
    Column("host", String, nullable=False),
    Column("host_country", String),
    Column("country", String),
    Column("place", String),
    Column("first_day", String),
    Column("last_day", String),
    Column("precision", String, nullable=False),
    Column("updated", String, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("focus", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False, server_default=false()),
    Column("providers", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("visits_by_lane", "lane", "updated", "id"),
    Index("visits_on_board", "focus", "lane", "updated", "id", "digest"),  # a lane without a look at the table
    Index("visits_counted", "focus", "lane"),  # a tenth of the one before, which PostgreSQL reads twice as long
    *(  # the lanes of a country, as quickly as those of all
        Index(f"board_{way}", country, "focus", "lane", "updated", "id", "digest")
        for way, country in (("from", "visitor_country"), ("to", "country"), ("with", "host_country"))
    ),
    Index("visits_by_time", "updated", "id"),
    Index("visits_by_day", "first_day", "last_day"),
)
REPORTED = Table(
    "reported",
    READING,
    Column("story", String, primary_key=True),
    Column("visit", String, primary_key=True, index=True),
    sqlite_with_rowid=False,
)
"""The stories that report each visit."""
JOINED = Table(
    "joined",
    READING,
    Column("story", String, primary_key=True),
    Column("body", Text, nullable=False),
)
"""Which of each story's visits is which of the ledger's, as reports-v1 has it."""
CHANGES = Table(
    "changes",
    READING,
    Column("id", String, primary_key=True),
    Column("visit", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("heard", String),
    Column("number", Integer),
    Column("embargoed", String),
    Index("changes_by_time", "at", "id"),
    Index("changes_by_number", "number"),
    Index("changes_by_hearing", "heard"),
    Index("changes_held", "embargoed"),
)
"""`at` is the time of the story that brought the change; `heard` that at which it came, however old the story; `number`
that of its event in this life of the read model, by which nothing that comes meanwhile is overlooked. It is nobody's to
see before `embargoed`."""
LETTERS = Table(
    "dead_letters",
    READING,
    Column("id", String, primary_key=True),
    Column("stage", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("replayed", String),
    Column("body", Text, nullable=False),
    Index("letters_by_time", "at", "id"),
)
EVENTS = Table(
    "events",
    READING,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)
POSITIONS = Table(
    "positions",
    READING,
    Column("topic", String, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", Integer, nullable=False),
)
META = Table("meta", READING, Column("name", String, primary_key=True), Column("value", String, nullable=False))


def stamp(at: datetime) -> str:
    """The time as the tables hold it: "2026-03-02T09:41:00.000000Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
