"""Golden cases: what a stage is given, and what a person read in its answer and found right.

A file in `tests/golden/STAGE/` is a JSON list of cases on one subject: {"about": a line, "given": …, "want": …}.
"""

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
_WIDTH = 118
_WORD = 24


@dataclass(frozen=True)
class Case:
    """One case; `given` and `want` are plain JSON, in the form that the stage's own function in stages.py knows."""

    about: str
    given: Any
    want: Any


def read(file: Path) -> list[Case]:
    """The cases of a file, in its order."""
    return [Case(**case) for case in json.loads(file.read_text("utf-8"))]


def write(file: Path, cases: Sequence[Case]) -> None:
    """Writes a file of cases over, laid out for a person and for `git diff`."""
    file.write_text(laid_out([asdict(case) for case in cases]) + "\n", "utf-8")


def files(stage: str) -> Iterator[Path]:
    """The files of a stage, by name."""
    yield from sorted((FOLDER / stage).glob("*.json"))


def difference(want: Any, told: Any) -> str:
    """What was wanted (-) and what came (+), line by line; empty if they are the same."""
    if want == told:
        return ""
    lines = [laid_out(each, width=0).splitlines() for each in (want, told)]
    return "\n".join(difflib.unified_diff(*lines, "wanted", "came", n=4, lineterm=""))


def laid_out(value: Any, indent: int = 0, width: int = _WIDTH) -> str:
    """JSON in which what fits into a line stands in one line, and so do numbers and single words, as of a parse."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or len(line) + indent <= width or _is_column(value):
        return line
    inside = indent + 1
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {laid_out(each, inside, width)}" for key, each in value.items()]
    else:
        parts = [laid_out(each, inside, width) for each in value]
    marks = "{}" if isinstance(value, dict) else "[]"
    between = ",\n" + " " * inside
    return f"{marks[0]}\n{' ' * inside}{between.join(parts)}\n{' ' * indent}{marks[1]}"


def _is_column(value: Any) -> bool:
    """Whether it is a list of numbers or of single words, of which nobody reads one a line."""
    return isinstance(value, list) and all(
        isinstance(each, int | float) or (isinstance(each, str) and len(each) <= _WORD and " " not in each)
        for each in value
    )
