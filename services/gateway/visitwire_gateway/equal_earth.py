"""Where places lie on the drawn map: the Equal Earth projection (Šavrič, Patterson, Jenny 2018), 1000 units wide."""

from math import asin, cos, hypot, radians, sin, sqrt

WIDTH = 1000.0
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
REACH = 2.70663
"""The projection's x at 180 degrees east."""
HALF_ROUND = 0.48 * WIDTH
"""About half the way round the world where capitals lie; the sheet is narrower there than at the equator."""
NORTH, SOUTH = 84.0, -58.0
"""Degrees of latitude shown; nobody pays state visits beyond."""


def _plane(lon: float, lat: float) -> tuple[float, float]:
    turn = asin(sqrt(3) / 2 * sin(radians(lat)))
    square = turn * turn
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    return (
        2 * sqrt(3) * radians(lon) * cos(turn) / (3 * slope),
        turn * (A1 + A2 * square + sixth * (A3 + A4 * square)),
    )


TOP = _plane(0, NORTH)[1]
SCALE = WIDTH / 2 / REACH
HEIGHT = round((TOP - _plane(0, SOUTH)[1]) * SCALE, 1)


def spot(lon: float, lat: float) -> tuple[float, float]:
    """Degrees to the sheet: x to the right, y down, rounded to a tenth."""
    x, y = _plane(lon, max(SOUTH, min(NORTH, lat)))
    return round(WIDTH / 2 + x * SCALE, 1), round((TOP - y) * SCALE, 1)


type Point = tuple[float, float]


def bend(start: Point, end: Point) -> Point:
    """The control point of the curve from start to end: left of the way, so that ways there and back part."""
    (x1, y1), (x2, y2) = start, end
    lift = 0.2 if hypot(x2 - x1, y2 - y1) > 60 else 0.35
    return (x1 + x2) / 2 + (y2 - y1) * lift, (y1 + y2) / 2 - (x2 - x1) * lift


def legs(start: Point, end: Point) -> tuple[tuple[Point, Point], ...]:
    """The way from start to end as it is drawn: the short way round, which over the date line leaves the sheet at one
    side and comes back at the other."""
    if abs(end[0] - start[0]) <= HALF_ROUND:
        return ((start, end),)
    turn = WIDTH if end[0] < start[0] else -WIDTH
    return ((start, (round(end[0] + turn, 1), end[1])), ((round(start[0] - turn, 1), start[1]), end))


def arc(start: Point, end: Point) -> str:
    """An SVG path from start to end."""
    (x1, y1), (x2, y2), (x, y) = start, end, bend(start, end)
    return f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}"


def top(start: Point, end: Point) -> Point:
    """The middle of the curve, where it is farthest from the straight line."""
    x, y = bend(start, end)
    return (start[0] + 2 * x + end[0]) / 4, (start[1] + 2 * y + end[1]) / 4


def head(start: Point, end: Point, unit: float = 1.0) -> str:
    """An SVG path: the point of an arrow that the curve ends in, just outside of the end's dot."""
    x, y = bend(start, end)
    length = hypot(end[0] - x, end[1] - y) or 1.0
    along = (end[0] - x) / length * unit, (end[1] - y) / length * unit
    tip = end[0] - along[0] * 5, end[1] - along[1] * 5
    back = end[0] - along[0] * 14, end[1] - along[1] * 14
    left, right = ((back[0] + side * along[1] * 4, back[1] - side * along[0] * 4) for side in (1, -1))
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in (left, tip, right)) + "Z"
