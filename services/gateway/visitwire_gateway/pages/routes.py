"""The routes of the pages."""

from fastapi import APIRouter

from visitwire_gateway.pages import (
    access,
    alert_links,
    board,
    calendar,
    changes,
    corrections,
    deliveries,
    map,
    marks,
    oidc_login,
    silences,
    stories,
    subscriptions,
    system,
    visit,
)
from visitwire_gateway.personal import page as personal


def routers() -> list[APIRouter]:
    looks = board, changes, calendar, map, visit, corrections, marks, stories
    every = *looks, personal, subscriptions, silences, deliveries, system, access, alert_links, oidc_login
    return [one.router for one in every]
