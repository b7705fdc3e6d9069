"""`visitwire dlq`: what the stages could not process; look at it, and send it again."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table
from visitwire_alerting.cli.screen import screen
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_reader import TopicReader
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import DeadLetter, Record, dead_letters

from visitwire_suite.kafka_client import told
from visitwire_suite.kafka_worker import STAGES, known

app = typer.Typer(no_args_is_help=True, help="List, show and replay dead letters.")

Stage = Annotated[
    str | None,
    typer.Option(help=f"Only of this stage: {', '.join(STAGES)}.", callback=lambda name: name and known(name)),
]
SHOWN = 2000
"""Characters of the bytes that `show` prints."""


def letters(settings: Settings, stage: str | None) -> list[DeadLetter]:
    """The letters that were not replayed, each once, oldest first."""
    found: dict[str, DeadLetter] = {}
    for one in [stage] if stage else STAGES:
        found |= _letters_of(settings, one)
    return sorted(found.values(), key=lambda letter: letter.at)


def _letters_of(settings: Settings, stage: str) -> dict[str, DeadLetter]:
    topic, found = dead_letters(stage), dict[str, DeadLetter]()
    with TopicReader(settings, [topic.name]) as reader:
        for each in reader.standing():
            key = (each.record.key or b"").decode(errors="replace")
            if each.record.value is None:  # replayed
                found.pop(key, None)
                continue
            try:
                found[key] = topic.decode(each.record)
            except ValidationError:
                typer.echo(f"{topic.name} offset {each.offset} is not a dead letter", err=True)
    return found


@app.command("list")
def list_(stage: Stage = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Lists every dead letter that was not replayed."""
    settings = Settings()
    with told(settings):
        found = letters(settings, stage)
    if as_json:
        for letter in found:
            typer.echo(letter.model_dump_json())
        return
    table = Table("Id", "When", "Stage", "From", "Bytes", "Why")
    for letter in found:
        table.add_row(
            letter.id[:12],
            f"{letter.at:%d %b %H:%M:%S}",
            letter.stage,
            _origin(letter),
            str(letter.raw_size),
            letter.reason,
        )
    screen().print(table if found else "No dead letters.")


@app.command()
def show(id: Annotated[str, typer.Argument(help="The id or its first characters.")], stage: Stage = None) -> None:
    """Shows one dead letter: why it was rejected, where it came from, and its bytes."""
    settings = Settings()
    with told(settings):
        letter = _one(letters(settings, stage), id)
    raw = _raw(letter)
    for name, value in {
        "id": letter.id,
        "stage": letter.stage,
        "why": letter.reason,
        "error": letter.error,
        "from": _origin(letter),
        "key": letter.key,
        "headers": ", ".join(f"{name}={value.decode(errors='replace')}" for name, value in letter.headers),
        "when": letter.at.isoformat(),
        "bytes": f"{letter.raw_size}, SHA-256 {letter.raw_digest}"
        + (f", in {letter.raw_path}" * bool(letter.raw_path)),
    }.items():
        typer.echo(f"{name:8} {value or ''}")
    if raw is not None:
        typer.echo("\n" + raw.decode("utf-8", "backslashreplace")[:SHOWN])


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids or their first characters.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All dead letters, or all of --stage.")] = False,
    stage: Stage = None,
) -> None:
    """Sends dead letters back to their topic and removes them from the list. Exits with status 1 if one could not be
    sent."""
    if bool(ids) == everything:
        raise typer.BadParameter("name ids, or say --all")
    settings, failed, sent = Settings(), 0, 0
    with told(settings):
        found = letters(settings, stage)
        wanted = found if everything else [_one(found, each) for each in ids or ()]
        with Sender(settings) as sender:
            for letter in wanted:
                record = _again(letter)
                if record is None or letter.topic is None:
                    typer.echo(f"{letter.id[:12]}: its bytes are not here ({letter.raw_path})", err=True)
                    failed += 1
                    continue
                sender.send(letter.topic, record)
                sender.flush()
                sender.send(dead_letters(letter.stage).name, Record(letter.id.encode(), None))
                sent += 1
    typer.echo(f"{sent} sent again")
    raise typer.Exit(1 if failed else 0)


def _one(found: list[DeadLetter], id: str) -> DeadLetter:
    fitting = [letter for letter in found if letter.id.startswith(id)]
    if len(fitting) != 1:
        raise typer.BadParameter(f"{len(fitting)} dead letters begin with {id!r}")
    return fitting[0]


def _raw(letter: DeadLetter) -> bytes | None:
    if letter.raw_path is None:
        return letter.raw
    path = Path(letter.raw_path)
    return path.read_bytes() if path.is_file() else None


def _again(letter: DeadLetter) -> Record | None:
    raw = _raw(letter)
    return None if raw is None else Record(letter.key.encode() if letter.key else None, raw, letter.headers)


def _origin(letter: DeadLetter) -> str:
    place = "" if letter.partition is None else f" {letter.partition}/{letter.offset}"
    return f"{letter.topic or 'a file'}{place}"
