"""The reader of quotation marks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_language.quotations import quotations_of


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in quotations_of(text)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("“A,” he said. “B.”", ["“A,”", "“B.”"]),
        ('"A," he said. "B."', ['"A,"', '"B."']),
        ("''A,'' he said. ''B.''", ["''A,''", "''B.''"]),
        ("``A,'' he said.", ["``A,''"]),
        ("«A», he said; „B“ too", ["«A»", "„B“"]),
        ("'We go,' said the workers' leader. 'It's over.'", ["'We go,'", "'It's over.'"]),
        ("He told me “she said ‘no’ twice”.", ["“she said ‘no’ twice”"]),
        ("“He said “a “b” c” again”", ["“He said “a “b” c” again”"]),
        ("“It's unusual,“ he said. “Very.”", ["“It's unusual,“", "“Very.”"]),
        ("It's the workers' day in the '90s, rock'n'roll.", []),
        ("A mark “left open", ["“left open"]),
        ("“One “two,” he said.", ["“One ", "“two,”"]),
        ("“The deal holds, Farouk said on Monday.", ["“The deal holds,"]),
        ("", []),
    ],
)
def test_pairs(text: str, want: list[str]) -> None:
    assert found(text) == want


def test_a_paragraph_left_open_carries_on() -> None:
    ones = quotations_of("“We came.\n\n“We saw.”\n“We left.”")

    assert [(one.line, one.closed, one.carries) for one in ones] == [
        (0, False, False),
        (2, True, True),
        (3, True, False),
    ]


def test_a_mark_left_open_ends_with_its_line() -> None:
    assert found("He said “yes\nand left.") == ["“yes"]


@given(st.text(alphabet="“”\"'‘’«»`, .aA\n", max_size=200))
def test_quotations_lie_in_order_within_their_lines(text: str) -> None:
    ones = quotations_of(text)

    assert all(0 <= one.start < one.end <= len(text) and "\n" not in text[one.start : one.end] for one in ones)
    assert all(before.end <= after.start for before, after in pairwise(ones))
