"""`visitwire show`: one story as a page of its own, with its entities, quotes and visits marked and linked."""

import webbrowser
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from jinja2 import Environment, PackageLoader, select_autoescape
from visitwire_gateway.highlight import Segment, paragraphs
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage, logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Entity, Party, Quote, Story

from visitwire_suite.chain import Chain, Failed
from visitwire_suite.wire_files import UnreadableInput, items

app = typer.Typer()


@app.command()
def show(
    file: Annotated[str, typer.Argument(help="A file in any accepted format, an enriched story as JSON, or -.")],
    to: Annotated[Path | None, typer.Option("--to", help="File to write. Default: beside the input.")] = None,
    item: Annotated[int, typer.Option(min=1, help="Number of the item, in a file with several.")] = 1,
    opened: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Writes one self-contained page (no network, no external scripts) and opens it."""
    logs.configure("critical")
    enriched = _enriched(file, item)
    page = to or Path(f"{Path(file).stem if file != '-' else 'story'}.html")
    page.write_text(render(enriched), "utf-8")
    typer.echo(str(page))
    if opened:
        webbrowser.open(page.resolve().as_uri())


def render(enriched: EnrichedStory) -> str:
    """The page as HTML."""
    pages = Environment(
        loader=PackageLoader("visitwire_suite"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    pages.filters["party"] = _party
    entities = {entity.id: entity for entity in enriched.entities}
    return pages.get_template("show.html").render(
        story=enriched.story,
        enriched=enriched,
        paragraphs=list(paragraphs(enriched)),
        groups=_groups(enriched),
        entities=entities,
        words=lambda quote: _words(enriched, quote),
        title=lambda segment: _title(segment, enriched, entities),
    )


def _enriched(file: str, item: int) -> EnrichedStory:
    """Raises typer.Exit, the reason on standard error."""
    found = None
    if file.endswith(".json") and (ready := _ready(Path(file))):
        return ready
    for number, story in enumerate(_stories(file), 1):
        if number == item:
            found = story
    if found is None:
        _stop(f"{file}: There is no item {item}.")
    with Chain(Settings()) as chain:
        outcome = chain.enrich([found])[0]
    if isinstance(outcome, Failed):
        _stop(f"{file}: {outcome.stage}: {outcome.reason}")
    return EnrichedStory.model_validate_json(outcome)


def _ready(path: Path) -> EnrichedStory | None:
    """A file that `visitwire enrich` wrote; None where it is something else."""
    try:
        return EnrichedStory.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _stories(file: str) -> list[Story]:
    stories: list[Story] = []
    for found in items([file]):
        if isinstance(found, UnreadableInput):
            _stop(f"{found.file}: {found.reason}")
        try:
            stories += read(found[1])
        except InvalidMessage as wrong:
            _stop(f"{file}: {wrong}")
    return stories


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)


def _groups(enriched: EnrichedStory) -> list[tuple[str, list[Entity]]]:
    """Entities by kind, the most salient first, in the order an editor reads them."""
    kinds = (("People", "person"), ("Organisations", "organization"), ("Countries", "country"), ("Places", "place"))
    groups = [
        (name, [one for one in enriched.entities if one.kind == kind]) for name, kind in (*kinds, ("Events", "event"))
    ]
    return [(name, sorted(found, key=lambda one: -len(one.mentions))) for name, found in groups if found]


def _party(party: Party) -> str:
    said = [party.label, party.name] if party.label and party.name and party.name not in party.label else []
    return " ".join(said) or party.name or party.label or "Somebody"


def _words(enriched: EnrichedStory, quote: Quote) -> str:
    text = enriched.story.text
    return " … ".join(" ".join(text[span.start : span.end].split()) for span in quote.content)


def _title(segment: Segment, enriched: EnrichedStory, entities: dict[str, Entity]) -> str:
    """What a marked word is, for those who rest on it."""
    said = []
    for mark in segment.marks:
        entity = entities.get(mark.ref)
        if entity is not None:
            said.append(", ".join(filter(None, (entity.name, entity.office, entity.country))))
        elif mark.kind == "visit":
            visit = enriched.visits[int(mark.ref[1:])]
            said.append(f"visit: {_party(visit.visitor)}, {visit.status.value.replace('_', ' ')}")
        elif mark.kind == "quote":
            speaker = entities.get(enriched.quotes[int(mark.ref[1:])].speaker or "")
            said.append(f"said by {speaker.name}" if speaker else "a quote")
    return "; ".join(dict.fromkeys(said))
