"""Whether a content is quoted: direct, mixed or indirect."""

from visitwire_schemas import QuoteKind

from visitwire_attribution.finding import Piece
from visitwire_attribution.reading import Reading

_NEARLY_ALL = 0.9


def kind_of(reading: Reading, content: tuple[Piece, ...]) -> QuoteKind:
    """Direct where nine words in ten stand between marks, indirect where none does, else mixed."""
    words = [t for start, end in content for t in reading.tokens(start, end) if reading.is_word(t)]
    share = sum(reading.quoted[t] >= 0 for t in words) / max(len(words), 1)
    if share >= _NEARLY_ALL:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if share > 0 else QuoteKind.INDIRECT
