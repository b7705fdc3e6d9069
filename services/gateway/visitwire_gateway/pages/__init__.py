"""The pages people look at."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    # Imported here because the desk, which every page uses, is made of things that stand beside the pages.
    from visitwire_gateway.pages import (
        board,
        calendar,
        changes,
        deliveries,
        doors,
        hand,
        links,
        map,
        marks,
        openid,
        stories,
        subscriptions,
        system,
        visit,
    )
    from visitwire_gateway.personal import page as personal

    looks = board, changes, calendar, map, visit, hand, marks, stories
    every = *looks, personal, subscriptions, deliveries, system, doors, links, openid
    return [one.router for one in every]
