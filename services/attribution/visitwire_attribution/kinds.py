"""Whether a content is quoted: direct, mixed or indirect."""

from visitwire_schemas import QuoteKind

from visitwire_attribution.finding import Piece
from visitwire_attribution.reading import Reading

_NEARLY_ALL = 0.9


def kind_of(reading: Reading, content: tuple[Piece, ...]) -> QuoteKind:
    """Direct where nine words in ten stand between marks, indirect where none does, else mixed."""
    words = quoted = 0
    for start, end in content:
        for token in reading.tokens(start, end):
            if reading.wordy[token]:
                words += 1
                quoted += reading.quoted[token] >= 0
    share = quoted / max(words, 1)
    if share >= _NEARLY_ALL:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if share > 0 else QuoteKind.INDIRECT
