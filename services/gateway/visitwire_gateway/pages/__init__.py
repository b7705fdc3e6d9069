"""The pages people look at."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    # Imported here because the desk, which every page uses, is made of things that stand beside the pages.
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
        stories,
        subscriptions,
        system,
        visit,
    )
    from visitwire_gateway.personal import page as personal

    looks = board, changes, calendar, map, visit, corrections, marks, stories
    every = *looks, personal, subscriptions, deliveries, system, access, alert_links, oidc_login
    return [one.router for one in every]
