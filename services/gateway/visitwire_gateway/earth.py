"""Where places lie on the drawn map: the Equal Earth projection (Šavrič, Patterson, Jenny 2018), 1000 units wide."""

from math import asin, cos, hypot, radians, sin, sqrt

WIDTH = 1000.0
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
REACH = 2.70663
"""The projection's x at 180 degrees east."""
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


def arc(start: tuple[float, float], end: tuple[float, float]) -> str:
    """An SVG path that rises above the straight line, more for a longer way, so that ways there and back part."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    lift = 0.22 if length > 60 else 0.45
    middle = ((x1 + x2) / 2 + (y2 - y1) * lift * 0.5, (y1 + y2) / 2 - abs(x2 - x1) * lift - length * 0.06)
    return f"M{x1:g} {y1:g}Q{middle[0]:.1f} {middle[1]:.1f} {x2:g} {y2:g}"
