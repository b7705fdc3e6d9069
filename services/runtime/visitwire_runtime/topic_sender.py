"""A producer of our records, over kafka-python."""

from typing import Any

from kafka import KafkaProducer  # type: ignore[import-untyped]
from visitwire_schemas import Record

from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_kafka_python
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.topic_names import on_broker


class Sender:
    """Sends records to topics by our names; leaving it waits until the broker has them all."""

    def __init__(self, settings: BrokerSettings, client_id: str = "visitwire-feed") -> None:
        self._settings = settings
        self._producer: Any = KafkaProducer(
            **for_kafka_python(settings),
            client_id=client_id,
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            linger_ms=5,
            max_request_size=LARGEST_REQUEST,
        )
        self._sent: list[Any] = []

    def send(self, topic: str, record: Record) -> None:
        """Raises `KafkaError` when an earlier record was refused."""
        name, headers = on_broker(self._settings, topic), list(record.headers)
        self._sent.append(self._producer.send(name, record.value, record.key, headers))
        if len(self._sent) > 1000:
            self.flush()

    def flush(self) -> None:
        """Returns when the broker has everything. Raises `KafkaError` when it refused something."""
        self._producer.flush()
        for sent in self._sent:
            sent.get(timeout=30)
        self._sent.clear()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
        self.close()

    def close(self) -> None:
        """Ends the connection; what the broker does not have by then is given up."""
        self._producer.close(timeout=5)
