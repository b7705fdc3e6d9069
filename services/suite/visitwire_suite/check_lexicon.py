"""`visitwire check-lexicon`: what a changed lexicon changes on a folder of stories."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from visitwire_schemas import EnrichedStory, Visit
from visitwire_visits.candidate import Event
from visitwire_visits.reader import Reader
from visitwire_visits.rules.lexicon import Lexicon, lexicon_of, load, words_in
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.stage import default, visits_of

from visitwire_suite import terminal_lines
from visitwire_suite.story_files import enriched
from visitwire_suite.time_options import Received

app = typer.Typer()


@app.command()
def check_lexicon(
    lexicon: Annotated[
        Path, typer.Argument(help="A folder with the changed frames.toml, operators.toml, words.toml, patterns.toml")
    ],
    files: Annotated[list[str], typer.Argument(help="Stories: files in any accepted format, or folders.")],
    received: Received = None,
) -> None:
    """Prints the visits that the lexicon in LEXICON finds and the current one does not, and vice versa.

    Exits with status 1 if something changes, and with 2 if LEXICON is unusable.
    """
    changed = RulesReader(loaded(lexicon))
    parsed = enriched(files, received, ("extraction", "attribution"))
    console, differing = Console(), 0
    for story in parsed:
        lost, gained = difference(story, default(), changed)
        if lost or gained:
            differing += 1
            console.print(f"[bold]{escape(story.story.headline or story.story.uri)}[/]")
            console.print(*(f"  [red]-[/] {escape(each)}" for each in lost), sep="\n", end="\n" if lost else "")
            console.print(*(f"  [green]+[/] {escape(each)}" for each in gained), sep="\n", end="\n" if gained else "")
    console.print(f"{differing} of {len(parsed)} stories change.")
    raise typer.Exit(1 if differing else 0)


def loaded(folder: Path) -> Lexicon:
    """The lexicon in `folder`; says what is wrong with it and exits with 2 where it cannot be used."""
    try:
        _ask_for("words.toml", lexicon_of("en").words, words_in(folder))
        lexicon = load(folder)
        _ask_for("patterns.toml", lexicon_of("en").patterns, lexicon.patterns)
        for frame in lexicon.frames:
            Event(frame.aspect)
    except KeyError as wrong:
        words = f"the key {wrong} is missing"
    except (OSError, ValueError, TypeError, AttributeError) as wrong:
        words = str(wrong)
    else:
        return lexicon
    typer.echo(f"{folder} does not contain a lexicon: {words}", err=True)
    raise typer.Exit(2)


def _ask_for(file: str, wanted: Iterable[str], there: Iterable[str]) -> None:
    if missing := sorted(set(wanted) - set(there)):
        raise ValueError(f"{file} lacks {', '.join(missing)}")


def difference(story: EnrichedStory, present: Reader, changed: Reader) -> tuple[list[str], list[str]]:
    """The visits that only the present lexicon finds, and those that only the changed one finds, as lines."""
    before = [line(visit) for visit in visits_of(story, present)]
    after = [line(visit) for visit in visits_of(story, changed)]
    return [each for each in before if each not in after], [each for each in after if each not in before]


def line(visit: Visit) -> str:
    news = "" if visit.focus else " (background)"
    country = terminal_lines.country(visit.destination.country)
    return f"{terminal_lines.who(visit.visitor)} → {country}: {visit.status}, {terminal_lines.when(visit.dates)}{news}"
