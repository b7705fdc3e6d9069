"""JSON Schemas of ninjs, by jsonschema: which of several fits an item, and what it says of it."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import DRAFT202012
from visitwire_ingestion.formats.ninjs_schema import family_of

from visitwire_suite.published.json_lines import line_of
from visitwire_suite.published.unusable import Unusable

_NINJS = re.compile(r"ninjs[\w-]*?[_-](\d+)\.(\d+)")
_LONGEST = 60


@dataclass
class _Schema:
    path: Path
    contents: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(self.contents.get(each) or "") for each in ("$id", "id"))

    @cached_property
    def version(self) -> tuple[int, int] | None:
        """Of ninjs, as its file or its id is called; None for a schema of something else."""
        found = next((got for name in (self.path.name, *self.names) if (got := _NINJS.search(name))), None)
        return (int(found[1]), int(found[2])) if found else None


class JsonSchemas:
    """The JSON Schemas of a folder. Raises `Unusable` where one of them is not valid JSON."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._all = [made for each in files if (made := _schema(each)) is not None]
        self._known: Registry[Any] = Registry(retrieve=self._beside)  # type: ignore[call-arg]
        self._validators: dict[Path, Validator] = {}

    def __bool__(self) -> bool:
        return any(each.version for each in self._all)

    def breaches(self, value: Any, text: str, place: tuple[int, ...]) -> list[str] | None:
        """Every breach, with the schema's name; None where there is no schema of the item's family."""
        schema = self._fitting(value)
        if schema is None:
            return None
        try:
            found = sorted(self._validator(schema).iter_errors(value), key=lambda each: list(map(str, each.path)))
        except Unresolvable as missing:
            raise Unusable(
                f"{schema.path.name} refers to {missing.ref}, which is not in the folder: put it there"
            ) from None
        return [f"{schema.path.name}: {said}" for each in found for said in _said(each, text, place)]

    def _fitting(self, value: Any) -> _Schema | None:
        """Of the item's version; else of the next one of its family, else of its family's latest."""
        family, version = family_of(value)
        versions = {each.version: each for each in self._all if each.version and str(each.version[0]) == family}
        if not versions:
            return None
        later = [each for each in versions if version and each >= version]
        return versions[min(later) if later else max(versions)]

    def _validator(self, schema: _Schema) -> Validator:
        if schema.path not in self._validators:
            kind = validator_for(schema.contents, default=Draft202012Validator)
            try:
                kind.check_schema(schema.contents)
            except SchemaError as error:
                raise Unusable(f"{schema.path.name} is not a schema that can be used: {error.message}") from None
            made = kind(schema.contents, registry=self._known, format_checker=kind.FORMAT_CHECKER)
            self._validators[schema.path] = made
        return self._validators[schema.path]

    def _beside(self, uri: str) -> Resource[Any]:
        """What a schema refers to is the one of that id or that file's name in the folder: nothing is fetched."""
        name = PurePosixPath(urlsplit(uri).path).name
        for each in self._all:
            if uri.rstrip("#") in (known.rstrip("#") for known in each.names) or (name and each.path.name == name):
                return Resource.from_contents(each.contents, default_specification=DRAFT202012)
        raise NoSuchResource(uri)


def _schema(path: Path) -> _Schema | None:
    """None for JSON that is not a schema, such as an example that lies beside."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError, RecursionError) as error:
        raise Unusable(f"{path.name} cannot be read: {error}") from None
    return _Schema(path, found) if isinstance(found, dict) and "$schema" in found else None


def _said(error: ValidationError, text: str, place: tuple[int, ...]) -> Iterator[str]:
    """The breach with its line and path; where none of several forms fits, what the nearest one lacks."""
    nearest = max(error.context or (), key=_near, default=None)
    where = tuple(error.absolute_path)
    said = f"line {line_of(text, (*place, *where))}: {_path(where)}: {_short(error)}"
    if nearest is not None:
        said += f" ({_path(tuple(nearest.absolute_path))}: {_short(nearest)})"
    yield said


def _near(error: ValidationError) -> tuple[int, bool]:
    """How far a form was right: it went deep, or at least was of the right kind."""
    return len(error.absolute_path), error.validator != "type"


def _short(error: ValidationError) -> str:
    shown = repr(error.instance)
    return error.message if len(shown) <= _LONGEST else error.message.replace(shown, "it")


def _path(where: Sequence[str | int]) -> str:
    """`headlines[1].value`"""
    said = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in where)
    return said.removeprefix(".") or "the item"
