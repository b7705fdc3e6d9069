"""What a single value of ninjs may be: the checks that the kinds of the notation stand for."""

import re
from collections.abc import Callable, Iterator, Mapping

type Json = Mapping[str, object]
type Check = Callable[[object, str], Iterator[str]]
"""Looks at a value at a path; says what is wrong with it."""

_TRUNCATED = re.compile(
    r"-?\d{4,}(-(1[0-2]|0[1-9])(-(3[01]|0[1-9]|[12]\d)(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?)?)?"
)
_GEOJSON = frozenset(
    [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
        "Feature",
        "FeatureCollection",
    ]
)


def one_of(names: list[str]) -> Callable[[Json], str | None]:
    def rule(value: Json) -> str | None:
        count = sum(1 for name in names if name in value)
        return None if count == 1 else f"must have exactly one of {' and '.join(names)}, and has {count or 'none'}"

    return rule


def dated(value: Json) -> str | None:
    """Exactly one of the two starts, or exactly one of the two ends."""
    starts = ("startDate" in value) + ("expectedStartDate" in value)
    ends = ("endDate" in value) + ("expectedEndDate" in value)
    return None if starts == 1 or ends == 1 else "needs a start or an end, each given once"


def listed(inner: Check) -> Check:
    def checked(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} is {named(value)}, not a list"
            return
        for place, each in enumerate(value):
            yield from inner(each, f"{path}[{place}]")

    return checked


def ranged(low: int, high: int) -> Check:
    def checked(value: object, path: str) -> str | None:
        problem = _whole(value, path)
        if problem:
            return problem
        inside = isinstance(value, int | float) and low <= value <= high
        return None if inside else f"{path} is {value}, and must be {low} to {high}"

    return _simple(checked)


def worded(allowed: frozenset[str]) -> Check:
    def checked(value: object, path: str) -> str | None:
        if isinstance(value, str) and value in allowed:
            return None
        return f"{path} is {str(value)[:40]!r}, and must be one of {', '.join(sorted(allowed))}"

    return _simple(checked)


def _simple(problem: Callable[[object, str], str | None]) -> Check:
    """The check of a value that can be wrong in one way at a time."""

    def checked(value: object, path: str) -> Iterator[str]:
        if said := problem(value, path):
            yield said

    return checked


def _string(value: object, path: str) -> str | None:
    return None if isinstance(value, str) else f"{path} is {named(value)}, not a string"


def _number(value: object, path: str) -> str | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return None if good else f"{path} is {named(value)}, not a number"


def _whole(value: object, path: str) -> str | None:
    good = (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    return None if good else f"{path} is {named(value)}, not a whole number"


def _truncated(value: object, path: str) -> str | None:
    good = isinstance(value, str) and _TRUNCATED.fullmatch(value)
    return None if good else f"{path} is not a year, month, day or time of the form 2025-03-27T10:00:00Z"


def _geojson(value: object, path: str) -> str | None:
    """The outline of RFC 7946: a known type, and what that type must carry."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or kind not in _GEOJSON:
        return f"{path} has no GeoJSON type"
    needed = {"GeometryCollection": "geometries", "Feature": "geometry", "FeatureCollection": "features"}.get(
        str(kind), "coordinates"
    )
    return None if needed in value else f"{path} is a {kind} without {needed}"


def named(value: object) -> str:
    if value is None:
        return "null"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), type(value).__name__)


SIMPLE: Mapping[str, Check] = {
    "str": _simple(_string),
    "uri": _simple(_string),
    "time": _simple(_string),
    "num": _simple(_number),
    "int": _simple(_whole),
    "truncated": _simple(_truncated),
    "geojson": _simple(_geojson),
    "any": _simple(lambda value, path: None),
    "none": _simple(lambda value, path: f"{path} cannot be given: the schema wants a list and a string at once"),
}
