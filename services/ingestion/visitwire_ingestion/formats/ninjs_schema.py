"""The check of an object against the ninjs schema of its version, from the table of fields."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_runtime import InvalidMessage

from visitwire_ingestion.formats.ninjs_fields import SHAPES
from visitwire_ingestion.formats.ninjs_kinds import SIMPLE, Check, Json, dated, listed, named, one_of, ranged, worded

LATEST = {"1": (1, 8), "2": (2, 4), "3": (3, 3)}
_LINE = re.compile(r"^(?P<name>\*?\S+?)(?P<must>!?): (?P<kind>.+?)(?: @(?P<since>\d+\.\d+))?$")
_NAMED = re.compile(r"(?:^|ninjs-schema_)([123])\.(\d{1,2})(?!\d)")
"""A version, said alone or in the address of its schema."""
_DEEPEST = 50


def check(value: Json) -> None:
    """Raises `InvalidMessage` that names the field which breaks the schema, and how."""
    problem = problem_of(value)
    if problem:
        raise InvalidMessage(f"The item breaks the ninjs {schema_of(value)} schema: {problem}. Correct the field.")


def schema_of(value: Json) -> str:
    """Which schema the item is checked against: "2.1", or "1.x" where it names none."""
    family, version = family_of(value)
    return ".".join(map(str, version)) if version else f"{family}.x"


def problem_of(value: Json) -> str | None:
    """The first thing that breaks the schema, or None."""
    return next(problems(value), None)


def problems(value: Json) -> Iterator[str]:
    """Everything that breaks the schema.

    An item that names no version needs to be right in one of the families; the problems are those of the likeliest.
    """
    family, version = family_of(value)
    newer = version is not None and version > LATEST[family]
    found = _shape(family, "item", min(version or LATEST[family], LATEST[family]), newer)(value, "")
    first = next(found, None)
    if first is None:
        return
    others = [each for each in LATEST if each != family] if version is None else []
    if any(next(_shape(each, "item", LATEST[each], False)(value, ""), None) is None for each in others):
        return
    yield first
    yield from found


def family_of(value: Json) -> tuple[str, tuple[int, int] | None]:
    """The family ("1", "2", "3") and, where the item names one, the version.

    Without a word of it the names decide: 3.x writes them in camel case, 2.x in the plural.
    """
    for key in ("$standard", "standard"):
        standard = value.get(key)
        said = [standard.get("version"), standard.get("schema")] if isinstance(standard, Mapping) else []
        found = next((named for each in said if (named := _NAMED.search(str(each)))), None)
        if found:
            return found[1], (int(found[1]), int(found[2]))
    keys = set(value)
    if keys & _only("3"):
        return "3", None
    return ("2", None) if keys & _only("2") and not keys & _only("1") else ("1", None)


@cache
def _only(family: str) -> frozenset[str]:
    """Names of an item that no earlier family knows (for 1.x: no later)."""
    others = {"1": ("2", "3"), "2": ("1",), "3": ("1", "2")}[family]
    return _names(family).difference(*(_names(each) for each in others))


@cache
def _names(family: str) -> frozenset[str]:
    return frozenset(line.split(":")[0].strip().rstrip("!") for line in SHAPES[family]["item"].split("\n"))


@dataclass(frozen=True)
class _Field:
    check: Check
    required: bool


@cache
def _shape(family: str, name: str, version: tuple[int, int], open: bool) -> Check:
    """The check of an object of the shape `name`. `open`: its version is later and may know more fields."""
    fields: dict[str, _Field] = {}
    patterns: list[tuple[re.Pattern[str], Check]] = []
    rules: list[Callable[[Json], str | None]] = []
    for text in _lines(family, name):
        found = _LINE.match(text)
        if text.startswith("one of "):
            rules.append(one_of(text[7:].split(", ")))
        elif text == "start or end":
            rules.append(dated)
        elif found and not (found["since"] and tuple(map(int, found["since"].split("."))) > version):
            checked = _kind(found["kind"], family, version, open)
            if found["name"].startswith("*"):
                patterns.append((re.compile(found["name"][1:]), checked))
            else:
                fields[found["name"]] = _Field(checked, bool(found["must"]))
    return _object(fields, patterns, rules, open)


def _lines(family: str, name: str) -> list[str]:
    """The lines of a shape; an associated item is a whole item with a name."""
    own = SHAPES[family][name]
    whole = own + "\n" + SHAPES[family]["item"] if name == "associated" else own
    return [line.strip() for line in whole.split("\n") if line.strip()]


def _object(
    fields: Mapping[str, _Field],
    patterns: list[tuple[re.Pattern[str], Check]],
    rules: list[Callable[[Json], str | None]],
    open: bool,
) -> Check:
    def checked(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{path or 'the item'} is {named(value)}, not an object"
            return
        if path.count(".") > _DEEPEST:
            yield f"{path[:60]}… is nested too deep"
            return
        for name, field in fields.items():
            if field.required and name not in value:
                yield f"{path + '.' if path else ''}{name} is missing"
        for name, each in value.items():
            where = f"{path}.{name}" if path else str(name)
            own = fields.get(str(name))
            found = (
                own.check if own else next((check for pattern, check in patterns if pattern.search(str(name))), None)
            )
            if found:
                yield from found(each, where)
            elif not open:
                yield f"{where} is not a field of this version"
        for rule in rules:
            if said := rule(value):
                yield f"{path} {said}"

    return checked


def _kind(kind: str, family: str, version: tuple[int, int], open: bool) -> Check:
    """The check that a kind of the notation stands for."""
    if kind.startswith("{"):
        name = kind[1:-1]
        return lambda value, path: _shape(family, name, version, open)(value, path)
    if kind.startswith("["):
        return listed(_kind(kind[1:-1], family, version, open))
    if kind.startswith("<"):
        pattern, _, inner = kind[1:-1].partition(" ")
        return _object({}, [(re.compile(pattern), _kind(inner, family, version, open))], [], False)
    if kind.startswith("int("):
        low, _, high = kind[4:-1].partition("..")
        return ranged(int(low), int(high))
    return SIMPLE.get(kind) or worded(frozenset(kind.split("|")))
