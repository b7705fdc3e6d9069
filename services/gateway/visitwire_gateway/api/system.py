"""The state of the flow: stages, wires, dead letters."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from visitwire_runtime.stage import Unavailable
from visitwire_schemas import DeadLetter

from visitwire_gateway.api.shapes import PROBLEMS, Cursor, LetterHead, Limit, made
from visitwire_gateway.dead_letter_replay import NotReplayable, replay
from visitwire_gateway.dependencies import Asking, AtGateway, Editor
from visitwire_gateway.model.flow_state import State, state
from visitwire_gateway.model.paging import Page
from visitwire_gateway.model.queries import letter, letters_page

type Key = Annotated[str, Path(description="The dead letter's id.")]

router = APIRouter(prefix="/api/v1", tags=["system"], responses=PROBLEMS)


@router.get("/system")
def system(gateway: AtGateway, who: Asking) -> State:
    """How each stage does, and when each wire was last heard."""
    return state(gateway.engine, gateway.clock(), gateway.lag)


@router.get("/dead-letters")
def dead_letters(
    gateway: AtGateway,
    who: Asking,
    stage: Annotated[list[str], Query(max_length=20, description="Of any of these stages.")] = [],  # noqa: B006
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LetterHead]:
    """What stages could not process, the latest first."""
    found = letters_page(gateway.engine, stage, cursor, limit)
    return Page(items=[made(LetterHead, row) for row in found.rows], next=found.next)


def _known(gateway: AtGateway, key: str) -> DeadLetter:
    found = letter(gateway.engine, key)
    if found is None:
        raise HTTPException(404, f"There is no dead letter {key}.")
    return found


@router.get("/dead-letters/{key}")
def one_dead_letter(gateway: AtGateway, who: Editor, key: Key) -> DeadLetter:
    """One with its bytes (base64)."""
    return _known(gateway, key)


@router.post("/dead-letters/{key}/replay", status_code=202, responses={409: PROBLEMS[422], 503: PROBLEMS[422]})
def replay_dead_letter(gateway: AtGateway, who: Editor, key: Key) -> LetterHead:
    """Sends its bytes again to the topic they came from."""
    found = _known(gateway, key)
    try:
        replay(gateway, who, found)
    except NotReplayable as why:
        raise HTTPException(409, str(why)) from None
    except Unavailable as why:
        raise HTTPException(503, str(why)) from None
    return LetterHead(id=found.id, stage=found.stage, reason=found.reason, at=found.at, replayed=gateway.clock())
