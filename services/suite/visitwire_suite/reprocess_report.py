"""What a run of `visitwire reprocess` changed, in words or as JSON."""

import json
from collections import Counter
from typing import Any

from visitwire_alerting.ledger.reprocessing import Fate, Kind

from visitwire_suite.reprocess_run import Run


def summary(run: Run, as_json: bool) -> str:
    """The report; its lines, a story or a visit each, lie in the run's folder."""
    found = figures(run)
    return json.dumps(found, ensure_ascii=False) if as_json else _words(run, found)


def figures(run: Run) -> dict[str, Any]:
    """Counted from the lines of the report, which are read one by one."""
    state, plan = run.state, run.state.plan
    visits: set[str] = set()
    gone: set[str] = set()
    kinds: dict[str, Counter[str]] = {"held": Counter(), "told": Counter()}
    for line in run.noted():
        for how in kinds.keys() & line.keys():
            kinds[how][line["kinds"][0]] += 1
        if "stands" in line:
            visits.add(line["visit"])
            (gone.discard if line["stands"] else gone.add)(line["visit"])
    left = {fate.value: state.counts[fate.value] for fate in Fate if state.counts[fate.value]}
    return {
        "run": state.id,
        "from": plan.begin.isoformat(),
        "to": plan.end.isoformat(),
        "stage": plan.stage,
        "dry": plan.dry,
        "done": state.done,
        "cut": state.cut,
        "stories": state.counts.total(),
        "read": sum(state.counts[kind.value] for kind in Kind),
        "other_visits": state.counts[Kind.VISITS.value],
        "other_details": state.counts[Kind.DETAILS.value],
        "failed": state.counts["failed"],
        "not_readable": state.counts["not readable"],
        "left_out": left,
        "visits_changed": len(visits),
        "visits_gone": len(gone),
        "alerts_held": dict(kinds["held"]),
        "alerts_told": dict(kinds["told"]),
        "report": str(run.changes),
    }


def _words(run: Run, found: dict[str, Any]) -> str:
    would = "would change" if found["dry"] else "changed"
    lines = [
        f"Run {found['run']}, from {found['stage']} on: {found['stories']} stories"
        f" that arrived from {found['from']} to {found['to']}",
        f"  {found['read']} read again: {found['other_visits']} with other visits,"
        f" {found['other_details']} with other details, {found['failed']} failed",
        *(f"  {count} {why}" for why, count in found["left_out"].items()),
        f"  {found['visits_changed']} visits {would}, of which {found['visits_gone']} no longer exist",
        f"  {sum(found['alerts_held'].values())} alerts held back{_kinds(found['alerts_held'])},"
        f" {sum(found['alerts_told'].values())} sent{_kinds(found['alerts_told'])}",
    ]
    if found["not_readable"]:
        lines.append(f"  {found['not_readable']} records contain no story")
    if found["cut"]:
        lines.append(
            f"  The topic no longer covers the whole period: part of what {run.state.plan.stage} reads was removed."
        )
    if run.changes.exists():
        lines.append(f"  Each story and visit: {found['report']}")
    return "\n".join(lines)


def _kinds(counted: dict[str, int]) -> str:
    return f" ({', '.join(f'{count} {kind}' for kind, count in sorted(counted.items()))})" if counted else ""
