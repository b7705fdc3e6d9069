"""The map: who goes where, as arcs between capitals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.responses import HTMLResponse
from visitwire_schemas import Precision, VisitDates

from visitwire_gateway.capitals import Capital, places
from visitwire_gateway.dependencies import AtDesk, Desk
from visitwire_gateway.equal_earth import HEIGHT, WIDTH, Point, arc, head, legs, top
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import VISITS
from visitwire_gateway.pages.cached_page import kept_page
from visitwire_gateway.pages.filter_options import choices
from visitwire_gateway.wording import LANE_WORDS, dates_words

router = APIRouter(include_in_schema=False)

ORDER = ("under_way", "planned", "accepted", "invited", "postponed", "concluded", "cancelled")
"""Of several visits on one way, the status that the arc shows."""
PAST = ("concluded", "cancelled", "over")
"""Lanes of what is not ahead."""
LETTER, LINE = 5.2, 10.0
"""About the width of a letter and the height of a line of the map's names, on a sheet that is shown whole."""
AROUND, NEAREST = 45.0, 300.0
"""Space around what is shown, and the least width of the sheet that is: nearer, one would not know where one is."""


@dataclass(frozen=True)
class Way:
    start: Capital
    end: Capital
    path: str
    head: str
    """The point of its arrow."""
    status: str
    rows: tuple[Any, ...]

    @property
    def id(self) -> str:
        return f"{self.start.code}-{self.end.code}"


@dataclass(frozen=True)
class Spot:
    place: Capital
    visits: int
    """Visits to it."""
    label: tuple[float, float] | None = None
    """Where its name finds room; None where it finds none."""


@dataclass(frozen=True)
class Frame:
    """The part of the sheet that is shown: all that happens, in the sheet's proportions."""

    left: float = 0.0
    top: float = 0.0
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def unit(self) -> float:
        """By what a thing on it is drawn smaller, so that it looks the same."""
        return self.width / WIDTH


DRAWN = 120
"""Ways that are drawn, those of most visits; more of them would be a ball of wool."""
NAMED = 6
"""Visits of a way that the list names."""
SHOWN = [VISITS.c[name] for name in ("id", "status", "visitor", "visitor_country", "country", "place")] + [
    VISITS.c[name] for name in ("first_day", "last_day", "precision")
]
"""What is read of a visit: its body is a hundred times as long."""
PERIODS = (("any time", None), ("7 days", 7), ("30 days", 30), ("90 days", 90))


@dataclass(frozen=True)
class Period:
    words: str
    since: str
    until: str
    chosen: bool


class MapAsked(VisitFilter):
    past: bool = False
    """Also what is concluded or called off."""


@router.get("/map")
def map_page(request: Request, desk: AtDesk, asked: Annotated[MapAsked, Query()]) -> HTMLResponse:
    return kept_page(request, desk, "map", asked.model_dump_json(), partial(_drawn, desk, asked))


def _drawn(desk: Desk, asked: MapAsked, today: date) -> dict[str, Any]:
    conditions = asked.conditions() + ([] if asked.past else [VISITS.c.lane.not_in(PAST)])
    with reading(desk.engine) as connection:
        rows = connection.execute(select(*SHOWN).where(*conditions).order_by(VISITS.c.updated.desc())).all()
    every = _grouped(rows)
    grouped = dict(sorted(every.items(), key=lambda pair: -len(pair[1]))[:DRAWN])
    frame = framed([(places()[origin].at, places()[target].at) for origin, target in grouped])
    ways = _ways(grouped, frame.unit)
    shown = {row.id for found in every.values() for row in found}
    return {
        "title": "Map",
        "ways": ways,
        "spots": _spots(ways, frame.unit),
        "elsewhere": [row for row in rows if row.id not in shown],
        "frame": frame,
        "signs": [(status, LANE_WORDS[status]) for status in ORDER if any(way.status == status for way in ways)],
        "dates_of": _dates_of,
        "more": len(every) - len(ways),
        "named": NAMED,
        "periods": _periods(today, asked),
        "past": asked.past,
        "choices": choices(desk, VisitFilter.model_validate(asked.model_dump(by_alias=True))),
    }


