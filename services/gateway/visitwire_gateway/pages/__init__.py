"""The pages people look at."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    # Imported here because the desk, which every page uses, is made of things that stand beside the pages.
    from visitwire_gateway.pages import (
        board,
        calendar,
        deliveries,
        doors,
        hand,
        links,
        map,
        openid,
        stories,
        subscriptions,
        system,
        visit,
    )

    every = board, calendar, map, visit, hand, stories, subscriptions, deliveries, system, doors, links, openid
    return [one.router for one in every]
