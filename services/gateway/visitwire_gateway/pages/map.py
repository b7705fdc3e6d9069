"""The map: who goes where, as arcs between capitals."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.responses import HTMLResponse

from visitwire_gateway.desk import AtDesk
from visitwire_gateway.earth import HEIGHT, WIDTH, arc
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.tables import VISITS
from visitwire_gateway.pages.choices import choices
from visitwire_gateway.pages.plain import page
from visitwire_gateway.places import Place, places

router = APIRouter(include_in_schema=False)

ORDER = ("under_way", "planned", "accepted", "invited", "postponed", "concluded", "cancelled")
"""Of several visits on one way, the status that the arc shows."""
OVER = ("concluded", "cancelled")
LETTER, LINE = 5.2, 10.0
"""About the width of a letter and the height of a line of the map's names, on its sheet."""


@dataclass(frozen=True)
class Way:
    start: Place
    end: Place
    path: str
    status: str
    rows: tuple[Any, ...]


@dataclass(frozen=True)
class Spot:
    place: Place
    visits: int
    """Visits to it."""
    label: tuple[float, float] | None = None
    """Where its name finds room; None where it finds none."""


class MapAsked(VisitFilter):
    past: bool = False
    """Also what is concluded or called off."""


@router.get("/map")
def map_page(request: Request, desk: AtDesk, asked: Annotated[MapAsked, Query()]) -> HTMLResponse:
    conditions = asked.conditions() + ([] if asked.past else [VISITS.c.status.not_in(OVER)])
    with desk.engine.connect() as connection:
        rows = connection.execute(select(VISITS).where(*conditions).order_by(VISITS.c.updated.desc())).all()
    ways = _ways(rows)
    shown = {row.id for way in ways for row in way.rows}
    return page(
        request,
        "map.html",
        ways=ways,
        spots=_spots(ways),
        elsewhere=[row for row in rows if row.id not in shown],
        size=(WIDTH, HEIGHT),
        past=asked.past,
        choices=choices(desk, VisitFilter.model_validate(asked.model_dump(by_alias=True))),
    )


def _ways(rows: Any) -> list[Way]:
    known = places()
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row.visitor_country in known and row.country in known and row.visitor_country != row.country:
            grouped[row.visitor_country, row.country].append(row)
    ways = []
    for (origin, target), found in grouped.items():
        status = min((row.status for row in found), key=ORDER.index)
        path = arc(known[origin].at, known[target].at)
        ways.append(Way(known[origin], known[target], path, status, tuple(found)))
    return sorted(ways, key=lambda way: (-len(way.rows), way.end.name, way.start.name))


def _spots(ways: list[Way]) -> list[Spot]:
    """The capitals, those with the fewest visits first, so that the busiest lie on top."""
    visits: dict[str, int] = defaultdict(int)
    for way in ways:
        visits[way.start.code] += 0
        visits[way.end.code] += len(way.rows)
    known = places()
    labels = _labels([known[code] for code, count in sorted(visits.items(), key=lambda pair: -pair[1]) if count])
    return [
        Spot(known[code], count, labels.get(code)) for code, count in sorted(visits.items(), key=lambda pair: pair[1])
    ]


def _labels(busiest_first: list[Place]) -> dict[str, tuple[float, float]]:
    """A place for each name right, left, above or below of its capital, where no name placed before it lies."""
    taken: list[tuple[float, float, float]] = []
    found: dict[str, tuple[float, float]] = {}
    for place in busiest_first:
        x, y = place.at
        wide = LETTER * len(place.capital)
        for left, base in ((x + 6, y + 3.5), (x - 6 - wide, y + 3.5), (x - wide / 2, y - 6), (x - wide / 2, y + 13)):
            inside = left >= 0 and left + wide <= WIDTH
            if inside and not any(
                left < end and start < left + wide and abs(base - other) < LINE for start, end, other in taken
            ):
                taken.append((left, left + wide, base))
                found[place.code] = round(left, 1), round(base, 1)
                break
    return found
