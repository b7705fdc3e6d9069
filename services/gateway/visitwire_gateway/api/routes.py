"""The routes of the API, version 1."""

from fastapi import APIRouter

from visitwire_gateway.api import (
    access,
    contract,
    deliveries,
    feeds,
    hands,
    marks,
    stories,
    stream,
    subscriptions,
    system,
    visits,
)
from visitwire_gateway.personal import api as addresses
from visitwire_gateway.personal import feeds as personal

ABOUT = """\
Errors are RFC 9457 problem details. Lists come in pages, the newest first: send `next` as `cursor` until it is null.
Answers carry an ETag; send it back as If-None-Match. A program sends `Authorization: Bearer vw_…`."""


def routers() -> list[APIRouter]:
    return [
        visits.router,
        hands.router,
        marks.router,
        stories.router,
        subscriptions.router,
        deliveries.router,
        system.router,
        access.router,
        contract.router,
        stream.router,
        feeds.router,
        addresses.router,
        personal.router,
    ]
