"""What desks call a story, and which stories a kill names in its words: names that mean one story for a day or two."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, and_, func, select
from visitwire_schemas import Revision, Story
from visitwire_schemas.story import story_key

from visitwire_ingestion.formats.draft import MADE
from visitwire_ingestion.formats.revision import called_by_headline, unlabelled
from visitwire_ingestion.life import is_kill
from visitwire_ingestion.sql_tables import kills, names

NAMED_FOR = timedelta(hours=48)
"""How long a name such as "dpa 157" means one story; numbers start again each day or two."""
SLUG_FOR = timedelta(hours=24)
_BY_ID = "id:"
_MESSAGE = re.compile(r"[^\s@:/]+@[^\s@:/]+")
"""The id of an e-mail, or of a calendar's event."""


def called(story: Story) -> list[str]:
    """What the desk may call the story later, where it has no id of its own."""
    found: list[str] = []
    if item := story.identifiers.get("item"):
        found += [item, item.lstrip("abcdefghijklmnopqrstuvwxyz")]
    if story.slugline and _nameless(story):
        found.append(f"slug:{story.slugline.lower()[:280]}")
    elif story.headline and _nameless(story) and not is_kill(story):
        found.append(called_by_headline(story.headline))
    return [each for each in dict.fromkeys(found) if each]


def victim(kill: Story, known_as: Sequence[str]) -> str | None:
    """What a kill names, where it is not the story of its own id: another id, or words where the format has no ids."""
    named = kill.identifiers.get("kills")
    if named and "@" in named:
        return f"{_BY_ID}{named}"[:300]
    if not _nameless(kill):
        return None
    if named or (slug := next((each for each in known_as if each.startswith("slug:")), None)):
        return named or slug
    return called_by_headline(said) if (said := unlabelled(kill.headline or "")) else None


def meant(connection: Connection, kill: Story, named: str) -> list[str]:
    """The keys of the stories that go by the name, which is an id or some words for a day or two."""
    if named.startswith(_BY_ID):
        return [story_key(kill.provider, named.removeprefix(_BY_ID))]
    query = select(names.c.key).where(
        and_(
            names.c.provider == kill.provider,
            names.c.name == named,
            names.c.published <= kill.published,
            names.c.published >= kill.published - _span(named),
        )
    )
    return [str(key) for (key,) in connection.execute(query.order_by(names.c.key))]


def killed_before(connection: Connection, story: Story, known_as: Sequence[str]) -> bool:
    """Whether a kill in words came before the story that it names."""
    by_id = [f"{_BY_ID}{story.uri}"[:300]] if "@" in story.uri else []  # only mails are killed by id
    for name in [*known_as, *by_id]:
        query = select(func.count()).where(and_(kills.c.provider == story.provider, kills.c.name == name))
        if not name.startswith(_BY_ID):
            query = query.where(kills.c.published.between(story.published, story.published + _span(name)))
        if connection.execute(query).scalar_one():
            return True
    return False


def linked(connection: Connection, story: Story, known_as: Sequence[str]) -> Story:
    """For formats without ids: an update, correction or take evolved from the story of the same slug and day."""
    follows = story.revision in (Revision.UPDATE, Revision.CORRECTION, Revision.REFILE, Revision.REPEAT)
    slug = next((each for each in known_as if each.startswith("slug:")), None)
    if not (follows and slug and story.uri.startswith(MADE)) or story.evolvedfrom:
        return story
    query = select(names.c.key).where(
        and_(
            names.c.provider == story.provider,
            names.c.name == slug,
            names.c.key != story.key,
            names.c.published <= story.published,
            names.c.published >= story.published - SLUG_FOR,
        )
    )
    found = connection.execute(query.order_by(names.c.published.desc(), names.c.key).limit(1)).scalar_one_or_none()
    return story.model_copy(update={"evolvedfrom": found.partition("|")[2]}) if found else story


def _span(name: str) -> timedelta:
    """How long a name means one story."""
    return SLUG_FOR if name.startswith(("slug:", "headline:")) else NAMED_FOR


def _nameless(story: Story) -> bool:
    """Whether no desk would use the story's id: one made here, or that of a message."""
    return story.uri.startswith(MADE) or bool(_MESSAGE.fullmatch(story.uri))
