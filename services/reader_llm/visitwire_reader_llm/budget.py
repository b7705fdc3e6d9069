"""What may be spent in a day: put aside before a story is sent, corrected when the server has said what it used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from visitwire_reader_llm.memory import Memory, Spent
from visitwire_reader_llm.metrics import Metrics
from visitwire_reader_llm.options import Options
from visitwire_reader_llm.server import Reply

log = structlog.get_logger()

WARNED = 0.8
"""The share of the day's budget from which the log says so."""
_CHARS = 2.5
"""Characters of a token, of English at the least; a guess, for what is put aside. Tokenizers give 3.3 to 4.5."""


@dataclass(frozen=True)
class Aside:
    """What was put aside for one story, and for which day."""

    day: str
    prompt: int
    answer: int
    money: float


class Budget:
    """The day's budget, shared by all workers through the memory."""

    def __init__(self, options: Options, memory: Memory, metrics: Metrics, now: Callable[[], datetime]) -> None:
        self._options, self._memory, self._metrics, self._now = options, memory, metrics, now
        self._said: set[tuple[str, str]] = set()
        self._full: set[tuple[str, str]] = set()
        """The budgets, and the days, of which a story was not sent because they did not hold it."""

    def put_aside(self, prompt_chars: int) -> Aside | None:
        """At least what a story will cost; None where the day's budget does not hold it. Raises `Forgetful`."""
        options = self._options
        prompt, answer = int(prompt_chars / _CHARS) + 1, options.answer_tokens
        aside = Aside(self._now().astimezone(UTC).date().isoformat(), prompt, answer, options.cost(prompt, answer))
        taken = self._memory.take(aside.day, prompt + answer, aside.money, options.tokens_a_day, options.money_a_day)
        self._told(aside.day, None if taken else aside)
        return aside if taken else None

    def settle(self, aside: Aside, reply: Reply) -> None:
        """Puts what was used in place of what was put aside. Raises `Forgetful`.

        Of a server that does not say what it used, and of tries that came to nothing while it was at work, what was put
        aside counts as used.
        """
        prompt, answer = reply.prompt_tokens, reply.answer_tokens
        unknown = reply.unknown + (reply.content is not None and not prompt)
        prompt, answer = prompt + unknown * aside.prompt, answer + unknown * aside.answer
        money = self._options.cost(prompt, answer)
        self._metrics.used(prompt, answer, money)
        self._memory.correct(aside.day, prompt + answer - aside.prompt - aside.answer, money - aside.money)
        self._told(aside.day)

    def _told(self, day: str, unheld: Aside | None = None) -> None:
        """Tells log and metric how the day stands. `unheld`: what it does not hold any more."""
        spent = self._memory.spent(day)
        shares = self._shares(spent, unheld)
        if unheld:  # of a small budget, one story may go past this mark and past the end
            self._full |= {(of, day) for of, share in shares.items() if share > 1}
        self._metrics.share({of: max(share, (of, day) in self._full) for of, share in self._shares(spent).items()})
        if unheld or max(shares.values()) >= WARNED:
            self._warn("llm_budget_nearly_spent", day, spent)
        if unheld:
            self._warn("llm_budget_spent", day, spent)

    def _shares(self, spent: Spent, more: Aside | None = None) -> dict[str, float]:
        """What is used of each budget, with what is to come on top."""
        tokens, money = (more.prompt + more.answer, more.money) if more else (0, 0.0)
        return {
            "tokens": _share(spent.tokens + tokens, self._options.tokens_a_day),
            "money": _share(spent.money + money, self._options.money_a_day),
        }

    def _warn(self, event: str, day: str, spent: Spent) -> None:
        """Once a day."""
        if (event, day) in self._said:
            return
        self._said = {(event, day), *(one for one in self._said if one[1] == day)}
        log.warning(
            event,
            day=day,
            used=spent.tokens,
            of=self._options.tokens_a_day,
            money=round(spent.money, 4),
            money_of=self._options.money_a_day,
        )


def _share(used: float, most: float | None) -> float:
    if most is None:
        return 0.0
    return used / most if most else 1.0 + used
