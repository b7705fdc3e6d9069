"""Plain text: an optional headline, an optional dateline, paragraphs."""

import re

from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats.dateline import leading
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.embargo import is_label
from visitwire_ingestion.formats.finish import finish

_TELEX = re.compile(r"^\s*ZCZC[^\n]*\n|\n\s*(?:\d\d-[A-Z]{3}-\d\d [\d:]{4,5}\s+)?NNNN[\s\S]{0,200}$")
"""Start and end of a message on a telex line."""
_ROUTING = re.compile(r"^(?:[A-Z]{2,4}\d{3,6}[_/ ][A-Z0-9_/ ]{2,40}|[A-Z] [A-Z]{3}(?: [A-Z0-9]{3,4}){1,4})$")
"""Lines of a telex that route it: "XEF00417_SXA_QBXB", "U POL S0A QBXB"."""
_HEADLINE = 160
"""A first line longer than this is a paragraph, not a headline."""


def read(item: WireItem, text: str) -> list[Story]:
    """One story. Blocks parted by empty lines are paragraphs, and so are lines where there is none.

    The first line is the headline when it is short, no sentence, and something follows.
    """
    telex = bool(_TELEX.match(text))
    paragraphs = blocks(_TELEX.sub("", text))
    while telex and len(paragraphs) > 1 and _ROUTING.match(paragraphs[0]):
        del paragraphs[0]
    made = Draft(type="text")
    if len(paragraphs) > 1 and is_label(paragraphs[0]):
        made.ednote = paragraphs.pop(0)
    if len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        made.headline = paragraphs.pop(0)
    made.text = "\n".join(paragraphs)
    return [finish(made, received=item.received).story(item)]


def blocks(text: str) -> list[str]:
    """The paragraphs, each one line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    # where no line is empty each is a paragraph; one that went on because it was full begins with a small letter
    parts = re.split(r"\n[ \t]*\n" if re.search(r"\n[ \t]*\n", text) else r"\n(?![a-zà-öø-ÿ])", text)
    return [line for part in parts if (line := " ".join(part.split()))]


def _is_headline(line: str) -> bool:
    return len(line) <= _HEADLINE and not line.endswith((".", ":", ";", ",")) and leading(line) is None
