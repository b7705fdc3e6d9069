"""The invented wires that come with the source: a month of items, each in its wire's own format."""

import re
from datetime import UTC, datetime
from pathlib import Path

import typer
from visitwire_schemas import WireItem

ARRIVED = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)-")
"""How a seed's name begins: when the wire sent it."""


def seed_items(folder: Path) -> list[WireItem]:
    """The seeds in the order in which the wires sent them; the folder's name is the wire's."""
    arrived = [(found, path) for path in folder.glob("*/*") if (found := ARRIVED.match(path.name))]
    return [_item(path, *found.groups()) for found, path in sorted(arrived, key=lambda each: each[1].name)]


def _item(path: Path, date: str, hour: str, minute: str) -> WireItem:
    received = datetime.fromisoformat(f"{date}T{hour}:{minute}").replace(tzinfo=UTC)
    return WireItem(raw=path.read_bytes(), provider=path.parent.name, name=path.name, received=received)


def seeds_folder() -> Path:
    """Where the seeds are. Raises `BadParameter` if they are not there."""
    for folder in (Path.cwd() / "seeds", Path(__file__).parents[3] / "seeds"):
        if (folder / "wires").is_dir():
            return folder
    raise typer.BadParameter(f"there are no seeds in {Path.cwd()}; name their folder with --seeds")
