"""`visitwire compare`: what one reader finds in a folder of stories and another does not, and how right each is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Visit

from visitwire_suite import terminal_lines
from visitwire_suite.evaluation.match import pair_up
from visitwire_suite.evaluation.score import Score
from visitwire_suite.readers import panel_of
from visitwire_suite.story_files import enriched
from visitwire_suite.time_options import Received

app = typer.Typer()
READERS = ("rules", "llm", "both")
_SHOWN = (
    ("visit_p", "precision"),
    ("visit_r", "recall"),
    ("visit_f1", "F1"),
    ("announced_f1", "announced F1"),
    ("alert_f1", "alert F1"),
    ("status", "status"),
    ("dates", "dates"),
    ("undated", "undated"),
    ("source", "source"),
)
"""Figures of `Score`, and what the table calls them."""

type Found = Mapping[str, Sequence[EnrichedStory]]
"""By reader: every story, in one order."""


@dataclass(frozen=True)
class ComparedVisit:
    """One visit of one story, as each reader has it; None where it does not find it."""

    story: str
    visits: Mapping[str, Visit | None]

    @property
    def differs(self) -> bool:
        return len({_gist(visit) for visit in self.visits.values()}) > 1

    @property
    def any(self) -> Visit:
        return next(visit for visit in self.visits.values() if visit is not None)


def _readers(given: str) -> list[str]:
    names = [name.strip() for name in given.split(",") if name.strip()]
    for name in names:
        if name not in READERS:
            raise typer.BadParameter(f"unknown reader {name!r}; use one of {', '.join(READERS)}")
    return list(dict.fromkeys(names))


@app.command()
def compare(
    files: Annotated[list[str], typer.Argument(help="Files in any accepted format, folders, or - for standard input.")],
    readers: Annotated[
        str, typer.Option(help="Two or more of rules, llm and both, separated by commas.")
    ] = "rules,llm",
    gold: Annotated[
        Path | None,
        typer.Option(
            help='JSON lines {"doc": the id of a story, "visits": [{visitor, destination, status, dates, announced_by, '
            "focus}]}."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with all differences and figures.")] = False,
    received: Received = None,
) -> None:
    """Reads FILES with each reader and shows the visits on which they differ; with --gold, also how right each is.

    Exits with status 1 if no story can be read or a setting is missing, and with 2 if the gold file is unusable.
    """
    names = _readers(readers)
    known = _gold(gold) if gold else None
    stories = enriched(files, received, ("extraction", "attribution"))
    found = {name: _read(stories, name) for name in names}
    rows = [row for number in range(len(stories)) for row in rows_of({name: found[name][number] for name in names})]
    scores = {name: score(found[name], known) for name in names} if known is not None else {}
    if as_json:
        typer.echo(json.dumps(_data(found, rows, scores)))
    else:
        _show(found, rows, scores)
    raise typer.Exit(0 if stories else 1)


def _read(stories: Sequence[EnrichedStory], reader: str) -> list[EnrichedStory]:
    panel = panel_of(Settings().model_copy(update={"readers": reader}))
    try:
        return [panel.settle(story, heard) for story, heard in zip(stories, panel.hear(stories), strict=True)]
    finally:
        panel.close()


def rows_of(found: Mapping[str, EnrichedStory]) -> list[ComparedVisit]:
    """The visits of one story, each once, in the order of the first reader that finds it."""
    rows: list[dict[str, Visit]] = []
    for name, story in found.items():
        known = [_data_of(next(iter(row.values()))) for row in rows]
        pairs = {other: one for one, other in pair_up(known, [_data_of(visit) for visit in story.visits])}
        for number, visit in enumerate(story.visits):
            if number in pairs:
                rows[pairs[number]][name] = visit
            else:
                rows.append({name: visit})
    key = next(iter(found.values())).story
    return [ComparedVisit(key.headline or key.uri, {name: row.get(name) for name in found}) for row in rows]


def score(stories: Sequence[EnrichedStory], gold: Mapping[str, list[dict[str, Any]]]) -> Score:
    """The figures over the stories that the gold file has."""
    made = Score()
    for story in stories:
        if story.story.uri in gold:
            made.add(gold[story.story.uri], [_data_of(visit) for visit in story.visits])
    return made


def _gold(path: Path) -> dict[str, list[dict[str, Any]]]:
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        found = {row["doc"]: row["visits"] for row in rows}
        for visits in found.values():
            pair_up(visits, [])
            [(visit["visitor"], visit["destination"], visit["status"]) for visit in visits]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        typer.echo(f"{path} is not a gold file: {type(wrong).__name__}: {wrong}", err=True)
        raise typer.Exit(2) from None
    return found


def _gist(visit: Visit | None) -> tuple[str, ...]:
    if visit is None:
        return ()
    return visit.status.value, terminal_lines.when(visit.dates), str(visit.focus)


def _data_of(visit: Visit) -> dict[str, Any]:
    return visit.model_dump(mode="json")


def _silent(stories: Sequence[EnrichedStory]) -> int:
    """Stories in which a reader did not speak, for another reason than that there was nothing to read."""
    return sum(any(not one.spoke and one.why != "gate" for one in story.read_by) for story in stories)


def _data(found: Found, rows: Sequence[ComparedVisit], scores: Mapping[str, Score]) -> dict[str, Any]:
    return {
        "stories": len(next(iter(found.values()))),
        "silent": {name: _silent(stories) for name, stories in found.items()},
        "visits": {name: sum(len(story.visits) for story in stories) for name, stories in found.items()},
        "differences": [
            {"story": row.story, **{name: visit and _data_of(visit) for name, visit in row.visits.items()}}
            for row in rows
            if row.differs
        ],
        "scores": {name: one.row() for name, one in scores.items()},
    }


def _show(found: Found, rows: Sequence[ComparedVisit], scores: Mapping[str, Score]) -> None:
    console, differing = Console(), [row for row in rows if row.differs]
    if differing:
        console.print(_table(list(found), differing))
    console.print(f"{len(differing)} of {len(rows)} visits differ.")
    for name, stories in found.items():
        silent = _silent(stories)
        if silent:
            console.print(
                f"In {silent} of {len(stories)} stories {name} means the embedded reader: the model did not speak."
            )
    if scores:
        console.print(_figures(scores))


def _table(names: Sequence[str], rows: Sequence[ComparedVisit]) -> Table:
    table = Table("story", "visit", *names)
    for row in rows:
        visit = row.any
        where = (
            terminal_lines.country(visit.destination.country)
            if visit.destination.country
            else visit.destination.place or "?"
        )
        cells = [_cell(row.visits[name]) for name in names]
        table.add_row(escape(row.story), escape(f"{terminal_lines.who(visit.visitor)} → {where}"), *cells)
    return table


def _cell(visit: Visit | None) -> str:
    if visit is None:
        return "[dim]not found[/]"
    news = "" if visit.focus else ", background"
    return f"{visit.status.value.replace('_', ' ')}, {terminal_lines.when(visit.dates)}{news}"


def _figures(scores: Mapping[str, Score]) -> Table:
    table = Table("reader", *(title for _, title in _SHOWN))
    for name, one in scores.items():
        figures = one.row()
        table.add_row(name, *(f"{figures[key]:.3f}" for key, _ in _SHOWN))
    return table
