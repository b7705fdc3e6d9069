"""Fits the weights of the reader and the resolver on stories with gold, and says how good they are on stories left out.

    python -m bench.quality.fit            # cross-validated figures, then services/visits/visitwire_visits/weights.json
    python -m bench.quality.fit --dry-run  # the figures only

Only figures reach the project: a number for each feature that the project names, and thresholds. Stories are split
in five by their id; every figure printed is of a fifth that the weights in use had not seen.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from visitwire_schemas import Entity, VisitStatus
from visitwire_suite.evaluation.match import same_destination, same_visitor, stems
from visitwire_suite.evaluation.score import Score
from visitwire_visits import weights as shipped
from visitwire_visits.candidate import Candidate
from visitwire_visits.filed import Filed
from visitwire_visits.resolve import choose
from visitwire_visits.resolve.dating import date_choices
from visitwire_visits.resolve.pairs import Pair, evidence_of, pairs_of
from visitwire_visits.resolve.resolver import Context, Resolver, context_of, headline_of, party_of
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.weights import Weights

from bench.quality.stories import INVENTED, OTHER, WRITTEN, Told, invented, other, sets, told, written

TABLE = Path(shipped.__file__).parent / "weights.json"
FOLDS = 5
_ROUNDS = 6
_SURE = 0.5
_RARE = 5
_SMALLEST = 0.02
"""Weights below it are left out of the table."""
_WEIGHTS = {INVENTED: 0.2, WRITTEN: 0.5, OTHER: 0.2}
_STRENGTH = {"reader": 0.018, "visit": 0.03, "status": 0.03, "date": 0.02, "source": 0.2, "focus": 0.03}
"""C of the logistic regressions: smaller shrinks the weights more."""

type Features = Mapping[str, float]


@dataclass(frozen=True)
class Example:
    """One reading of one candidate: its features, which pair of which story it is of, and whether that pair is gold."""

    features: Features
    pair: tuple[int, str, str]
    gold: bool
    weight: float = 1.0
    start: float = 0.0
    """How plainly the grammar alone vouches for it: where the first round begins."""


_PLAIN = {
    "first": 2.0,
    "filled": 1.5,
    "slot3": 0.5,
    "role": 0.3,
    "company": 1.0,
    "echo.own": 0.5,
    "echo.with": 0.5,
    "echo": 0.2,
    "near": 0.0,
}


def _plainness(names: Sequence[str]) -> float:
    told = next((name for name in names if name.startswith("g=") and "@" not in name), "g=near|near")
    visitor, destination = told[2:].split("|")
    return _PLAIN[visitor] * _PLAIN[destination] + _PLAIN[visitor] + _PLAIN[destination] - ("aspect=speech" in names)


def weight_of(each: Told) -> float:
    """An invented case counts less than a story: it was made to be read, and most stories tell of no visit."""
    return _WEIGHTS.get(each.source, 1.0)


def examples_of(number: int, each: Told, candidates: Sequence[Candidate]) -> list[Example]:
    """Every visitor and destination that a candidate links."""
    entities = {entity.id: entity for entity in each.story.entities}
    found = []
    for candidate in candidates:
        goals = {goal.key: goal for goal in candidate.destinations}
        fillers = {filler.entity: filler for filler in candidate.visitors}
        for (who, where), (_, link) in candidate.links.items():
            party = party_of(entities[who]).model_dump()
            goal = {"country": goals[where].country, "place": goals[where].place}
            gold = any(
                same_visitor(g["visitor"], party) and same_destination(g["destination"], goal) for g in each.gold
            )
            if not gold and _told_by_name(each, entities[who], goal):
                continue
            names = (*candidate.features, *fillers[who].features, *goals[where].features, *link)
            found.append(
                Example(dict.fromkeys(names, 1.0), (number, who, where), gold, weight_of(each), _plainness(names))
            )
    return found


class Model:
    """A logistic regression over named features."""

    def __init__(self, rows: Sequence[Features], rare: int = _RARE) -> None:
        counts = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, count in counts.items() if count >= rare)
        self._column = {name: column for column, name in enumerate(self.names)}
        self.matrix = self._matrix(rows)

    def _matrix(self, rows: Sequence[Features]) -> Any:
        indices, values, starts = [], [], [0]
        for row in rows:
            for name, value in row.items():
                if name in self._column:
                    indices.append(self._column[name])
                    values.append(float(value))
            starts.append(len(indices))
        return csr_matrix((values, indices, starts), shape=(len(rows), len(self.names)))

    def fit(self, chosen: Any, labels: Any, strength: float, weights: Any) -> LogisticRegression:
        model = LogisticRegression(C=strength, max_iter=3000)
        return model.fit(self.matrix[chosen], labels[chosen], weights[chosen])

    def weights(self, fitted: LogisticRegression, threshold: float = 0.5) -> Weights:
        found = zip(self.names, fitted.coef_[0], strict=True)
        of = {name: round(float(w), 4) for name, w in found if abs(w) >= _SMALLEST}
        return Weights(round(float(fitted.intercept_[0]), 4), of, threshold)


def _told_by_name(each: Told, visitor: Entity, goal: Mapping[str, Any]) -> bool:
    """Whether "the leader" or "the delegation" goes where somebody of its country goes by name: right, but twice."""
    return not visitor.named and any(
        gold["visitor"].get("country") == visitor.country and same_destination(gold["destination"], goal)
        for gold in each.gold
    )


def fit_reader(examples: Sequence[Example]) -> Weights:
    """Weights by which the likeliest reading of each gold pair is likely and every reading of any other pair is not.

    A gold pair is told by some of its readings only, and nobody marked which: so the likeliest by the weights of the
    last round, and those that are likely anyway, stand for it in the next.
    """
    model = Model([example.features for example in examples])
    labels = np.array([example.gold for example in examples])
    weights = np.array([example.weight for example in examples])
    odds = np.array([example.start for example in examples])
    for turn in range(_ROUNDS):
        chosen = _standing(examples, labels, odds, turn)
        fitted = model.fit(chosen, labels, _STRENGTH["reader"], weights)
        odds = fitted.decision_function(model.matrix)
    return model.weights(fitted)


def _standing(examples: Sequence[Example], labels: Any, odds: Any, turn: int) -> Any:
    """The examples that count in a round: every wrong one, and the right ones that stand for their pair."""
    best: dict[tuple[int, str, str], int] = {}
    for at in np.flatnonzero(labels):
        pair = examples[at].pair
        if pair not in best or odds[at] > odds[best[pair]]:
            best[pair] = at
    stand = set(best.values())
    return np.array([at for at in range(len(labels)) if not labels[at] or at in stand or (turn and odds[at] > _SURE)])


@dataclass(frozen=True)
class Read:
    """A story as a reader with held-out weights read it."""

    told: Told
    context: Context
    candidates: Sequence[Candidate]
    pairs: Sequence[Pair]

    def gold_of(self, pair: Pair) -> dict[str, Any] | None:
        """The gold visit that the pair is. Of two occasions, the earlier is the one that is over and no news."""
        party = party_of(pair.visitor).model_dump()
        goal = {"country": pair.country, "place": pair.place}
        golds = [
            g for g in self.told.gold if same_visitor(g["visitor"], party) and same_destination(g["destination"], goal)
        ]
        if any(other.key == pair.key and other is not pair for other in self.pairs):
            golds = [g for g in golds if pair.earlier == (g["status"] == "concluded" and not g.get("focus", True))]
        return golds[0] if golds else None


def read(each: Told, weights: Weights) -> Read:
    candidates = RulesReader(weights=weights).read(each.story)
    filed = Filed(each.story)
    context = context_of(each.story, filed.today, filed.here[0] if filed.here else None)
    return Read(each, context, candidates, pairs_of(candidates, context.entities, context.today))


def _fit(
    rows: Sequence[Features], labels: Sequence[bool], weights: Sequence[float], strength: float, threshold: float = 0.5
) -> Weights:
    model = Model(rows, rare=3)
    fitted = model.fit(np.arange(len(rows)), np.array(labels), strength, np.array(weights))
    return model.weights(fitted, threshold)


def fit_resolver(reads: Sequence[Read], thresholds: Mapping[str, float]) -> dict[str, Weights]:
    """The weights of every choice of the resolver."""
    rows: dict[str, list[Features]] = {name: [] for name in ("visit", "focus", "date", "source", "status")}
    labels: dict[str, list[Any]] = {name: [] for name in rows}

    counts: dict[str, list[float]] = {name: [] for name in rows}
    weight = 1.0

    def add(name: str, row: Features, label: Any) -> None:
        rows[name].append(row)
        labels[name].append(label)
        counts[name].append(weight)

    for each in reads:
        weight = weight_of(each.told)
        for pair in each.pairs:
            gold = each.gold_of(pair)
            named, values = evidence_of(pair, each.pairs, each.context.salience)
            add("visit", {**dict.fromkeys(named, 1.0), **values}, gold is not None)
            if gold is not None:
                _add_choices(add, each, pair, gold)
    found = {
        name: _fit(rows[name], labels[name], counts[name], _STRENGTH[name], thresholds[name])
        for name in ("visit", "focus", "date", "source")
    }
    for status in VisitStatus:
        right = [label == status.value for label in labels["status"]]
        found[f"status.{status.value}"] = _fit(rows["status"], right, counts["status"], _STRENGTH["status"])
    return found


def _add_choices(add: Callable[[str, Features, Any], None], each: Read, pair: Pair, gold: Mapping[str, Any]) -> None:
    status, now = VisitStatus(gold["status"]), each.context.now
    add("status", choose.status_evidence(pair, now, each.pairs), gold["status"])
    add("focus", choose.focus_evidence(pair, each.pairs, status, headline_of(pair, each.context)), bool(gold["focus"]))
    start = (gold.get("dates") or {}).get("start")
    for _, days, evidence in date_choices(pair, status, now.today):
        add("date", evidence, bool(start) and days.start[: len(start)] == start)
    if gold.get("announced_by"):
        for source, evidence in choose.source_choices(pair, status):
            told_by = f"{source.announcer.name or ''} {source.announcer.label or ''}"
            add("source", evidence, bool(stems(told_by) & stems(gold["announced_by"])))


def found_in(each: Read, resolver: Resolver) -> list[dict[str, Any]]:
    """The visits that the resolver finds in a story, as plain data."""
    findings = resolver.resolve(each.candidates, each.context)
    return [finding.visit.model_dump(mode="json") for finding in findings if finding.visit is not None]


def cross_validated(
    stories: Sequence[Told], report: Callable[[str], None]
) -> tuple[list[Read], list[list[dict[str, Any]]]]:
    """Every story read and resolved by weights that had not seen it."""
    reads: list[Read | None] = [None] * len(stories)
    plain = RulesReader(weights=Weights(), hopeless=math.inf, kept=10**6)
    examples = [examples_of(number, each, plain.read(each.story)) for number, each in enumerate(stories)]
    for fold in (*range(FOLDS), -1):
        seen = [
            example
            for each, rows in zip(stories, examples, strict=True)
            if each.fold != fold or fold < 0
            for example in rows
        ]
        weights = fit_reader(seen)
        for number, each in enumerate(stories):
            if each.fold == fold:
                reads[number] = read(each, weights)
        report(f"reader without fold {fold}: {len(weights.of)} weights")
    whole = [each for each in reads if each is not None]
    found: list[list[dict[str, Any]]] = [[] for _ in whole]
    for fold in range(FOLDS):
        resolver = Resolver(fit_resolver([each for each in whole if each.told.fold != fold], THRESHOLDS))
        for number, each in enumerate(whole):
            if each.told.fold == fold:
                found[number] = found_in(each, resolver)
    return whole, found


THRESHOLDS = {"visit": 0.45, "focus": 0.5, "date": 0.4, "source": 0.25}
"""Probabilities from which each choice says yes."""


def figures(
    stories: Sequence[Told], found: Iterable[Sequence[dict[str, Any]]], names: Sequence[str] | None = None
) -> Score:
    """The score over the stories of some sets."""
    score = Score()
    for each, visits in zip(stories, found, strict=True):
        if names is None or each.source in names:
            score.add(each.gold, list(visits))
    return score


def line(name: str, score: Score) -> str:
    """A row of the table."""
    return f"{name:8s}" + "".join(f"  {key} {value:.3f}" for key, value in score.row().items())


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true", help="print the figures and write nothing")
    parser.add_argument("--model", help="another language model")
    parser.add_argument("sets", nargs="*", help="sets to fit on; all that may be read if none is named")
    chosen = parser.parse_args(arguments)
    stories = [
        *told(chosen.sets or None, chosen.model),
        *invented(chosen.model),
        *written(chosen.model),
        *other(chosen.model),
    ]
    reads, found = cross_validated(stories, lambda text: print(text, flush=True))
    for name in dict.fromkeys(each.source for each in stories):
        print(line(name, figures(stories, found, [name])))
    print(line("all", figures(stories, found, [name for name in sets() if name in {s.source for s in stories}])))
    if not chosen.dry_run:
        write(stories, reads)


def write(stories: Sequence[Told], reads: Sequence[Read]) -> None:
    """Fits on everything and writes the table; the resolver on readings by weights that had not seen the story."""
    plain = RulesReader(weights=Weights(), hopeless=math.inf, kept=10**6)
    examples = [e for number, each in enumerate(stories) for e in examples_of(number, each, plain.read(each.story))]
    table = {"reader": fit_reader(examples), **fit_resolver(reads, THRESHOLDS)}
    rows = {
        name: {"bias": w.bias, "threshold": w.threshold, "of": dict(sorted(w.of.items()))} for name, w in table.items()
    }
    TABLE.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{TABLE.name}: {sum(len(row['of']) for row in rows.values())} weights")


if __name__ == "__main__":
    main()
