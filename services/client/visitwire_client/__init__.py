"""Read Visitwire from a program: events from Kafka, everything else over HTTP."""

from visitwire_client.http import ApiError, AsyncVisitwire, Visitwire
from visitwire_client.kafka import alerts, enriched, messages, reports, visits

__all__ = ["ApiError", "AsyncVisitwire", "Visitwire", "alerts", "enriched", "messages", "reports", "visits"]
