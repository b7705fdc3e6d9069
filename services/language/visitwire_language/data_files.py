"""The data files of the language library: tables of one row a line, fields parted by `|`, and lists in TOML."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


def of_world(name: str) -> Traversable:
    """A file of facts that hold in every language."""
    return files(__package__).joinpath("data", name)


def of_language(name: str, language: str) -> Traversable:
    """A file of words of one language ("en")."""
    return files(__package__).joinpath("lang", language, name)


def rows(table: Traversable) -> Iterator[list[str]]:
    """The rows of a table, without its comments and empty lines."""
    for line in table.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]


def several(field: str) -> list[str]:
    """The names that one field lists, parted by `;`."""
    return [name.strip() for name in field.split(";") if name.strip()]


def sections(table: Traversable) -> dict[str, Any]:
    """What a TOML file holds."""
    return tomllib.loads(table.read_text("utf-8"))
