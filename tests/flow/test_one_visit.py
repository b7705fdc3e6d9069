"""One visit is one record: two months of invented stories about one region's travels, through all stages.

Each story says in "trip" which visit it reports. What the readers do not find is no matter of this test: it asks
whether the reports that they did find are put together as people would, by B-cubed: how much of what is with a report
is of its visit (precision), and how much of its visit is with it (recall).
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from visitwire_runtime import AnyStage
from visitwire_runtime.embedded import run
from visitwire_schemas import VISITS, LedgerVisit, WireItem
from visitwire_suite.demo import standing

STORIES = [json.loads(line) for line in Path(__file__).with_name("one_visit.jsonl").read_text().splitlines()]


def item(story: dict[str, Any]) -> WireItem:
    raw = json.dumps({name: value for name, value in story.items() if name != "trip"}).encode()
    return WireItem(
        raw=raw, provider="wire", name=f"{story['id']}.jsonl", received=datetime.fromisoformat(story["date"])
    )


def records(stages: Sequence[AnyStage], spool: Path) -> list[LedgerVisit]:
    return standing(run(stages, map(item, STORIES), keep=VISITS.name.__eq__, spool=spool))


def b_cubed(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of reports as (record, trip)."""
    both, record, trip = (
        Counter(pairs),
        Counter(record for record, _ in pairs),
        Counter(trip for _, trip in pairs),
    )
    precision = sum(both[pair] / record[pair[0]] for pair in pairs) / len(pairs)
    return precision, sum(both[pair] / trip[pair[1]] for pair in pairs) / len(pairs)


def test_b_cubed() -> None:
    assert b_cubed([("1", "a"), ("1", "a"), ("2", "b")]) == (1, 1)
    assert b_cubed([("1", "a"), ("2", "a")]) == (1, 0.5)
    assert b_cubed([("1", "a"), ("1", "b")]) == (0.5, 1)


def test_the_reports_of_a_visit_are_one_record_and_no_others_are_in_it(
    suite: Callable[..., list[AnyStage]], tmp_path: Path
) -> None:
    trips = {story["headline"]: story["trip"] for story in STORIES}
    pairs = [
        (visit.id, trips[str(report.headline)]) for visit in records(suite(), tmp_path) for report in visit.reports
    ]
    precision, recall = b_cubed(pairs)
    assert len(pairs) >= 50, "the readers find too few for the figures to say anything"
    assert (precision >= 0.97, recall >= 0.90) == (True, True), (precision, recall, sorted(pairs))
