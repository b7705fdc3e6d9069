"""JSON that is broken, as its software meant it: open brackets closed, Python's quotes, commas too many."""

import ast
import json
import re
from collections.abc import Iterator
from typing import cast

_LINE_ENDS = re.compile(r",(\s*[\]}])")
_SPACE = re.compile(r"\s*")
_PYTHON = re.compile(r"\s*[\[({\s]*'")
_LARGEST = 1_000_000
"""Characters of what Python wrote, its parser being no JSON reader."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_CLOSING = {"[": "]", "{": "}"}


def mended(text: str) -> list[object]:
    """The documents in the text, one behind the other. Raises `ValueError` or `RecursionError`."""
    plain = _LINE_ENDS.sub(r"\1", text)
    try:
        return list(_several(plain))
    except ValueError:
        if (said := _python(text)) is not None:
            return [said]
        for closed in _closed(plain):
            try:
                return [json.loads(closed, strict=False)]
            except ValueError:
                continue
        raise


def _several(text: str) -> Iterator[object]:
    decoder, place = json.JSONDecoder(strict=False), 0
    while place < len(text):
        value, place = decoder.raw_decode(text, cast(re.Match[str], _SPACE.match(text, place)).end())
        yield value
        place = cast(re.Match[str], _SPACE.match(text, place)).end()


def _python(text: str) -> object:
    """What Python's `str` made of a dictionary; None for anything else."""
    if len(text) > _LARGEST or not _PYTHON.match(text):
        return None
    try:
        said = ast.literal_eval(text.strip())
        return json.loads(json.dumps(said, default=str))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _closed(text: str) -> Iterator[str]:
    """The text with what is open in it closed: where it ends, and behind the last value that is whole."""
    if not text.lstrip().startswith(("{", "[")):
        return
    inside: list[str] = []
    whole, quoted = ("", ""), ""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in _CLOSING:
            inside.append(_CLOSING[token])
        elif token in ("]", "}"):
            if not inside or inside.pop() != token:
                return
        elif token == ",":
            whole = text[: found.start()], "".join(reversed(inside))
        elif len(token) == 1 or not token.endswith('"') or re.search(r"(?<!\\)(?:\\\\)*\\\"$", token):
            quoted = '"'
    if inside:
        yield text.rstrip("\\") + quoted + "".join(reversed(inside))
        yield whole[0] + whole[1]
