"""`visitwire visits correct | pin | dismiss | merge | split | lift | hands`: what the desk says of a visit."""

import getpass
from typing import Annotated

import typer
from visitwire_schemas import Hand, HandKind, LedgerVisit, Right

from visitwire_alerting.cli.terminal import alerting, as_tenant, clock, fail, table
from visitwire_alerting.ledger.correction_form import FIELDS, right_of
from visitwire_alerting.ledger.enter_hand import PINNED, HandRequest, pinned
from visitwire_alerting.ledger.hand_errors import Changed, Unfit, Unknown
from visitwire_alerting.service.errors import Missing

app = typer.Typer()

Id = Annotated[str, typer.Argument(help="A visit's id.")]
Revision = Annotated[
    int | None,
    typer.Option(
        min=1, help="The revision that you saw in `visits show`. If the visit has changed since, nothing is entered."
    ),
]
Note = Annotated[str | None, typer.Option(help="The reason, stored and shown with it.")]
By = Annotated[str | None, typer.Option(help="Who makes the change. Default: your user name on this machine.")]


@app.command()
def correct(
    id: Id,
    given: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help=f"Fields: {', '.join(FIELDS)}.")],
    note: Note = None,
    by: By = None,
    revision: Revision = None,
) -> None:
    """Corrects a visit. The correction overrides what wires say until it is lifted.

    `visits correct ID status=postponed start=2026-12-04`; a field without a value is emptied.
    """
    values = dict(one.partition("=")[::2] for one in given if "=" in one)
    if len(values) != len(given):
        fail("use FIELD=VALUE, each field once")
    visit = _visit(id)
    try:
        right = right_of(visit, values)
    except Unfit as why:
        fail(str(why))
    if right is None:
        fail(f"{id} is like that already; to keep it so, use visitwire visits pin")
    _say(HandRequest(id, HandKind.CORRECT, _by(by), note, right, revision=revision or visit.revision))


@app.command()
def pin(
    id: Id,
    fields: Annotated[list[str], typer.Argument(metavar="FIELD…", help=f"Fields: {', '.join(PINNED)}.")],
    note: Note = None,
    by: By = None,
    revision: Revision = None,
) -> None:
    """Pins fields as they are, whatever wires say from now on."""
    visit = _visit(id)
    try:
        right: Right = pinned(visit, fields)
    except Unfit as why:
        fail(str(why))
    _say(HandRequest(id, HandKind.CORRECT, _by(by), note, right, revision=revision or visit.revision))


@app.command()
def dismiss(id: Id, note: Note = None, by: By = None, revision: Revision = None) -> None:
    """Removes a false visit from the board, whatever wires say from now on."""
    _say(HandRequest(id, HandKind.DISMISS, _by(by), note, revision=revision or _visit(id).revision))


@app.command()
def merge(
    id: Id,
    other: Annotated[str, typer.Argument(help="The id of the visit to merge it with.")],
    note: Note = None,
    by: By = None,
    revision: Revision = None,
) -> None:
    """Merges two visits into one."""
    _say(HandRequest(id, HandKind.MERGE, _by(by), note, other=other, revision=revision or _visit(id).revision))


@app.command()
def split(
    id: Id,
    stories: Annotated[
        list[str], typer.Argument(metavar="STORY…", help="Keys (wire|uri) of the stories to split off.")
    ],
    note: Note = None,
    by: By = None,
    revision: Revision = None,
) -> None:
    """Splits what some of the stories report into a visit of its own."""
    apart = tuple(dict.fromkeys(stories))
    _say(HandRequest(id, HandKind.SPLIT, _by(by), note, apart=apart, revision=revision or _visit(id).revision))


@app.command()
def lift(
    hand: Annotated[str, typer.Argument(help="The correction's id, as `visits hands` lists it.")], by: By = None
) -> None:
    """Takes back a correction, pin, dismissal, merge or split."""
    try:
        as_tenant(by=_by(by)).take_back(hand)
    except Unknown as why:
        fail(str(why))
    typer.echo(f"{hand} is taken back")


@app.command()
def hands(id: Id) -> None:
    """Lists all corrections of a visit, in force or taken back."""
    said = alerting().said_of(id, [hand.id for hand in _visit(id).hands])
    table(
        ("id", "said", "by", "what", "note", "lifted"),
        (
            (one.hand.id, clock(one.hand.at), one.hand.by, what(one.hand), one.hand.note, clock(one.lifted))
            for one in said
        ),
    )


def what(hand: Hand) -> str:
    """ "correct status, dates"."""
    given = hand.right.model_dump(exclude_defaults=True) if hand.right else {}
    fields = [*(name for name in given if name != "none"), *(f"no {name}" for name in given.get("none", ()))]
    return " ".join(filter(None, (hand.kind.value, ", ".join(fields))))


def _visit(id: str) -> LedgerVisit:
    try:
        return alerting().visit(id)
    except Missing:
        fail(f"no visit has the id {id!r}: see visitwire visits list")


def _by(name: str | None) -> str:
    return name or getpass.getuser()


def _say(word: HandRequest) -> None:
    try:
        hand = as_tenant(by=word.by).say(word)
    except (Unknown, Changed, Unfit) as why:
        fail(str(why))
    typer.echo(f"{hand.id}: to take it back, visitwire visits lift {hand.id}")
