"""The last changes of the visits that a filter takes."""

from sqlalchemy import Engine
from visitwire_schemas import Alert

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.projection import visit_values
from visitwire_gateway.model.queries import changes_page
from visitwire_gateway.model.shared_connection import reading

ENTRIES = 100


LOOKED_AT = 3000
"""Changes that are looked through for the entries of a narrow feed."""


def latest(engine: Engine, asked: VisitFilter) -> list[Alert]:
    """The last changes of the visits that fit."""
    found: list[Alert] = []
    cursor, seen = None, 0
    with reading(engine):
        while len(found) < ENTRIES and seen < LOOKED_AT:
            rows = changes_page(engine, [], cursor, 200)
            alerts = [Alert.model_validate_json(row.body) for row in rows.rows]
            found += [alert for alert in alerts if asked.matches(visit_values(alert.data.visit))]
            cursor, seen = rows.next, seen + len(rows.rows)
            if cursor is None:
                break
    return found[:ENTRIES]
