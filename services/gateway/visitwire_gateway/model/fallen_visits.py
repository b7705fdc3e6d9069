"""Finds visits that fell while no gateway ran, for longer than their topic keeps tombstones."""

import threading
from collections.abc import Callable, Collection

from sqlalchemy import Engine, select
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.topic_reader import TopicReader
from visitwire_schemas import VISITS as TOPIC

from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import VISITS

type LedgerIds = Callable[[], Collection[str]]
"""The ids of the visits that stand in the ledger. Raises `OperationalError`."""


def fallen(engine: Engine, settings: GatewaySettings, ledger_ids: LedgerIds, stop: threading.Event) -> set[str]:
    """The ids of visits on the board that stand neither in the ledger nor on their topic.

    The topic, which has every visit, is read only if the ledger lacks some: it may have been restored from an older
    backup. A ledger without any visit is nobody's. Raises `KafkaError` or `OperationalError`.
    """
    with reading(engine) as connection:
        shown = set(connection.scalars(select(VISITS.c.id)))
    standing = ledger_ids() if shown else ()
    missing = shown.difference(standing) if standing else set()
    return missing - _on_topic(settings, missing, stop) if missing else set()


def _on_topic(settings: GatewaySettings, ids: Collection[str], stop: threading.Event) -> set[str]:
    found: dict[str, bool] = {}
    with TopicReader(settings, [TOPIC.name]) as reader:
        for each in reader.standing():
            if stop.is_set():
                return set(ids)
            if (key := (each.record.key or b"").decode("utf-8", "replace")) in ids:
                found[key] = each.record.value is not None
    return {key for key, stands in found.items() if stands}
