"""Keeps other workers from the visitors whose visits are folded, until the commit."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select
from visitwire_runtime.database import is_postgresql

from visitwire_alerting.ledger import hand_log, live_reports
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.storage.database import lock
from visitwire_alerting.storage.ledger_tables import stories


def hold(connection: Connection, keys: Collection[str], found: Iterable[Sighting] = ()) -> None:
    """Keeps other workers from these stories, and from every report that may be of a visitor in them, in what they say
    now (`found`), or in what people said of them.

    Stories first, then visitors, each sorted, so that two workers never wait for each other. SQLite has one writer at a
    time anyway.
    """
    if not is_postgresql(connection):
        return
    ordered = sorted(set(keys))
    rows = select(stories.c.key).where(stories.c.key.in_(ordered)).order_by(stories.c.key)
    # not FOR UPDATE: who has the visitors may write reports of these stories, whose foreign keys look at these rows
    connection.execute(rows.with_for_update(key_share=True))
    held = [one.sighting for key in ordered for one in live_reports.of_story(connection, key)]
    forms = {sighting.form for sighting in (*found, *held, *hand_log.of_stories(connection, ordered))}
    turns: dict[str, bool] = {}
    for form in forms:
        for key, alone in form.turns.items():
            turns[key] = alone or turns.get(key, False)
    lock(connection, turns)
