"""Follow each visit from story to story and tell of its changes, once.

A story is entered in the ledger with one commit (state, revision, what is to be told); background work publishes and
delivers what was entered. So a story that comes twice changes nothing, and a crash repeats what it may and loses
nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from prometheus_client import Histogram
from sqlalchemy import Engine, select
from visitwire_runtime import Stage
from visitwire_runtime.database_errors import errors_of
from visitwire_runtime.setting_groups.alerting import AlertingSettings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import STORIES_ENRICHED, EnrichedStory, Message

from visitwire_alerting.delivery.board_links import BoardLinks
from visitwire_alerting.delivery.channels.sending import Send
from visitwire_alerting.delivery.channels.setup import Channels
from visitwire_alerting.delivery.courier import Courier, Pace
from visitwire_alerting.delivery.delivery_queue import waiting
from visitwire_alerting.delivery.dispatch import Book
from visitwire_alerting.delivery.owner_notices import tell_owners
from visitwire_alerting.delivery.queue_metrics import QueueMetrics
from visitwire_alerting.ledger import enter_story
from visitwire_alerting.ledger.outbox import publish_outbox
from visitwire_alerting.ledger.retention import LEAST, RetentionLimits, tidy
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.database_clock import Timing, clock_of
from visitwire_alerting.storage.subscription_tables import subscriptions
from visitwire_alerting.storage.vault import Vault, open_vault

BATCH = 100
"""Stories entered with one commit: SQLite's safe commits are slow, and cost the same for one and for a hundred."""


AGES = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


def alerting(
    settings: AlertingSettings,
    say: Callable[[str], None] = print,
    clock: Callable[[], datetime] | None = None,
    pace: Pace | None = None,
    channels: Mapping[str, Send] | None = None,
) -> Stage[EnrichedStory, Message]:
    """The alerting stage on the ledger that the settings name, which is made or brought up to date.

    `say` is the console channel. `channels` takes the place of real ones, by kind, and `clock` that of the database.
    """
    engine = open_database(settings.database.get_secret_value())
    migrate(engine)
    timing = Timing(clock) if clock is not None else clock_of(engine)
    clock = timing.clock
    sending = Channels(settings, say, clock)
    publishing, delivering, owners = Bell(), Bell(), Bell()
    vault = open_vault(settings.alerting_key, Path(settings.data_dir))
    _fits(engine, vault, settings)
    news_for = timedelta(days=settings.news_for) if settings.news_for else None
    courier = Courier(
        engine,
        Book(vault),
        {**sending.by_kind, **(channels or {})},
        delivering,
        owners,
        clock,
        pace or Pace(at_once=settings.deliveries_at_once),
        timedelta(days=settings.deliveries_kept),
        board=BoardLinks(settings.gateway_url.rstrip("/"), vault) if settings.gateway_url else None,
    )

    age = Histogram(
        "visitwire_story_age_seconds",
        "From a story's receipt to its entry in the ledger, and so to its alerts",
        buckets=AGES,
        registry=None,
    )

    def handle_batch(batch: Sequence[EnrichedStory]) -> Sequence[Iterable[Message]]:
        enter_story.record(engine, batch, clock, news_for)
        publishing.ring()
        delivering.ring()
        for enriched in batch:
            if enriched.reprocessed is not None:
                continue
            age.observe(max(0.0, (clock() - enriched.story.received).total_seconds()))
        return [()] * len(batch)

    return Stage(
        "alerting",
        source=STORIES_ENRICHED,
        sink=None,
        handle=lambda enriched: handle_batch([enriched])[0],
        handle_batch=handle_batch,
        batch=BATCH,
        background=(
            partial(publish_outbox, engine, publishing, clock),
            courier.run,
            partial(tell_owners, engine, vault, sending.tell, owners, clock),
            partial(tidy, engine, _kept(settings), clock),
            sending.close_after,
            *timing.background,
        ),
        idle=lambda: not courier.busy and not waiting(engine, clock()),
        close=engine.dispose,
        collectors=(QueueMetrics(engine, clock), age, errors_of({"ledger": engine}), *timing.collectors),
    )


def _kept(settings: AlertingSettings) -> RetentionLimits:
    given = settings.visits_kept, max(settings.alerts_kept, settings.deliveries_kept) if settings.alerts_kept else 0
    visits, alerts = (timedelta(days=days) if days else None for days in given)
    return RetentionLimits(visits and max(visits, timedelta(days=LEAST)), alerts)


def _fits(engine: Engine, vault: Vault, settings: AlertingSettings) -> None:
    """Raises `CannotStart` where the vault cannot open what another process sealed: nothing could be delivered."""
    with reading(engine) as connection:
        sealed = select(subscriptions.c.sealed).where(subscriptions.c.sealed.is_not(None)).limit(1)
        kept = connection.execute(sealed).scalar()
    try:
        if kept is not None:
            vault.open(kept)
    except ValueError:
        engine.dispose()
        ours = "VISITWIRE_ALERTING_KEY" if settings.alerting_key else f"{settings.data_dir / 'alerting.key'}"
        words = (
            "is not the key that the ledger's subscriptions were sealed with: set VISITWIRE_ALERTING_KEY to that one"
        )
        raise CannotStart(f"{ours} {words}") from None
