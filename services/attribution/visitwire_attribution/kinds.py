"""Whether a content is quoted: direct, mixed or indirect."""

from visitwire_language.text import Text
from visitwire_schemas import QuoteKind

from visitwire_attribution.finding import Piece

_NEARLY_ALL = 0.9


def kind_of(text: Text, content: tuple[Piece, ...]) -> QuoteKind:
    """Direct where nine words in ten stand between marks, indirect where none does, else mixed."""
    words = quoted = 0
    for start, end in content:
        for token in text.parse.within(start, end):
            if text.wordy[token]:
                words += 1
                quoted += text.quoted[token] >= 0
    share = quoted / max(words, 1)
    if share >= _NEARLY_ALL:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if share > 0 else QuoteKind.INDIRECT
