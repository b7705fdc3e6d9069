"""On which line of a JSON text something stands."""

import json
import re
from collections.abc import Sequence

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, on which the value at `path` begins; where there is none, that of the last part there is.

    The text is well-formed JSON. Of a key given twice the last one counts, as in the values that are read of it.
    """
    wanted, keys = list(path), list[str | int | None]()
    best, deep = 0, 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in ("}", "]"):
            keys.pop()
        elif token == ",":
            keys[-1] = keys[-1] + 1 if isinstance(keys[-1], int) else None
        elif keys and keys[-1] is None:
            keys[-1] = json.loads(token)
        elif token != ":":
            if len(keys) >= deep and keys == wanted[: len(keys)]:
                best, deep = found.start(), len(keys)
            if token in ("{", "["):
                keys.append(None if token == "{" else 0)
    return text.count("\n", 0, best) + 1
