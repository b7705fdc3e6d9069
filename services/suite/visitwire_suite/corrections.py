"""`visitwire corrections`: what people corrected by hand, as stories with the right values, for the readers' bench."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import typer
from visitwire_alerting.ledger import hand_log
from visitwire_alerting.ledger.fold.name_matching import alike, tokens
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.database import reading
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.story_queries import story as kept
from visitwire_runtime.settings import Settings
from visitwire_schemas import Announcer, EnrichedStory, Hand, HandKind, Like, Party, Right, Story, Visit

app = typer.Typer(no_args_is_help=True, help="Export editors' corrections as an evaluation set.")
OF_THE_STATE = ("status", "dates", "announced_by")
"""What the latest story alone decides: an earlier one may have been right in its time."""


@app.callback()
def corrections() -> None:
    """What people corrected by hand, for an evaluation set."""


@app.command()
def export() -> None:
    """Prints each story of a corrected or dismissed visit with the right values of its visits, as JSON lines.

    Visitor, destination and host are corrected in every story that reported the visit; status, dates and source only
    in the latest. Stories are read from the gateway's read model; missing ones are counted at the end.
    """
    settings = Settings()
    with reading(open_alerting(settings).engine) as connection:
        said = hand_log.standing(connection)
    engine = open_database(settings.gateway_database.get_secret_value())
    missing = 0
    for key, hands in sorted(_by_story(said).items()):
        found = kept(engine, key, datetime.now(UTC))
        if found is None or not found.story.text:
            missing += 1
            continue
        latest = {hand.id for hand in hands if key == _latest(hand, engine)}
        typer.echo(json.dumps(line(found, hands, latest), ensure_ascii=False))
    if missing:
        typer.echo(f"{missing} stories are no longer stored here, or were withdrawn", err=True)


def _by_story(said: Sequence[Hand]) -> dict[str, list[Hand]]:
    found: dict[str, list[Hand]] = {}
    for hand in said:
        if hand.kind in (HandKind.CORRECT, HandKind.DISMISS):
            for key in hand.about.stories:
                found.setdefault(key, []).append(hand)
    return found


def _latest(hand: Hand, engine: Any) -> str:
    now = datetime.now(UTC)
    stories = [(one.story.published, key) for key in hand.about.stories if (one := kept(engine, key, now)) is not None]
    return max(stories)[1] if stories else ""


def line(enriched: EnrichedStory, hands: Sequence[Hand], latest: set[str]) -> dict[str, Any]:
    """A story with its visits as they should have been read; `latest` are the hands whose latest story it is."""
    story = enriched.story
    return {
        "id": story.key,
        "source": story.provider,
        "date": story.published.isoformat(),
        "headline": story.headline,
        "dateline": story.dateline.text if story.dateline else None,
        "text": story.text,
        "visits": [_gold(visit, story) for visit in _right(enriched.visits, hands, latest)],
        "said": [
            {"hand": hand.id, "kind": hand.kind, "by": hand.by, "at": hand.at.isoformat(), "note": hand.note}
            for hand in hands
        ],
    }


def _right(visits: Sequence[Visit], hands: Sequence[Hand], latest: set[str]) -> Iterator[Visit]:
    for visit in visits:
        mine = [hand for hand in hands if _is(visit, hand.about)]
        if any(hand.kind is HandKind.DISMISS for hand in mine):
            continue
        for hand in sorted(mine, key=lambda hand: hand.order):
            if hand.right is not None:
                visit = _corrected(visit, hand.right, hand.id in latest)
        yield visit


def _is(visit: Visit, like: Like) -> bool:
    names = tokens(visit.visitor.name or ""), tokens(like.visitor.name or "")
    same = alike(*names) if all(names) else visit.visitor.country == like.visitor.country
    return same and visit.destination.country == like.destination.country


def _corrected(visit: Visit, right: Right, latest: bool) -> Visit:
    given: dict[str, Any] = dict.fromkeys(right.none)
    given |= {name: value for name in ("host", *OF_THE_STATE) if (value := getattr(right, name)) is not None}
    if not latest:
        given = {name: value for name, value in given.items() if name not in OF_THE_STATE}
    for name in ("visitor", "destination"):
        if (parts := getattr(right, name)) is not None:
            given[name] = getattr(visit, name).model_copy(update=parts.model_dump(exclude_none=True))
    return visit.model_copy(update=given)


def _gold(visit: Visit, story: Story) -> dict[str, Any]:
    """A visit in the form of an evaluation set."""
    starts = [one.start for one in visit.evidence]
    return {
        "visitor": visit.visitor.model_dump(include={"name", "label", "country"}),
        "destination": visit.destination.model_dump(),
        "host": _named(visit.host),
        "status": visit.status,
        "dates": visit.dates.model_dump(include={"text", "start", "end"}) if visit.dates else None,
        "announced_by": _named(visit.announced_by),
        "paragraphs": sorted({story.text.count("\n", 0, start) + 1 for start in starts}),
        "focus": visit.focus,
    }


def _named(party: Party | Announcer | None) -> str | None:
    return " ".join(filter(None, (party.label, party.name))) or None if party is not None else None