def _periods(today: date, asked: VisitFilter) -> list[Period]:
    """From today on, or whenever; which of them the filter asks for."""
    found = []
    for words, length in PERIODS:
        since, until = (None, None) if length is None else (today, today + timedelta(days=length))
        chosen = (asked.since, asked.until) == (since, until)
        found.append(Period(words, since.isoformat() if since else "", until.isoformat() if until else "", chosen))
    return found


def _grouped(rows: Any) -> dict[tuple[str, str], list[Any]]:
    """Visits by the countries that they lead from and to."""
    known = places()
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row.visitor_country in known and row.country in known and row.visitor_country != row.country:
            grouped[row.visitor_country, row.country].append(row)
    return grouped


def _ways(grouped: dict[tuple[str, str], list[Any]], unit: float) -> list[Way]:
    known = places()
    ways = []
    for (origin, target), found in grouped.items():
        status = min((row.status for row in found), key=ORDER.index)
        start, end = known[origin], known[target]
        drawn = legs(start.at, end.at)
        path = "".join(arc(*leg) for leg in drawn)
        ways.append(Way(start, end, path, head(*drawn[-1], unit), status, tuple(found)))
    return sorted(ways, key=lambda way: (-len(way.rows), way.end.name, way.start.name))


def framed(ways: Sequence[tuple[Point, Point]]) -> Frame:
    """Bounding box of the route lines; the whole map if there are none."""
    drawn = [leg for start, end in ways for leg in legs(start, end)]
    points = [_on_sheet(point) for start, end in drawn for point in (start, end, top(start, end))]
    if not points:
        return Frame()
    across, down = zip(*points, strict=True)
    wide, high = max(across) - min(across) + 2 * AROUND, max(down) - min(down) + 2 * AROUND
    width = min(WIDTH, max(wide, high * WIDTH / HEIGHT, NEAREST))
    height = width * HEIGHT / WIDTH
    left = min(max(0.0, (max(across) + min(across) - width) / 2), WIDTH - width)
    upper = min(max(0.0, (max(down) + min(down) - height) / 2), HEIGHT - height)
    return Frame(round(left, 1), round(upper, 1), round(width, 1), round(height, 1))


def _on_sheet(point: Point) -> Point:
    return max(0.0, min(WIDTH, point[0])), point[1]


def _dates_of(row: Any) -> str:
    """A row's dates in words; "" where it has none."""
    dates = VisitDates(start=row.first_day, end=row.last_day, precision=Precision(row.precision))
    return dates_words(dates)


def _spots(ways: list[Way], unit: float) -> list[Spot]:
    """The capitals, those with the fewest visits first, so that the busiest lie on top."""
    visits: dict[str, int] = defaultdict(int)
    for way in ways:
        visits[way.start.code] += 0
        visits[way.end.code] += len(way.rows)
    known = places()
    busiest_first = [known[code] for code, _ in sorted(visits.items(), key=lambda pair: -pair[1])]
    labels = _labels(busiest_first, unit)
    return [
        Spot(known[code], count, labels.get(code)) for code, count in sorted(visits.items(), key=lambda pair: pair[1])
    ]


def _labels(busiest_first: list[Capital], unit: float = 1.0) -> dict[str, tuple[float, float]]:
    """A place for each name right, left, above or below of its capital, where no name placed before it lies."""
    taken: list[tuple[float, float, float]] = []
    found: dict[str, tuple[float, float]] = {}
    for place in busiest_first:
        x, y = place.at
        wide = LETTER * unit * len(place.capital)
        beside, middle = y + 3.5 * unit, x - wide / 2
        for left, base in (
            (x + 6 * unit, beside),
            (x - 6 * unit - wide, beside),
            (middle, y - 6 * unit),
            (middle, y + 13 * unit),
        ):
            inside = left >= 0 and left + wide <= WIDTH
            if inside and not any(
                left < end and start < left + wide and abs(base - other) < LINE * unit for start, end, other in taken
            ):
                taken.append((left, left + wide, base))
                found[place.code] = round(left, 1), round(base, 1)
                break
    return found
