"""Ids that several items share are none: told apart inside one file, and between a story and what came before it."""

import re
from collections.abc import Sequence
from hashlib import sha256

from visitwire_schemas import PubStatus, Story

_WORD = re.compile(r"\w+")
UNLIKE = 0.2
"""The share of words in common below which two texts under one id are two stories, and no version of one another."""
FEWEST = 8
"""Words below which a text says too little to be told apart."""


def apart(found: Sequence[Story]) -> list[Story]:
    """The stories of one file. An id that three of them have under different headlines, or two of the same time or of
    nothing in common, is the sender's constant: each gets an id of its own from it."""
    groups: dict[str, list[Story]] = {}
    for each in found:
        groups.setdefault(each.key, []).append(each)
    shared = {key for key, group in groups.items() if len(group) > 1 and _constant(group)}
    return [own(each) if each.key in shared else each for each in found] if shared else list(found)


def own(story: Story) -> Story:
    """The story under an id that its headline, or else its text, makes its own."""
    mark = sha256((story.headline or story.text).encode("utf-8", "replace")).hexdigest()[:16]
    return story.model_copy(update={"uri": f"{story.uri}#{mark}"})


def unlike(one: Story, other: Story) -> bool:
    """Whether two texts under one id have too little in common to be versions of one story."""
    first, second = (set(_WORD.findall(f"{each.headline or ''} {each.text}".lower())) for each in (one, other))
    fewer = min(len(first), len(second))
    return fewer >= FEWEST and len(first & second) < UNLIKE * fewer and one.headline != other.headline


def _constant(group: list[Story]) -> bool:
    headlines = {each.headline for each in group}
    if any(each.pubstatus != PubStatus.USABLE for each in group):
        return False  # one takes the other back
    if len(headlines) < 2 or len({each.version for each in group}) > 1:
        return False
    if len(headlines) > 2:
        return True
    one, other = (next(each for each in group if each.headline == headline) for headline in headlines)
    return one.versioncreated == other.versioncreated or unlike(one, other) or not _telling(one) & _telling(other)


def _telling(story: Story) -> set[str]:
    """The longer words of a story, whose language's small ones every other has too."""
    return {each for each in _WORD.findall(f"{story.headline} {story.text}".lower()) if len(each) > 3}
