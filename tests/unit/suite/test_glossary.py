"""docs/glossary.md: every name that it mentions exists, each word has one row, and no message or stage is missing."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from visitwire_schemas import FLOW
from visitwire_schemas.asyncapi import topics

PAGE = (Path(__file__).parents[3] / "docs/glossary.md").read_text("utf-8")
NAMES = sorted(set(re.findall(r"`([^`]*)`", PAGE)))
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    2:
]


def module_of(name: str) -> tuple[str, list[str]]:
    """The longest part of a dotted name that is a module, and the rest."""
    parts = name.split(".")
    size = 1
    while size < len(parts) and find_spec(".".join(parts[: size + 1])):
        size += 1
        if not hasattr(import_module(".".join(parts[:size])), "__path__"):
            break
    return ".".join(parts[:size]), parts[size:]


def exists(name: str) -> bool:
    """Whether a dotted name is a module, something in one, or a field of a class in one."""
    if find_spec(name.partition(".")[0]) is None:
        return False
    module, rest = module_of(name)
    found: Any = import_module(module)
    for part in rest:
        if part in getattr(found, "__annotations__", ()):
            return part == rest[-1]
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


@pytest.mark.parametrize("name", NAMES)
def test_what_it_mentions_exists(name: str) -> None:
    assert exists(name), f"docs/glossary.md mentions {name}, which is not there (any more)"


@pytest.mark.parametrize(
    "name", ["nowhere", "visitwire_schemas.nothing", "visitwire_schemas.visit.Visit.nothing", "visitwire_nothing.a"]
)
def test_what_does_not_exist_is_noticed(name: str) -> None:
    assert not exists(name)


def test_each_word_has_one_row_with_its_meaning_and_its_carrier() -> None:
    words = [word for word, _, _ in ROWS]
    assert len(words) > 60
    assert words == sorted(set(words))
    assert [word for word, meaning, carrier in ROWS if not meaning.endswith(".") or "`visitwire_" not in carrier] == []


def test_nothing_is_carried_twice() -> None:
    carriers = [name for _, _, cell in ROWS for name in re.findall(r"`([^`]*)`", cell)]
    assert sorted(carriers) == sorted(set(carriers))


def test_no_message_and_no_stage_is_missing() -> None:
    messages = {f"{topic.message.__module__}.{topic.message.__name__}" for topic in topics()}
    messages |= {f"{row.dead_letters.message.__module__}.{row.dead_letters.message.__name__}" for row in FLOW}
    stages = {f"visitwire_{row.stage}.stage" for row in FLOW}
    assert (messages | stages) - set(NAMES) == set()
