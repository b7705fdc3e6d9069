"""What the desk says of a visit by hand, and taking it back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Response
from pydantic import AwareDatetime, Field
from visitwire_alerting.service import FIELDS, HandRequest, Unfit, changed, pinned, right_of
from visitwire_schemas import Hand, HandKind, LedgerVisit, Right
from visitwire_schemas.subscription import Asked

from visitwire_gateway.api.if_match import STALE, seen_state
from visitwire_gateway.api.shapes import LEDGER_PROBLEMS
from visitwire_gateway.api_model import Shape
from visitwire_gateway.dependencies import Asking, AtEditing, AtLedger

router = APIRouter(prefix="/api/v1", tags=["visits"], responses=LEDGER_PROBLEMS)

UNSEEN = (
    "Say which state of the visit you speak of: send the ETag that GET /api/v1/visits/{id} gave as If-Match, so that"
    " what somebody else said meanwhile is not lost; * says it of any state."
)
type Key = Annotated[str, Path(max_length=200, description="The visit's id.")]
type Written = Annotated[str, Field(max_length=200)]


class HandAsked(Asked):
    """Something said of a visit. `correct` says what is right, `pin` holds fields as they are, `dismiss` says that it
    is false, `merge` that another visit is the same, `split` that some of its stories report another."""

    act: Literal["correct", "pin", "dismiss", "merge", "split"]
    """What is said."""
    note: Annotated[str | None, Field(max_length=500, description="Why, in your words.")] = None
    right: Annotated[
        dict[str, Written],
        Field(
            default_factory=dict,
            max_length=len(FIELDS),
            description=f"To correct: of {', '.join(FIELDS)}; an empty text says none.",
        ),
    ]
    fields: Annotated[
        tuple[Written, ...],
        Field(max_length=6, description="To pin: of visitor, destination, host, status, dates, announced_by."),
    ] = ()
    other: Annotated[
        str | None, Field(max_length=200, description="To merge: the id of the visit that is the same.")
    ] = None
    apart: Annotated[
        tuple[Annotated[str, Field(max_length=2_000)], ...],
        Field(max_length=500, description="To split: the keys (wire|uri) of the stories that report another visit."),
    ] = ()


class HandSeen(Shape):
    """A line of the log of what people said of a visit."""

    hand: Hand
    """What was said."""
    lifted: AwareDatetime | None
    """When it was taken back; null while it stands."""
    lifted_by: str | None
    """Who took it back."""


@router.get("/visits/{key}/hands")
def hands(ledger: AtLedger, who: Asking, key: Key) -> list[HandSeen]:
    """What people said of a visit, the earliest first, and what of it was taken back."""
    found = ledger.visit(key)
    said = ledger.said_of(key, [hand.id for hand in found.hands])
    return [HandSeen.model_validate(one, from_attributes=True) for one in said]


@router.post("/visits/{key}/hands", status_code=201, responses=STALE)
def say(
    ledger: AtLedger,
    editing: AtEditing,
    response: Response,
    key: Key,
    asked: HandAsked,
    if_match: Annotated[
        str | None, Header(description="The visit's ETag that you saw; another answers 412, none at all 428.")
    ] = None,
) -> Hand:
    """Says something of a visit. It stands over what wires say until it is lifted, and travels on visits-v1."""
    visit = ledger.visit(key)
    hand = editing.say(word_of(asked, visit, editing.who.name, seen_state(if_match, UNSEEN)))
    response.headers["location"] = f"/api/v1/hands/{hand.id}"
    return hand


@router.delete("/hands/{id}", status_code=204)
def take_back(editing: AtEditing, id: Annotated[str, Path(max_length=50, description="The hand's id.")]) -> None:
    """Takes back what was said; what stood before it stands again."""
    editing.take_back(id)


def word_of(asked: HandAsked, visit: LedgerVisit, by: str, revision: int | None) -> HandRequest:
    """Raises `Unfit`, and `Changed` where the visit is not at the revision that they saw."""
    if revision is not None and revision != visit.revision:
        raise changed(visit.id)
    note = asked.note.strip() if asked.note else None
    if note and "\0" in note:
        raise Unfit("note: contains a NUL character.")
    right = _right(asked, visit)
    kind = HandKind.CORRECT if asked.act == "pin" else HandKind(asked.act)
    return HandRequest(
        visit.id, kind, by, note or None, right, asked.other, tuple(dict.fromkeys(asked.apart)), revision
    )


def _right(asked: HandAsked, visit: LedgerVisit) -> Right | None:
    if asked.act == "pin":
        return pinned(visit, asked.fields)
    if asked.act != "correct":
        return None
    right = right_of(visit, asked.right)
    if right is None:
        raise Unfit("That is how the visit stands; to hold it so, pin it.")
    return right
