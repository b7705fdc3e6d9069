"""What a stage counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meter:
    """The counters of one stage, on a registry of their own unless one is given."""

    def __init__(self, stage: str, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        if registry is None:
            ProcessCollector(registry=self.registry)

        def counter(name: str, about: str) -> Counter:
            found = Counter(f"visitwire_{name}", about, ["stage"], registry=self.registry)
            return found.labels(stage)

        self.read = counter("messages_read", "Messages taken from the source topic")
        self.written = counter("messages_written", "Messages sent to any topic but the dead letters")
        self.dead = counter("dead_letters", "Messages sent to the dead letters")
        self.retries = counter("retries", "Attempts repeated because something outside failed")
        self.hung = counter("hung", "Times that a message did not end in its time and was given up")
        self.lost = counter("lost_records", "Records that retention removed before they were read")
        self.refetched = counter("refetched", "Stories sent to an earlier topic again, as retention had removed them")
        self.seconds = Histogram(
            "visitwire_handle_seconds",
            "Seconds the stage took for a message",
            ["stage"],
            buckets=SECONDS,
            registry=self.registry,
        ).labels(stage)
        self.ready = Gauge("visitwire_ready", "1 while /readyz says ok", ["stage"], registry=self.registry).labels(
            stage
        )
        self.stopped = Gauge(
            "visitwire_stopped", "1 when the limit of dead letters was reached", ["stage"], registry=self.registry
        ).labels(stage)
        self.lag = Gauge(
            "visitwire_lag_messages", "Messages waiting in the source topic", ["stage"], registry=self.registry
        ).labels(stage)
