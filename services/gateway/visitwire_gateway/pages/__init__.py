"""The pages people look at."""

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    from visitwire_gateway.pages import board  # the pages themselves use what stands above them

    return [board.router]
