"""The visits that a filter leaves as a file: for the API, and at an address of its own for pages and spreadsheets."""

from functools import partial

from starlette.responses import Response
from visitwire_schemas import LedgerVisit

from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.files.columns import of_visits
from visitwire_gateway.files.formats import Format
from visitwire_gateway.files.sheet import answer
from visitwire_gateway.files.walk import walked
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import visits_by_day


def visits_file(gateway: Gateway, link: str, wanted: VisitFilter, format: Format) -> Response:
    """The soonest first, those without dates last; `link` is the board's address."""
    rows = walked(partial(visits_by_day, gateway.engine, wanted))
    visits = (LedgerVisit.model_validate_json(row.body) for row in rows)
    return answer(of_visits(link), visits, format, "visits")
