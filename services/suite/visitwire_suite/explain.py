"""`visitwire explain`: which words tell of a visit, how likely that is, and what speaks against others."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from visitwire_runtime.settings import Settings
from visitwire_schemas import ReadBy, Visit
from visitwire_visits.explain import Because, Explanation, Found, Passed, Weighed

from visitwire_suite import terminal_lines
from visitwire_suite.readers import explained, panel_of
from visitwire_suite.story_files import enriched
from visitwire_suite.time_options import Received

app = typer.Typer()
_SHOWN = 4
"""Features that a line has room for; the JSON has ten."""


@app.command()
def explain(
    files: Annotated[list[str], typer.Argument(help="Files in any accepted format, folders, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a story.")] = False,
    received: Received = None,
) -> None:
    """Explains for each story in FILES which words report which visit, how it is scored, and why others are not found.

    Exits with status 1 if no story can be read.
    """
    console, read = Console(), enriched(files, received, ("extraction", "attribution"))
    panel = panel_of(Settings())
    for story, heard in zip(read, panel.hear(read), strict=True):
        explanation = explained(panel, story, heard)
        if as_json:
            typer.echo(json.dumps(row(explanation)))
        else:
            console.print(*lines(explanation), sep="\n", soft_wrap=True)
    panel.close()
    raise typer.Exit(0 if read else 1)


def row(explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON has it."""
    found = [{**asdict(each), "visit": each.visit.model_dump(mode="json")} for each in explanation.found]
    read_by = [each.model_dump(mode="json") for each in explanation.read_by]
    return {**asdict(explanation), "found": found, "read_by": read_by}


def lines(explanation: Explanation) -> list[str]:
    """The explanation for people."""
    title = escape(explanation.headline or explanation.uri)
    if explanation.unread:
        return [f"[bold]{title}[/]: the language {escape(explanation.unread)} is not read"]
    count = len(explanation.found)
    told = [f"[bold]{title}[/]: {count} visit{'' if count == 1 else 's'}"]
    for found in explanation.found:
        told += _found(found)
    for passed in explanation.passed:
        told += _passed(passed)
    told += [f"  [dim]{escape(_silence(each))}[/]" for each in explanation.read_by if not each.spoke]
    told += [f"  [dim]not believed:[/] {escape(words)}" for words in explanation.dropped]
    return told


SILENT = {
    "gate": "no word of the story may tell of a visit",
    "budget": "today's budget was spent",
    "away": "its server was away",
    "late": "it took too long",
    "refused": "it refused to answer",
    "unusable": "its answer was none",
}


def _silence(each: ReadBy) -> str:
    model = f" ({each.model})" if each.model else ""
    return f"the reader {each.reader}{model} did not speak: {SILENT.get(each.why or '', each.why)}"


def _found(found: Found) -> Iterator[str]:
    visit, source = found.visit, found.visit.announced_by
    said = source and (source.name or source.label)
    yield (
        f"  [bold]{escape(terminal_lines.who(visit.visitor))}[/] ({terminal_lines.country(visit.visitor.country)}) → "
        f"[bold]{_destination(visit)}[/]: {visit.status.replace('_', ' ')}, {terminal_lines.when(visit.dates)}"
    )
    word = f"on the word of {escape(said)}" if said else "on nobody's word but the story's"
    news = "news of this story" if visit.focus else "background"
    yield f"    {news}, {word}; the reading is {_percent(found.likelihood)} sure"
    if visit.dates and visit.dates.text:
        yield f"    dates from “{escape(visit.dates.text)}”"
    if len(visit.readers) > 1 or visit.differs:
        differs = f"; they differ in: {', '.join(visit.differs)}" if visit.differs else ""
        yield f"    read by {', '.join(visit.readers)}{differs}"
    for reading in found.readings:
        yield from _reading(reading)


def _passed(passed: Passed) -> Iterator[str]:
    yield (
        f"  [dim]no visit:[/] {escape(passed.visitor)} → {terminal_lines.country(passed.destination)}, "
        f"{_percent(passed.likelihood)} likely"
    )
    for reason in passed.against[:_SHOWN]:
        yield f"    against: {escape(reason)}"
    for reading in passed.readings:
        yield from _reading(reading)


def _reading(reading: Because) -> Iterator[str]:
    told = f" ({reading.told})" if reading.told else ""
    yield f"    [cyan]{escape(reading.frame)}[/] on “{escape(reading.word)}”{told}, odds {reading.odds:+.2f}:"
    yield f"      [italic]“{escape(reading.sentence)}”[/]"
    parts = (
        ("trigger", reading.trigger),
        ("visitor", reading.visitor),
        ("destination", reading.destination),
        ("together", reading.together),
    )
    for name, weighed in parts:
        if weighed:
            yield f"      [dim]{name}: {escape(_weights(weighed))}[/]"


def _weights(weighed: Sequence[Weighed]) -> str:
    return ", ".join(f"{each.feature} {each.weight:+.2f}" for each in weighed[:_SHOWN])


def _destination(visit: Visit) -> str:
    return (
        terminal_lines.country(visit.destination.country)
        if visit.destination.country
        else visit.destination.place or "?"
    )


def _percent(likelihood: float) -> str:
    return f"{round(100 * likelihood)} %"
