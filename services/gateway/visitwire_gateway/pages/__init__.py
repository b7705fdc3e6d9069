"""The pages people look at."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    # Imported here because the desk, which every page uses, is made of things that stand beside the pages.
    from visitwire_gateway.pages import board, calendar, doors, map, stories, system, visit

    return [one.router for one in (board, calendar, map, visit, stories, system, doors)]
