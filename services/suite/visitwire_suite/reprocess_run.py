"""One run of `visitwire reprocess`: how far it came, and what it changed, in a folder from which it can go on."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, Field
from visitwire_runtime.file_lock import FileLock
from visitwire_runtime.settings import Settings

STATE, CHANGES = "run.json", "changes.jsonl"
SCRATCH = "ledger.sqlite"


class Plan(BaseModel):
    """What was asked."""

    begin: AwareDatetime
    end: AwareDatetime
    stage: str
    """The first that reads again."""
    kept: bool = False
    """Stories come from the board's read model, and not from Kafka."""
    dry: bool = False
    told: bool = False
    """Subscribers are alerted of what changes."""
    lost: bool = False
    """Only versions that the ledger never heard of are read."""


class RunState(BaseModel):
    """How far a run came."""

    id: str
    at: AwareDatetime
    """When it began: readings are ordered by it."""
    plan: Plan
    done: bool = False
    reached: dict[str, int] = Field(default_factory=dict)
    """The offset to go on from, by "topic/partition"."""
    after: str | None = None
    """The last story, where they come from the read model."""
    cut: bool = False
    """The topic no longer had all of it."""
    counts: Counter[str] = Field(default_factory=Counter)
    """Of stories, by what became of them."""


class Run:
    """A run in its folder."""

    def __init__(self, folder: Path, state: RunState) -> None:
        self.folder, self.state = folder, state
        self._lock = FileLock(folder / "lock")

    @classmethod
    def begun(cls, settings: Settings, plan: Plan, at: datetime) -> Self:
        folder = runs(settings) / f"{at:%Y%m%dT%H%M%S%f}"[:-3]
        folder.mkdir(parents=True)
        made = cls(folder, RunState(id=folder.name, at=at, plan=plan))
        made.save()
        return made

    @classmethod
    def found(cls, settings: Settings, id: str) -> Self:
        """Raises `FileNotFoundError` where there is none."""
        folder = runs(settings) / id
        if not (folder / STATE).is_file():
            there = ", ".join(sorted(one.name for one in runs(settings).glob("*"))) or "none"
            raise FileNotFoundError(f"there is no run {id!r} under {runs(settings)}; there are {there}")
        return cls(folder, RunState.model_validate_json((folder / STATE).read_text()))

    def take(self) -> bool:
        """Whether no other process is at this run."""
        return self._lock.take()

    def free(self) -> None:
        self._lock.free()

    @property
    def scratch(self) -> Path:
        """Where a dry run has its copy of the ledger."""
        return self.folder / SCRATCH

    @property
    def changes(self) -> Path:
        return self.folder / CHANGES

    def save(self) -> None:
        """All or nothing: what is there is the last state that was whole."""
        fresh = self.folder / f"{STATE}.new"
        with fresh.open("w") as file:
            file.write(self.state.model_dump_json(indent=1))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / STATE)

    def note(self, lines: list[dict[str, Any]]) -> None:
        """Adds what changed to the report."""
        with self.changes.open("a") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def noted(self) -> Iterator[dict[str, Any]]:
        """Every line of the report so far."""
        if self.changes.exists():
            with self.changes.open() as file:
                yield from map(json.loads, file)


def runs(settings: Settings) -> Path:
    """Where the runs lie."""
    return settings.data_dir / "reprocess"
