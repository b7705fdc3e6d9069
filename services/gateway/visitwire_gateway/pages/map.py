"""The map: who goes where, as arcs between capitals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from heapq import nlargest
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from visitwire_gateway.capitals import Capital, places
from visitwire_gateway.equal_earth import HEIGHT, WIDTH, Point, arc, head, legs, top
from visitwire_gateway.model.filters import VisitFilter, plain_filter
from visitwire_gateway.model.slim_visit import Ends, Slim
from visitwire_gateway.model.standing import Standing, by_change
from visitwire_gateway.pages.cached_page import Kept, Look, kept_page
from visitwire_gateway.pages.filter_options import choices
from visitwire_gateway.whole_gateway import AtWholeGateway, WholeGateway
from visitwire_gateway.wording import LANE_WORDS

router = APIRouter(include_in_schema=False)

ORDER = ("under_way", "planned", "accepted", "invited", "postponed", "concluded", "cancelled")
"""Of several visits on one way, the status that the arc shows."""
PAST = ("concluded", "cancelled", "over")
"""Lanes of what is not ahead."""
LETTER, LINE = 5.2, 10.0
"""About the width of a letter and the height of a line of the map's names, on a sheet that is shown whole."""
AROUND, NEAREST = 45.0, 300.0
"""Space around what is shown, and the least width of the sheet that is: nearer, one would not know where one is."""


@dataclass(frozen=True, eq=False)
class Way:
    start: Capital
    end: Capital
    path: str
    head: str
    """The point of its arrow."""
    status: str
    rows: tuple[Slim, ...]
    """The last changed first."""
    unit: float = 1.0
    by_day: Sequence[Slim] = ()

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
ELSEWHERE = 30
"""Visits that are named which are on no way."""
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
def map_page(request: Request, gateway: AtWholeGateway, asked: Annotated[MapAsked, Query()]) -> HTMLResponse:
    return kept_page(request, gateway, "map", asked.model_dump_json(), partial(_drawn, gateway, asked))


def _drawn(gateway: WholeGateway, asked: MapAsked, look: Look) -> dict[str, Any]:
    wanted, kept = plain_filter(asked), look.kept
    every, elsewhere = _grouped(gateway.stand.of(wanted, look.now), kept, asked.past)
    grouped = dict(sorted(every.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:DRAWN])
    frame = framed(frozenset(grouped))
    ways = _ways(grouped, kept, frame.unit)
    before: dict[Way, tuple[Markup, Markup]] = kept.get("drawn", {})
    fresh = gateway.fragments.fresh
    drawn = {way: before.get(way) or (fresh("way", way), fresh("named", way, NAMED)) for way in ways}
    kept["drawn"] = drawn
    chosen, hold = choices(gateway, wanted, look.now), {"past": "true" if asked.past else ""}
    return {
        "title": "Map",
        "ways": ways,
        "arrows": Markup("").join(arrow for arrow, _ in drawn.values()),
        "listed": Markup("").join(line for _, line in drawn.values()),
        "spots": _spots(ways, frame.unit),
        "elsewhere": nlargest(ELSEWHERE, elsewhere, key=by_change),
        "elsewhere_more": len(elsewhere[ELSEWHERE:]),
        "frame": frame,
        "signs": [(status, LANE_WORDS[status]) for status in ORDER if any(way.status == status for way in ways)],
        "more": len(every) - len(ways),
        "periods": _periods(look.today, asked),
        "past": asked.past,
        "choices": chosen,
        "filter": look.blocks.draw("filter", (chosen.state, hold), "filter", chosen, "/map", hold),
    }


def _periods(today: date, asked: VisitFilter) -> list[Period]:
    """From today on, or whenever; which of them the filter asks for."""
    found = []
    for words, length in PERIODS:
        since, until = (None, None) if length is None else (today, today + timedelta(days=length))
        chosen = (asked.since, asked.until) == (since, until)
        found.append(Period(words, since.isoformat() if since else "", until.isoformat() if until else "", chosen))
    return found


def _grouped(standing: Standing, kept: Kept, past: bool) -> tuple[dict[tuple[str, str], list[Slim]], list[Slim]]:
    """Visits by the countries that they lead from and to, and those that lead nowhere on the map. Those of a way whose
    visits are as they were are the same list as before."""
    before: dict[Ends, tuple[Sequence[Slim], list[Slim]]] = kept.get("shown", {})
    shown = {}
    for ends, every in standing.by_way.items():
        was = before.get(ends)
        if was is None or was[0] is not every:
            was = every, [row for row in every if past or row.lane not in PAST]
        shown[ends] = was
    kept["shown"] = shown
    known = places()
    grouped: dict[tuple[str, str], list[Slim]] = {}
    elsewhere: list[Slim] = []
    for (origin, target), (_, rows) in shown.items():
        if origin and target and origin in known and target in known and origin != target and rows:
            grouped[origin, target] = rows
        elif rows:
            elsewhere += rows
    return grouped, elsewhere


def _ways(grouped: dict[tuple[str, str], list[Slim]], kept: Kept, unit: float) -> list[Way]:
    """Those whose visits and whose unit are as they were are the same objects as before."""
    before: dict[tuple[str, str], Way] = kept.get("ways", {})
    ways = {}
    for ends, found in grouped.items():
        was = before.get(ends)
        if was is None or was.unit != unit or was.by_day is not found:
            was = _way(ends, found, unit)
        ways[ends] = was
    kept["ways"] = ways
    return sorted(ways.values(), key=lambda way: (-len(way.rows), way.end.name, way.start.name))


def _way(ends: tuple[str, str], found: list[Slim], unit: float) -> Way:
    status = min((row.status for row in found), key=ORDER.index)
    start, end = (places()[code] for code in ends)
    drawn = legs(start.at, end.at)
    path = "".join(arc(*leg) for leg in drawn)
    rows = tuple(sorted(found, key=by_change, reverse=True))
    return Way(start, end, path, head(*drawn[-1], unit), status, rows, unit, found)


@lru_cache(maxsize=64)
def framed(ways: frozenset[tuple[str, str]]) -> Frame:
    """Around the ends and the bends of the ways, each from one country to another; the whole sheet where there are
    none."""
    drawn = [leg for start, end in ways for leg in legs(places()[start].at, places()[end].at)]
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


def _spots(ways: list[Way], unit: float) -> list[Spot]:
    """The capitals, those with the fewest visits first, so that the busiest lie on top."""
    visits: dict[str, int] = defaultdict(int)
    for way in ways:
        visits[way.start.code] += 0
        visits[way.end.code] += len(way.rows)
    known = places()
    busiest_first = [known[code] for code, _ in sorted(visits.items(), key=lambda pair: -pair[1])]
    labels = _labels(tuple(busiest_first), unit)
    return [
        Spot(known[code], count, labels.get(code)) for code, count in sorted(visits.items(), key=lambda pair: pair[1])
    ]


@lru_cache(maxsize=64)
def _labels(busiest_first: tuple[Capital, ...], unit: float = 1.0) -> dict[str, tuple[float, float]]:
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
