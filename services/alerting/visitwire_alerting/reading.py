"""Reads subscriptions that people wrote, in YAML or JSON, and says plainly what is wrong with them."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from visitwire_alerting.expression import compile_expression
from visitwire_alerting.subscription import Subscription

LARGEST = 1_000_000
"""Bytes of a file with subscriptions."""


class Unreadable(ValueError):
    """A subscription that cannot be taken, with a sentence for each reason."""


def read_file(path: Path) -> list[Subscription]:
    """The subscriptions of a file: one, or a list of them. Raises `Unreadable`."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path}: larger than {LARGEST:,} bytes")
        return read(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from None


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
        raise Unreadable("\n".join(_sentences(error, name))) from None
    if found.filter.expression is not None:
        try:
            compile_expression(found.filter.expression)
        except ValueError as error:
            raise Unreadable(f"{name}: filter.expression: {error}") from None
    return found


def _sentences(error: ValidationError, name: str) -> Iterable[str]:
    problems = error.errors(include_url=False, include_input=False)
    for problem in problems:
        if problem["type"] == "too_short" and any(_inside(other["loc"], problem["loc"]) for other in problems):
            continue  # the list is short only because pydantic counts the good items
        where = ".".join(str(part) for part in problem["loc"]) or "it"
        yield f"{name}: {where}: {problem['msg'].removeprefix('Value error, ')}"


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
