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
    visits: dict[str, int] = defaultdict(int)
    for way in ways:
        visits[way.start.code] += 0
        visits[way.end.code] += len(way.rows)
    known = places()
    return [Spot(known[code], count) for code, count in sorted(visits.items(), key=lambda pair: pair[1])]
