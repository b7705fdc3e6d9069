"""Feeds the read model from Kafka. How far it read stands in the read model itself, in the same transaction as the
rows, so a crash neither loses nor repeats; there is no consumer group. Of several gateways on one read model one feeds,
and the others hear of it from the table of events."""

import threading
from datetime import UTC, datetime
from typing import Any

import structlog
from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from visitwire_runtime.broker_connection import for_kafka_python
from visitwire_runtime.broker_permissions import denial, denied, lacking
from visitwire_runtime.health import Health
from visitwire_runtime.metrics import Meter
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.topic_names import on_broker, ours
from visitwire_schemas import VISITS, Record

from visitwire_gateway.model.ageing import Ageing
from visitwire_gateway.model.events import Event, events_after, oldest_number
from visitwire_gateway.model.fallen_visits import LedgerIds, fallen
from visitwire_gateway.model.feeder_lock import FeederLock
from visitwire_gateway.model.intake import Listener, keep, rows_of
from visitwire_gateway.model.projection import TOPICS
from visitwire_gateway.model.store_writer import Position, positions

log = structlog.get_logger()

POLL = 300
"""Milliseconds a poll waits for records, and a gateway that does not feed between looks for events."""
LOOK = 5
"""Seconds between looks whether the broker answers, while it sends nothing."""
LOOK_AGAIN = 30
"""Seconds between looks for partitions that were added."""


class KafkaFeed:
    """Reads the gateway's topics in a thread until closed; a broker or a database that is away is waited for.

    The listener hears of every event after number `after`, in order, whoever fed it.
    """

    def __init__(
        self, settings: GatewaySettings, engine: Engine, listener: Listener, after: int, ledger_ids: LedgerIds = tuple
    ) -> None:
        self._settings, self._engine, self._listener, self._ledger_ids = settings, engine, listener, ledger_ids
        self._heard = after
        self._ageing = Ageing(engine, lambda: datetime.now(UTC))
        self._turn = FeederLock(engine)
        self._stop = threading.Event()
        self._denied: str | None = None
        """What ACLs keep from us, as a line; the rest is read."""
        self.health, self.meter = Health(), Meter("gateway")
        self.meter.ready.set_function(lambda: 0.0 if self.health.trouble else 1.0)
        self._thread = threading.Thread(target=self._work, name="gateway-kafka", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=20)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                if self._turn.mine():
                    self._feed()
                else:
                    self._denied = None
                    self._follow()
                    self._well()
                    self._stop.wait(POLL / 1000)
            except (KafkaError, OperationalError) as missing:
                self.health.beat()  # it lives, though somebody else is away
                lacks = denial(missing)
                self.health.trouble = lacks or f"{type(missing).__name__}: waiting for it to come back"
                log.warning("feed_interrupted", why=lacks or str(missing))
                self._stop.wait(2)
        self._turn.leave()

    def _well(self) -> None:
        self.health.trouble = self._denied
        self.health.beat()

    def _follow(self) -> None:
        """Tells the listener what another gateway wrote."""
        while True:
            events = events_after(self._engine, self._heard)
            if events is None:  # away for longer than events are kept: the listener's readers are told by their numbers
                self._heard = oldest_number(self._engine) - 1
            elif events:
                self._tell(events)
            else:
                return

    def _tell(self, events: list[Event]) -> None:
        self._heard = events[-1].number
        self._listener(events)

    def _feed(self) -> None:
        self._follow()
        consumer: Any = KafkaConsumer(
            **for_kafka_python(self._settings),
            client_id="visitwire-gateway",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=200,
        )
        log.info("feeding")
        try:
            self._read(consumer)
        finally:
            consumer.close()

    def _read(self, consumer: Any) -> None:
        assigned: set[Any] = set()
        polls, mended = 0, False
        while not self._stop.is_set() and self._turn.mine():
            if polls % ((LOOK if self._denied else LOOK_AGAIN) * 1000 // POLL) == 0 or not assigned:
                assigned = self._assign(consumer, assigned)
            if not mended and polls % (LOOK_AGAIN * 1000 // POLL) == 0:
                mended = self._mend()
            polls += 1
            self._well()
            if not assigned:
                self.health.trouble = self._denied or "the topics are not there yet"
                self._stop.wait(1)
                continue
            if found := consumer.poll(timeout_ms=POLL):
                self._keep(found)
            elif polls % (LOOK * 1000 // POLL) == 0:
                consumer.end_offsets(sorted(assigned))  # raises where the broker is away, which a poll does not
            if events := self._ageing.look(bool(found)):
                self._tell(events)
            self.meter.lag.set(_waiting(consumer, assigned))

    def _mend(self) -> bool:
        """Takes visits off the board that fell while no gateway ran; False if the ledger does not say which stand."""
        try:
            gone = fallen(self._engine, self._settings, self._ledger_ids, self._stop)
        except OperationalError as missing:
            log.warning("not_compared_with_the_ledger", why=str(missing.orig))
            return False
        if gone:
            log.warning("fallen_visits", count=len(gone))
            rows = [rows_of(VISITS.name, Record(id.encode(), None), datetime.now(UTC)) for id in sorted(gone)]
            known = [row for row in rows if row is not None]
            keep(self._engine, known, [], lambda events: self._tell(list(events)), self._stop)
        return True

    def _assign(self, consumer: Any, before: set[Any]) -> set[Any]:
        open_ = self._open_to_us()
        wanted = {
            TopicPartition(topic, number) for topic in open_ for number in consumer.partitions_for_topic(topic) or ()
        }
        if wanted != before:
            consumer.assign(sorted(wanted))
            known = positions(self._engine)
            for partition in wanted:
                offset = known.get((ours(self._settings, partition.topic), partition.partition))
                if offset is None:
                    consumer.seek_to_beginning(partition)
                else:
                    consumer.seek(partition, offset)
        return wanted

    def _open_to_us(self) -> list[str]:
        """The topics that we may read, as the broker calls them: one that is denied would end every poll, and nothing
        of the others came any more."""
        topics = [on_broker(self._settings, name) for name in TOPICS]
        lacks = lacking(for_kafka_python(self._settings), topics)
        told = str(denied(self._settings.broker, lacks)) if lacks else None
        if told and told != self._denied:
            log.error("denied", why=told)
        self._denied = told
        return [topic for topic in topics if f"READ on topic {topic}" not in lacks]

    def _keep(self, found: dict[Any, list[Any]]) -> None:
        rows, reached = [], []
        for partition, records in found.items():
            topic = ours(self._settings, partition.topic)
            reached.append(Position(topic, partition.partition, records[-1].offset + 1))
            for record in records:
                came = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                made = rows_of(topic, Record(record.key, record.value, tuple(record.headers)), came)
                if made is not None:
                    rows.append(made)
        keep(self._engine, rows, reached, lambda events: self._tell(list(events)), self._stop)
        self.meter.read.inc(sum(len(records) for records in found.values()))


def _waiting(consumer: Any, assigned: set[Any]) -> int:
    """Records not yet read, as far as the broker's last answers say."""
    ends = ((partition, consumer.highwater(partition)) for partition in assigned)
    return sum(max(end - consumer.position(partition), 0) for partition, end in ends if end is not None)
