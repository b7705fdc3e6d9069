"""What came of a chaos: what is on the topics, against what was fed and what one undisturbed ledger tells."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, FLOW, STORIES_ENRICHED, VISITS, Alert, EnrichedStory, LedgerVisit, dead_letters

from tests.chaos.one_ledger import Told
from tests.helpers.invented import Invented
from tests.integration.harness import standing


@dataclass
class Verdict:
    """What was done, and what came of it."""

    fed: int
    seconds: float
    killed: Mapping[str, int]
    lost: list[str]
    """Stories and versions that were fed and are not enriched."""
    twice: list[str]
    """Ids of alerts that are on the topic more than once."""
    two_ids: list[str]
    """Ids of alerts that tell the same change."""
    alerts: int
    alerts_missing: list[str]
    alerts_strange: list[str]
    """That one ledger does not tell."""
    visits: int
    visits_differing: list[str]
    dead: list[str]
    enriched_twice: int
    """Enriched events that came again, which their readers must bear."""
    ended: list[str] = field(default_factory=list)
    """Workers that ended by themselves, with their exit codes; it does not hold against them."""

    @property
    def faults(self) -> dict[str, list[str]]:
        """What must be empty."""
        return {
            "stories lost": self.lost,
            "dead letters": self.dead,
            "alerts twice": self.twice,
            "alerts under two ids": self.two_ids,
            "alerts missing": self.alerts_missing,
            "alerts that one ledger does not tell": self.alerts_strange,
            "visits that differ from one ledger's": self.visits_differing,
        }

    @property
    def holds(self) -> bool:
        return not any(self.faults.values())


def called(story: EnrichedStory) -> str:
    return f"{story.story.uri} version {story.story.version}"


def enriched_on(settings: Settings) -> list[EnrichedStory]:
    """Every enriched story on the broker, those that came again too."""
    return [STORIES_ENRICHED.decode(found.record) for found in standing(settings, STORIES_ENRICHED.name)]


def compared(
    fed: Sequence[Invented], seconds: float, killed: Mapping[str, int], settings: Settings, want: Told
) -> Verdict:
    """What is on the topics, against what was fed and against `want`, which is what one ledger tells."""
    enriched = enriched_on(settings)
    alerts = [ALERTS.decode(found.record) for found in standing(settings, ALERTS.name)]
    visits = {
        (found.record.key or b"").decode(): VISITS.decode(found.record) if found.record.value else None
        for found in standing(settings, VISITS.name)
    }
    letters = [
        f"{letter.stage}: {letter.reason}"
        for row in FLOW
        for letter in (
            dead_letters(row.stage).decode(found.record) for found in standing(settings, row.dead_letters.name)
        )
    ]
    once = {called(story) for story in enriched}
    times = Counter(alert.id for alert in alerts)
    return Verdict(
        fed=len(fed),
        seconds=seconds,
        killed=killed,
        lost=sorted({f"{story.uri} version {story.version}" for story in fed} - once),
        twice=[id for id, often in times.items() if often > 1],
        two_ids=two_ids(alerts),
        alerts=len(times),
        alerts_missing=sorted(want.alerts.keys() - times.keys()),
        alerts_strange=sorted(times.keys() - want.alerts.keys()),
        visits=len(want.visits),
        visits_differing=_differing(want, visits),
        dead=letters,
        enriched_twice=len(enriched) - len(once),
    )


def two_ids(alerts: Sequence[Alert]) -> list[str]:
    """The ids of alerts that tell one change: the same of the same visitor and country, by the same story's word."""
    told: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for alert in alerts:
        visit, word = alert.data.visit, alert.data.evidence[-1]
        change = (word.story, word.version, alert.data.change.kinds, visit.visitor.name, visit.destination.country)
        told[change].add(alert.id)
    return [" ".join(sorted(ids)) for ids in told.values() if len(ids) > 1]


def _differing(want: Told, visits: Mapping[str, LedgerVisit | None]) -> list[str]:
    known = want.visits.keys() | {id for id, visit in visits.items() if visit is not None}
    return sorted(id for id in known if want.visits.get(id) != visits.get(id))


def table(verdict: Verdict, stories: int) -> str:
    """As Markdown; `stories` were to be fed."""
    killed = ", ".join(f"{target} {times}" for target, times in sorted(verdict.killed.items()))
    rows: list[tuple[str, object]] = [
        ("stories fed", f"{verdict.fed:,} of {stories:,}"),
        ("minutes", f"{verdict.seconds / 60:.1f}"),
        ("killed", killed or "nobody"),
        ("ended by themselves", ", ".join(verdict.ended) or "nobody"),
        ("enriched again", verdict.enriched_twice),
        ("alerts", f"{verdict.alerts:,}"),
        ("visits", f"{verdict.visits:,}"),
        *((name, len(found)) for name, found in verdict.faults.items()),
    ]
    return "\n".join(["| what | how many |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])
