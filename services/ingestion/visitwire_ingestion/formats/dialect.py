"""What one agency does differently, as data: a small file for each in `dialects/`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from visitwire_schemas import Revision

_HEAD = 8000
"""How much of an item is looked at to recognise whose it is, in characters."""


@dataclass(frozen=True)
class Dialect:
    """The rules of one agency for one format; docs/feeding.md explains every key."""

    name: str
    """The agency's slug, which becomes `Story.provider`."""
    format: str
    match: tuple[re.Pattern[str], ...] = ()
    """Any of these in the first 8,000 characters makes the item this agency's."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The clock of times that are given without an offset."""
    indented: bool = False
    """An indented line inside a paragraph begins a new one."""
    lenient: bool = False
    """The agency is known to break the format's schema in ways that lose nothing."""
    root: str | None = None
    """For an agency's own XML: the name of the element that is one item."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Story field -> XPaths from the item's element; the first that finds something wins over the format's own rule."""
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same, only where the format found nothing."""
    revisions: Mapping[str, Revision] = field(default_factory=dict)
    """A signal or status of the agency -> what it says of the version."""
    skip: tuple[str, ...] = ()
    """XPaths of elements in the body that are no part of the story (a list of topics above it)."""
    drop: tuple[re.Pattern[str], ...] = ()
    """Lines of the text that are no part of the story (a routing line, a rule)."""
    end: re.Pattern[str] | None = None
    """The line at which the story ends and notes to the newsroom begin."""


NONE = Dialect(name="", format="")
"""What the format's standard says, and nothing else."""


def recognise(format: str, text: str) -> Dialect:
    """Whose item this is, by its first characters; `NONE` when it is nobody's known here."""
    head = text[:_HEAD]
    for dialect in known():
        if dialect.format == format and any(pattern.search(head) for pattern in dialect.match):
            return dialect
    return NONE


@cache
def known() -> tuple[Dialect, ...]:
    """Every dialect in the package, by file name."""
    folder = resources.files("visitwire_ingestion") / "dialects"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(dialect for each in files for dialect in parse(each.read_text(encoding="utf-8")))


def parse(text: str) -> list[Dialect]:
    """The dialects of one file: its `name`, and a table for each format it speaks.

    Raises `ValueError` where the file is not a dialect file.
    """
    data = tomllib.loads(text)
    return [_dialect(str(data["name"]), rules) for rules in data["format"]]


def _dialect(name: str, rules: Mapping[str, object]) -> Dialect:
    unknown = set(rules) - {each for each in Dialect.__dataclass_fields__ if each != "name"}
    if unknown:
        raise ValueError(f"Dialect {name} has unknown keys: {', '.join(sorted(unknown))}.")
    end = rules.get("end")
    return Dialect(
        name=name,
        format=str(rules["format"]),
        match=tuple(re.compile(each) for each in _strings(rules.get("match"))),
        zone=ZoneInfo(str(rules.get("zone", "UTC"))),
        indented=bool(rules.get("indented")),
        lenient=bool(rules.get("lenient")),
        root=str(rules["root"]) if "root" in rules else None,
        fields=_paths(rules.get("fields")),
        fallbacks=_paths(rules.get("fallbacks")),
        revisions={key: Revision(str(value)) for key, value in _table(rules.get("revisions")).items()},
        skip=_strings(rules.get("skip")),
        drop=tuple(re.compile(each) for each in _strings(rules.get("drop"))),
        end=re.compile(str(end)) if end else None,
    )


def _strings(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value)) if isinstance(value, list) else ()


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _paths(value: object) -> Mapping[str, tuple[str, ...]]:
    return {key: _strings(each) for key, each in _table(value).items()}
