"""How the flow does, from what came out of it: each stage's time a story, each wire's silence, the dead letters."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median, quantiles

from sqlalchemy import Connection, Engine, func, select
from visitwire_runtime.stage import Unavailable
from visitwire_schemas import FLOW

from visitwire_gateway.api_model import Shape
from visitwire_gateway.model.sql_tables import CHANGES, LETTERS, STORIES, VISITS, moment

LOOKED_AT = 500
"""The last stories that times are taken from, and the last of each wire that its habit is taken from."""
LONG = 4
"""A wire is silent when it has been quiet for so many times its usual longest pause."""


class StageState(Shape):
    """How a stage does."""

    name: str
    """The stage."""
    stories: int
    """Of the last 500 stories, those that carry the stage's trace."""
    median: float | None
    """Milliseconds a story."""
    p95: float | None
    """Milliseconds that 19 of 20 stories take at most."""
    dead_letters: int
    """How many messages it rejected."""
    waiting: int | None
    """Records not yet read; None where there is no broker, or it does not answer."""


class WireState(Shape):
    """When a wire was last heard."""

    provider: str
    """The wire."""
    stories: int
    """How many of its stories are here."""
    last: datetime
    """When we last received something."""
    usual: timedelta | None
    """The longest pause that is usual for it (19 of 20 are shorter); None while too little is known."""
    silent: bool
    """True when it has been quiet for much longer than is usual for it."""


class State(Shape):
    """How the whole flow does."""

    stages: list[StageState]
    """Stage by stage, in the order of the flow."""
    wires: list[WireState]
    """Wire by wire, the longest silent first."""
    stories: int
    """How many stories are here."""
    visits: int
    """How many visits stand."""
    changes: int
    """How many changes were recorded."""
    dead_letters: int
    """How many messages were rejected."""
    unread: int = 0
    """Of the last 500 stories, those in a language that is not read."""
    note: str | None = None
    """What else one should know; null for nothing."""


def state(engine: Engine, now: datetime, lag: Callable[[], dict[str, int]] | None) -> State:
    waiting: dict[str, int] = {}
    note = "All stages run in one process: nothing waits on a broker." if lag is None else None
    if lag is not None:
        try:
            waiting = lag()
        except Unavailable as why:
            note = f"The broker does not answer: {why}"
    with engine.connect() as connection:
        traces = connection.scalars(
            select(STORIES.c.milliseconds).order_by(STORIES.c.received.desc()).limit(LOOKED_AT)
        ).all()
        unread = _unread(connection)
        by_stage = connection.execute(select(LETTERS.c.stage, func.count()).group_by(LETTERS.c.stage))
        letters: dict[str, int] = {row[0]: row[1] for row in by_stage}
        counts = [
            int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in (STORIES, VISITS, CHANGES, LETTERS)
        ]
    times: dict[str, list[float]] = {}
    for trace in traces:
        for stage, milliseconds in json.loads(trace).items():
            times.setdefault(stage, []).append(milliseconds)
    stages = [
        _stage(row.stage, times.get(row.stage, []), letters.get(row.stage, 0), waiting.get(row.stage)) for row in FLOW
    ]
    stories, visits, changes, dead = counts
    return State(
        stages=stages,
        wires=wires(engine, now),
        stories=stories,
        visits=visits,
        changes=changes,
        dead_letters=dead,
        unread=unread,
        note=note,
    )


def _unread(connection: Connection) -> int:
    """By the body as JSON: inside a string the quotation marks would have backslashes."""
    last = select(STORIES.c.body).order_by(STORIES.c.received.desc()).limit(LOOKED_AT).subquery()
    marked = select(func.count()).select_from(last).where(last.c.body.like('%,"unread":"%'))
    return int(connection.scalar(marked) or 0)


def _stage(name: str, times: list[float], letters: int, waiting: int | None) -> StageState:
    slow = quantiles(times, n=20)[-1] if len(times) > 1 else (times[0] if times else None)
    return StageState(
        name=name,
        stories=len(times),
        median=round(median(times), 2) if times else None,
        p95=round(slow, 2) if slow is not None else None,
        dead_letters=letters,
        waiting=waiting,
    )


def wires(engine: Engine, now: datetime) -> list[WireState]:
    """Every wire, the longest silent first."""
    with engine.connect() as connection:
        counts = connection.execute(
            select(STORIES.c.provider, func.count(), func.max(STORIES.c.received)).group_by(STORIES.c.provider)
        ).all()
        found = []
        for provider, count, last in counts:
            times = connection.scalars(
                select(STORIES.c.received)
                .where(STORIES.c.provider == provider)
                .order_by(STORIES.c.received.desc())
                .limit(LOOKED_AT)
            ).all()
            found.append(_wire(provider, count, moment(last), [moment(at) for at in times], now))
    return sorted(found, key=lambda wire: wire.last)


def _wire(provider: str, count: int, last: datetime, times: list[datetime], now: datetime) -> WireState:
    pauses = sorted((later - earlier) for later, earlier in pairwise(times))
    usual = pauses[int(len(pauses) * 0.95)] if len(pauses) >= 10 else None
    silent = usual is not None and now - last > max(LONG * usual, timedelta(minutes=5))
    return WireState(provider=provider, stories=count, last=last, usual=usual, silent=silent)
