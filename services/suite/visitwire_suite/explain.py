"""`visitwire explain`: which frame found a visit, on which words."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from visitwire_schemas import EnrichedStory, Visit

from visitwire_suite import tell
from visitwire_suite.stories import enriched
from visitwire_suite.times import Received

app = typer.Typer()


@app.command()
def explain(
    files: Annotated[list[str], typer.Argument(help="Files in any accepted format, folders, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a visit.")] = False,
    received: Received = None,
) -> None:
    """Says for each visit in FILES which frame fired on which words, who says so, and how sure that is."""
    console = Console()
    for story in enriched(files, received):
        if not as_json:
            console.print(f"[bold]{escape(story.story.headline or story.story.uri)}[/]: {len(story.visits)} visits")
        for visit in story.visits:
            if as_json:
                typer.echo(
                    json.dumps(
                        {"story": story.story.uri, **visit.model_dump(mode="json"), "words": words(story, visit)}
                    )
                )
            else:
                console.print(*lines(story, visit), sep="\n")


def words(story: EnrichedStory, visit: Visit) -> list[str]:
    """The words of each piece of evidence."""
    return [story.story.text[each.start : each.end] for each in visit.evidence]


def lines(story: EnrichedStory, visit: Visit) -> list[str]:
    said = visit.announced_by and (visit.announced_by.name or visit.announced_by.label)
    status = visit.status.replace("_", " ")
    told = [
        f"  [bold]{escape(tell.who(visit.visitor))}[/] ({tell.country(visit.visitor.country)}) → "
        f"[bold]{tell.country(visit.destination.country)}[/]: {status}, {tell.when(visit.dates)}",
        f"    {'news of this story' if visit.focus else 'background'}, confidence {visit.confidence:.2f}"
        + (f", on the word of {escape(said)}" if said else ", on nobody's word but the story's"),
    ]
    if visit.dates and visit.dates.text:
        told.append(f"    dates from “{escape(visit.dates.text)}”")
    for each, text in zip(visit.evidence, words(story, visit), strict=True):
        quoted = f", in quote {each.quote}" if each.quote is not None else ""
        told.append(f"    frame [cyan]{each.frame or 'none'}[/] on characters {each.start}–{each.end}{quoted}:")
        told.append(f"      [italic]“{escape(text)}”[/]")
    return told
