"""What a rule found: a cue, its source and its content, before speakers are resolved."""

from dataclasses import dataclass

type Piece = tuple[int, int]
"""Character offsets [start, end) of the text."""


@dataclass(frozen=True)
class Finding:
    """One attribution as a rule sees it. `cue` and `source` are tokens, `content` characters, both in text order."""

    frame: str
    """The construction: "tag", "clause", "according" …; with `kind` it is what confidence is looked up by."""
    kind: str
    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: tuple[Piece, ...]
    confidence: float = 0.0
