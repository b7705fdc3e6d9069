"""JSON lines: one object a line, {"id", "text", "headline", "dateline", "date"}. This is how quality is measured."""

from collections.abc import Mapping

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Revision, Story, WireItem

from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo import embargo


def from_object(item: WireItem, value: Mapping[str, object], number: int = 0) -> Story:
    """The story of one object; every key is optional but `text`, which is kept to the letter, white space and all."""
    if not isinstance(value.get("text"), str):
        raise InvalidMessage(f'Line {number + 1} has no string under "text": give the story\'s words there.')
    published = when(value.get("date"))
    draft = Draft(
        provider=_word(value.get("provider")) or "jsonl",
        uri=_word(value.get("id")),
        versioncreated=published,
        headline=_word(value.get("headline")),
        dateline=dateline(_word(value.get("dateline")), published.date() if published else None),
        language=_word(value.get("language")),
        revision=Revision.NEW,
        text=str(value["text"]),
    )
    embargo(draft, None, item.received)
    return draft.story(item, verbatim=True)


def _word(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value) or None
