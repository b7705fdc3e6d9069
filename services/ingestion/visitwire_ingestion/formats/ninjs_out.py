"""A story as ninjs 3.1, for those who read IPTC's JSON."""

from collections.abc import Mapping
from datetime import datetime

from visitwire_schemas import Story

from visitwire_ingestion.formats.ninjs_schema import check

TYPES = {"text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"}


def to_ninjs(story: Story) -> dict[str, object]:
    """The ninjs 3.1 object, checked against the schema. Fields that ninjs does not have are left out."""
    made = {
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
        },
        "uri": story.uri,
        "type": story.type if story.type in TYPES else "text",
        "representationType": "full",
        "version": str(story.version),
        "pubStatus": story.pubstatus.value,
        **_texts(story),
        **_times(story),
        **_lists(story),
    }
    kept = {name: value for name, value in made.items() if value not in (None, [], "")}
    check(kept)
    return kept


def _texts(story: Story) -> Mapping[str, object]:
    return {
        "profile": story.profile,
        "urgency": story.urgency,
        "language": story.language,
        "by": story.byline,
        "slugline": story.slugline,
        "located": story.dateline.place if story.dateline else None,
        "copyrightHolder": story.copyrightholder,
        "copyrightNotice": story.copyrightnotice,
        "usageTerms": story.usageterms,
        "edNote": story.ednote,
    }


def _times(story: Story) -> Mapping[str, object]:
    return {
        "firstCreated": _iso(story.firstcreated),
        "versionCreated": _iso(story.versioncreated),
        "embargoedUntil": _iso(story.embargoed),
        "expires": _iso(story.expires),
    }


def _lists(story: Story) -> Mapping[str, object]:
    bodies: list[Mapping[str, object]] = [{"contentType": "text/plain", "value": story.text, **_count(story)}]
    if story.html:
        bodies.append({"contentType": "text/html", "value": story.html})
    return {
        "headlines": [{"role": "main", "value": story.headline}] if story.headline else [],
        "descriptions": [{"role": "summary", "value": story.abstract}] if story.abstract else [],
        "bodies": bodies if story.text or story.html else [],
        "subjects": [_concept(each.scheme, each.code, each.name) for each in story.subjects],
        "places": [_concept(each.scheme, each.code, each.name) for each in story.places],
        "genres": [{"name": each} for each in story.genre],
        "infoSources": [{"name": each} for each in (story.provider, story.source) if each],
        "altIds": [{"role": role, "value": value} for role, value in story.identifiers.items()],
    }


def _count(story: Story) -> Mapping[str, object]:
    return {} if story.wordcount is None else {"wordCount": story.wordcount}


def _concept(scheme: str | None, code: str | None, name: str | None) -> dict[str, object]:
    """A URI where the scheme is one, else the code as a literal."""
    made: dict[str, object] = {"name": name} if name else {}
    if scheme and code and "://" in scheme:
        made["uri"] = f"{scheme.rstrip('/')}/{code}"
    elif code:
        made["literal"] = f"{scheme}:{code}" if scheme else code
    return made


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
