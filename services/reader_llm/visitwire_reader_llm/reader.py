"""The reader: of stories that may tell of a visit it asks the model, and gives what the words of the story bear out."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from time import monotonic

import httpx
import structlog
from visitwire_schemas import EnrichedStory, ReadBy
from visitwire_visits.candidate import Candidate
from visitwire_visits.reader import Reader
from visitwire_visits.stage import Heard

from visitwire_reader_llm import prompt
from visitwire_reader_llm.answer import Unusable, answer_in
from visitwire_reader_llm.budget import Aside, Budget
from visitwire_reader_llm.check import NAME, Checked, Dropped, check
from visitwire_reader_llm.memory import Forgetful, Kept, Key, Memory
from visitwire_reader_llm.metrics import Metrics
from visitwire_reader_llm.options import Options
from visitwire_reader_llm.page import Page
from visitwire_reader_llm.patience import Patience
from visitwire_reader_llm.server import Reply, Server

log = structlog.get_logger()
_FAILED = ("away", "late")


@dataclass(frozen=True)
class Question:
    """One story as it is asked about."""

    key: Key
    content: str
    source: str
    """The key of the story."""


@dataclass
class _Round:
    """One batch: what is asked, what is known of it, and how long it may take."""

    seconds: float
    asked: dict[Key, Question] = field(default_factory=dict)
    aside: dict[Key, Aside] = field(default_factory=dict)
    known: dict[Key, Kept] = field(default_factory=dict)
    took: dict[Key, float] = field(default_factory=dict)


class LlmReader:
    """A `Reader` around a language model's server. Close it when done.

    `triggers` is the embedded reader: its candidates are the gate, and what the model says is checked against them.
    `is_patient`: nobody waits for the stories, and each has the whole time to itself.
    """

    name = NAME

    def __init__(
        self,
        options: Options,
        memory: Memory,
        triggers: Reader,
        *,
        metrics: Metrics | None = None,
        is_patient: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.metrics = metrics or Metrics()
        self.languages = triggers.languages
        self._options, self._memory, self._triggers, self._clock = options, memory, triggers, clock
        self._is_patient, self._now = is_patient, now
        self._let_go_on: date | None = None
        self._budget = Budget(options, memory, self.metrics, now)
        self._patience = Patience(options.timeout, options.pause, clock)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="visitwire-llm", daemon=True)
        self._thread.start()
        self._server = Server(options, transport)

    @property
    def model(self) -> str:
        """The model, as its server calls it."""
        return self._options.model

    def close(self) -> None:
        """Ends its connections and its thread; safe to call twice."""
        if self._loop.is_closed():
            return
        self._submit(self._server.close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._memory.close()

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        """Every visit that the model finds in the story and the story bears out; none where it did not speak."""
        [heard] = self.hear([story], [self._triggers.read(story)])
        return heard.candidates

    def hear(
        self, stories: Sequence[EnrichedStory], triggers: Sequence[Sequence[Candidate]], is_full: bool = False
    ) -> list[Heard]:
        """What came of each story, asked all at once. `triggers`: what the embedded reader fires on in each;
        `is_full`: more stories may be waiting behind these."""
        seconds = self._patience.begin(is_full)
        try:
            questions = [self._question(*each) for each in zip(stories, triggers, strict=True)]
            known = self._answers([question for question in questions if question is not None], seconds)
        finally:
            self._patience.end()
        return [
            self._heard(story, fired, known[question.key] if question else Kept(None, "gate"))
            for story, fired, question in zip(stories, triggers, questions, strict=True)
        ]

    def _question(self, story: EnrichedStory, triggers: Sequence[Candidate]) -> Question | None:
        """What to ask about a story; None where nothing in it may tell of a visit."""
        if story.parse is None or max((one.odds for one in triggers), default=float("-inf")) < self._options.gate:
            return None
        content = prompt.content_of(story, self._options.most_chars)
        return Question(Key(prompt.digest_of(content), self._options.model, prompt.version()), content, story.key)

    def _answers(self, questions: Sequence[Question], seconds: float) -> Mapping[Key, Kept]:
        """What is known of each question, from memory or from the server. Without its memory nobody knows what may be
        spent, and the server is not asked."""
        this = _Round(seconds, {question.key: question for question in questions})
        try:
            self._let_go()
            self._recall(this)
            self._ask(this)
        except Forgetful as why:
            log.warning("llm_memory_away", why=str(why))
        return {**{key: Kept(None, "away") for key in this.asked}, **this.known}

    def _let_go(self) -> None:
        """Once a day, of answers that are older than they are kept."""
        today = self._now().astimezone(UTC).date()
        if self._options.kept and today != self._let_go_on:
            self._memory.forget_before(today - timedelta(days=self._options.kept))
            self._let_go_on = today

    def _recall(self, this: _Round) -> None:
        for key in this.asked:
            kept = self._memory.kept(key)
            if kept is not None and kept.content is None and self._options.ask_again:
                self._memory.forget(key)
            elif kept is not None:
                this.known[key] = kept
                self.metrics.story("remembered")

    def _ask(self, this: _Round) -> None:
        """Sends what is not known, and keeps what comes of it: also that nothing did, so that a replay is the same."""
        for key, question in this.asked.items():
            if key not in this.known:
                self._admit(this, question)
        replies: dict[Key, Reply] = self._submit(self._all(this)).result()
        for key, reply in replies.items():
            self._budget.settle(this.aside[key], reply)
            self.metrics.asked(reply.tries, this.took[key])
            self._keep(this, key, Kept(reply.content, reply.why))
        if any(reply.why in _FAILED for reply in replies.values()):
            self._patience.failed()

    def _admit(self, this: _Round, question: Question) -> None:
        why = None
        if self._patience.is_paused:
            why = "away"
        elif this.seconds <= 0 and not self._is_patient:
            why = "late"
        elif (aside := self._budget.put_aside(len(prompt.instruction()) + len(question.content))) is None:
            why = "budget"
        else:
            this.aside[question.key] = aside
        if why is not None:
            self._keep(this, question.key, Kept(None, why))

    def _keep(self, this: _Round, key: Key, kept: Kept) -> None:
        this.known[key] = self._memory.keep(key, kept, this.asked[key].source)
        self.metrics.story(kept.why or "read")

    async def _all(self, this: _Round) -> dict[Key, Reply]:
        """Every story that was admitted, so many at once, all within the same time."""
        until, at_once = self._clock() + this.seconds, asyncio.Semaphore(self._options.at_once)

        async def one(key: Key) -> Reply:
            body = prompt.body_of(
                this.asked[key].content, self._options.model, self._options.answer_tokens, self._options.extra
            )
            async with at_once:
                begun = self._clock()
                left = self._options.timeout if self._is_patient else until - begun
                reply = await self._server.ask(body, left)
                this.took[key] = self._clock() - begun
                return reply

        keys = list(this.aside)
        return dict(zip(keys, await asyncio.gather(*map(one, keys)), strict=True))

    def _heard(self, story: EnrichedStory, triggers: Sequence[Candidate], kept: Kept) -> Heard:
        """What a story bears out of what is kept of it; the same whenever and as often as it is asked."""
        checked, why = Checked(), kept.why
        if kept.content is not None and story.parse is not None:
            try:
                checked = check(answer_in(kept.content), Page(story, story.parse, triggers))
            except Unusable as wrong:
                why, checked.dropped = "unusable", [Dropped("answer", f"its answer is none: {wrong}")]
        for one in checked.dropped:
            self.metrics.dropped(one.reason)
        said = ReadBy(reader=NAME, spoke=why is None, why=why, model=self._options.model, prompt=prompt.version())
        return Heard(checked.candidates, (said,), tuple(one.words for one in checked.dropped))

    def _submit[T](self, work: Coroutine[None, None, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)
