"""Names say what a thing makes or is, not which word of a sentence its author had in mind."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
FORBIDDEN = {"bag", "desk", "plain", "reading", "tables", "turn", "weave", "words"}
"""Each once named modules or classes that had nothing in common."""


def sources() -> Iterator[Path]:
    for folder in ("schemas", "services"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts)


def names() -> Iterator[tuple[str, Path]]:
    """Every module and every class that we publish, with its file."""
    for path in sources():
        yield path.stem, path
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield node.name, path


def test_no_module_and_no_class_has_a_name_that_explains_nothing() -> None:
    assert [f"{path.relative_to(ROOT)}: {name}" for name, path in names() if name.strip("_").lower() in FORBIDDEN] == []
