"""Reads subscriptions that people wrote, in YAML or JSON, and says plainly what is wrong with them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from visitwire_language.gazetteer.display import code_of
from visitwire_schemas.subscription import ADDRESS, CHAT, CLOCK, SECRET, WEB, NotListed, Subscription, listed, schema

from visitwire_alerting.subscriptions.expression import compile_expression

LARGEST = 1_000_000
"""Bytes of a file with subscriptions."""
PATTERNS = {
    ADDRESS: "an e-mail address",
    CHAT: "the address of one of the chat services that docs/alerts.md names",
    CLOCK: "a time of day, as 07:30",
    SECRET: "a secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64",
    WEB: "a web address, as https://desk.example/hook",
    r"^[a-z0-9][a-z0-9-]{0,62}$": "lower-case letters, digits and hyphens, at most 63",
    r"\S": "more than blanks",
}
TYPES = {
    "bool": "true or false",
    "date": "a day, as 2026-03-28",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "model": "a mapping",
    "string": "text",
    "tuple": "a list",
}
BOUNDS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length}",
    "too_long": "must have at most {max_length}",
    "missing": "is missing",
    "union_tag_not_found": "has no {discriminator}",
    "union_tag_invalid": "unknown {discriminator} {tag!r}; use one of {expected_tags}",
}
"""What pydantic counts as wrong, by its name for it, in our words."""


class Unreadable(ValueError):
    """A subscription that cannot be taken, with a sentence for each reason."""


def read_file(path: Path) -> list[Subscription]:
    """The subscriptions of a file: one, or a list of them. Raises `Unreadable`."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path}: larger than {LARGEST:,} bytes")
        return read(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: no text in UTF-8") from None


def read(text: str, name: str = "subscription") -> list[Subscription]:
    try:
        found = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise Unreadable(f"{name}{line}: neither YAML nor JSON") from None
    items = found if isinstance(found, list) else [found]
    return [accept(item, f"{name}[{place}]" if len(items) > 1 else name) for place, item in enumerate(items)]


def accept(item: Any, name: str = "subscription") -> Subscription:
    """The subscription that a mapping says. Raises `Unreadable`."""
    if not isinstance(item, dict):
        raise Unreadable(f"{name}: a subscription is a mapping with id, name and channels")
    try:
        found = Subscription.model_validate_json(json.dumps(item, default=str))
    except ValidationError as error:
        told = sentences(error.errors(include_url=False))
        raise Unreadable("\n".join(f"{name}: {one}" for one in told)) from None
    if found.filter.expression is not None:
        try:
            compile_expression(found.filter.expression)
        except ValueError as error:
            raise Unreadable(f"{name}: filter.expression: {error}") from None
    return found


def sentences(problems: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What pydantic found wrong in a subscription or in a part of one (`ValidationError.errors()`)."""
    for problem in problems:
        if problem["type"] == "too_short" and any(_inside(other["loc"], problem["loc"]) for other in problems):
            continue  # the list is short only because pydantic counts the good items
        yield _sentence(problem)


def _sentence(problem: Mapping[str, Any]) -> str:
    place, kind = problem["loc"], problem["type"]
    if kind == "extra_forbidden":
        place, words = place[:-1], _unknown(place)
    else:
        words = _words(kind, problem)
    where = ".".join(map(str, place))
    return f"{where}: {words}" if where else words


def _unknown(place: tuple[int | str, ...]) -> str:
    *outer, name = map(str, place)
    what = "condition" if outer[-1:] in (["filter"], ["unless"]) else "field"
    near = get_close_matches(name, _fields(place[:-1]), n=1)
    return f"there is no {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _words(kind: str, problem: Mapping[str, Any]) -> str:
    message, more = str(problem["msg"]), problem.get("ctx", {})
    if kind in BOUNDS:
        bare = {name: one.replace("'", "") if isinstance(one, str) else one for name, one in more.items()}
        return BOUNDS[kind].format(**bare)
    if kind in ("enum", "literal_error"):
        known = re.findall(r"'([^']+)'", more["expected"])
        near = get_close_matches(str(problem.get("input")), known, n=1)
        meant = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"
        return f"{str(problem.get('input'))[:60]!r} is not known; {meant}"
    if isinstance(wrong := more.get("error"), NotListed):
        return f"{wrong}{_meant(wrong)}"
    if kind == "string_pattern_mismatch" and more["pattern"] in PATTERNS:
        return f"must be {PATTERNS[more['pattern']]}"
    if wanted := TYPES.get(kind.partition("_")[0]):
        return f"must be {wanted}"
    return message.removeprefix("Value error, ").replace("Input should be", "must be", 1)


def _meant(wrong: NotListed) -> str:
    """Which of the listed names may have been meant; a country is found by its name, too."""
    code = code_of(wrong.given) if wrong.names == "countries" else None
    near = [code] if code else get_close_matches(wrong.given, listed(wrong.names), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


@cache
def _schema() -> dict[str, Any]:
    return schema()


def _fields(place: tuple[int | str, ...]) -> list[str]:
    """The fields of the part of a subscription that is there."""
    node = _schema()
    for part in place:
        node = next((inner for option in _options(node) if (inner := _inner(option, part)) is not None), {})
    return [name for option in _options(node) for name in option.get("properties", ())]


def _options(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if ref := node.get("$ref"):
        node = _schema()["$defs"][ref.rpartition("/")[2]]
    yield node
    for option in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _options(option)


def _inner(node: dict[str, Any], part: int | str) -> dict[str, Any] | None:
    """What lies under a field's name, an item's number, or the kind of a channel."""
    if isinstance(part, int):
        return node.get("items")
    kinds = node.get("discriminator", {}).get("mapping", {})
    return {"$ref": kinds[part]} if part in kinds else node.get("properties", {}).get(part)


def _inside(where: tuple[int | str, ...], of: tuple[int | str, ...]) -> bool:
    return len(where) > len(of) and where[: len(of)] == of


class _Loader(yaml.SafeLoader):
    """YAML without surprises: "no" (Norway is NO) and 07:00 stay what was written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to say it
        first: [
            (tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("timestamp", "int", "bool")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
