"""What the reader counts, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.registry import Collector

SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)


class Metrics:
    """On no registry: the stage hands them to the runtime."""

    def __init__(self) -> None:
        self._stories = Counter(
            "visitwire_llm_stories",
            "Stories by what came of asking the model: read, remembered, gate, budget, away, late, refused, unusable",
            ["outcome"],
            registry=None,
        )
        self._dropped = Counter(
            "visitwire_llm_dropped", "What the model said and was not believed", ["reason"], registry=None
        )
        self._tokens = Counter("visitwire_llm_tokens", "Tokens used, of prompts and of answers", ["of"], registry=None)
        self._money = Counter("visitwire_llm_money", "What they cost, in the currency of the prices", registry=None)
        self._share = Gauge(
            "visitwire_llm_budget_used",
            "The share of today's budget that is used or put aside; 1 once it did not hold a story",
            ["of"],
            registry=None,
        )
        self._tries = Counter("visitwire_llm_tries", "Requests to the server, retries included", registry=None)
        self._seconds = Histogram(
            "visitwire_llm_seconds", "Seconds that a story was with the server", buckets=SECONDS, registry=None
        )

    @property
    def collectors(self) -> tuple[Collector, ...]:
        return (self._stories, self._dropped, self._tokens, self._money, self._share, self._tries, self._seconds)

    def story(self, outcome: str) -> None:
        self._stories.labels(outcome).inc()

    def dropped(self, reason: str) -> None:
        self._dropped.labels(reason).inc()

    def used(self, prompt: int, answer: int, money: float) -> None:
        self._tokens.labels("prompt").inc(prompt)
        self._tokens.labels("answer").inc(answer)
        self._money.inc(money)

    def share(self, shares: Mapping[str, float]) -> None:
        for of, share in shares.items():
            self._share.labels(of).set(share)

    def asked(self, tries: int, seconds: float) -> None:
        self._tries.inc(tries)
        self._seconds.observe(seconds)
