"""If-Match: whoever changes something says which state of it they saw."""

from typing import Any

from fastapi import HTTPException

from visitwire_gateway.api.shapes import PROBLEMS

STALE: dict[int | str, dict[str, Any]] = {412: PROBLEMS[422], 428: PROBLEMS[422]}


def seen_state(if_match: str | None, unseen: str) -> int | None:
    """The number of `number_of`. Answers 428, with the words `unseen`, without an If-Match."""
    if if_match is None:
        raise HTTPException(428, unseen)
    return number_of(if_match)


def number_of(tag: str) -> int | None:
    """The revision or version that an ETag of ours names; None of *: whatever it is; -1, which nothing has, of another
    text."""
    if tag.strip() == "*":
        return None
    number = tag.strip().removeprefix("W/").strip('"')
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else -1
