"""The figures of a reading: visits, announced visits, alerts, status, dates, source, counted as the yardstick does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from visitwire_suite.evaluation.match import pair_up, stems

_FORWARD = frozenset({"invited", "accepted", "planned", "postponed", "cancelled"})


@dataclass
class Count:
    """Right, too many, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


@dataclass
class Share:
    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        self.right, self.of = self.right + right, self.of + 1

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass
class Score:
    """All figures over the stories that were added."""

    visit: Count = field(default_factory=Count)
    announced: Count = field(default_factory=Count)
    alert: Count = field(default_factory=Count)
    status: Share = field(default_factory=Share)
    dates: Share = field(default_factory=Share)
    undated: Share = field(default_factory=Share)
    source: Share = field(default_factory=Share)

    def add(self, gold: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> None:
        """One story."""
        pairs = pair_up(gold, found)
        self.visit.right += len(pairs)
        self.visit.wrong += len(found) - len(pairs)
        self.visit.missed += len(gold) - len(pairs)
        for one, other in pairs:
            self._attributes(gold[one], found[other])
        self._news(gold, found, pairs)

    def _attributes(self, gold: dict[str, Any], found: dict[str, Any]) -> None:
        self.status.add(gold["status"] == found["status"])
        want, got = (gold.get("dates") or {}).get("start"), (found.get("dates") or {}).get("start")
        if want:
            self.dates.add(bool(got) and str(got)[: len(want)] == want)
        else:
            self.undated.add(not got)
        if gold.get("announced_by"):
            told = found.get("announced_by") or {}
            self.source.add(
                bool(stems(f"{told.get('name') or ''} {told.get('label') or ''}") & stems(gold["announced_by"]))
            )

    def _news(
        self, gold: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]], pairs: Sequence[tuple[int, int]]
    ) -> None:
        want = {at for at, row in enumerate(gold) if row["status"] in _FORWARD and row.get("focus", True)}
        got = {at for at, row in enumerate(found) if row["status"] in _FORWARD and row.get("focus", True)}
        right = {(one, other) for one, other in pairs if one in want and other in got}
        excused = {other for one, other in pairs if one not in want and gold[one]["status"] in _FORWARD}
        self.announced.right += len(right)
        self.announced.wrong += len(got - {other for _, other in right} - excused)
        self.announced.missed += len(want) - len(right)
        self.alert.right += bool(want) and bool(got - excused)
        self.alert.wrong += bool(got - excused) and not want
        self.alert.missed += bool(want) and not got - excused

    def row(self) -> dict[str, float]:
        """Every figure by its name."""
        return {
            "visit_p": self.visit.precision,
            "visit_r": self.visit.recall,
            "visit_f1": self.visit.f1,
            "announced_p": self.announced.precision,
            "announced_f1": self.announced.f1,
            "alert_f1": self.alert.f1,
            "status": self.status.share,
            "dates": self.dates.share,
            "undated": self.undated.share,
            "source": self.source.share,
        }
