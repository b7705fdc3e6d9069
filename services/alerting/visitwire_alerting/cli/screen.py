"""Where commands print their tables."""

import sys

from rich.console import Console

PIPE = 100_000
"""Columns of a pipe: a program that reads a table gets a line a row."""


def screen() -> Console:
    """The terminal with its width; a pipe or a file has none at which a table need be cut."""
    return Console() if sys.stdout.isatty() else Console(width=PIPE)
