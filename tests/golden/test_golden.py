"""Every stage tells of its golden cases what a person found right."""

import pytest

from tests.golden.cases import FOLDER, Case, difference, files, laid_out, read
from tests.golden.stages import TOLD, as_lines
from tests.unit.ingestion.wires import CASES as WIRES

ENOUGH = {"ingestion": 60, "extraction": 150, "attribution": 60, "visits": 190, "alerting": 20}


CASES = [(stage, file.stem, case) for stage in TOLD for file in files(stage) for case in read(file)]


@pytest.mark.parametrize(
    ("stage", "case"),
    [pytest.param(stage, case, id=f"{stage}/{name}: {case.about}") for stage, name, case in CASES],
)
def test_case(stage: str, case: Case) -> None:
    found = difference(case.want, TOLD[stage](case.given, case.want))

    if found:
        pytest.fail(f"{found}\nIf that is right: make golden ARGS={stage}, and read the diff.", pytrace=False)


def test_every_folder_is_that_of_a_stage_with_enough_cases() -> None:
    assert {path.name for path in FOLDER.iterdir() if any(path.glob("*.json"))} == set(TOLD)
    counts = {stage: sum(len(read(file)) for file in files(stage)) for stage in TOLD}
    assert {stage: count for stage, count in counts.items() if count < ENOUGH[stage]} == {}


def test_every_wire_is_a_case_byte_for_byte() -> None:
    assert {file.stem: read(file)[0].given for file in files("ingestion")} == {
        name: as_lines(raw) for name, raw in WIRES.items()
    }


def test_a_difference_is_told_field_by_field() -> None:
    want, told = [{"visitor": "Holm", "start": None}], [{"visitor": "Holm", "start": "2026-05"}]

    assert difference(want, want) == ""
    assert difference(want, told).splitlines()[2:] == [
        "@@ -1,6 +1,6 @@",
        " [",
        "  {",
        '   "visitor": "Holm",',
        '-  "start": null',
        '+  "start": "2026-05"',
        "  }",
        " ]",
    ]


def test_what_fits_into_a_line_is_laid_out_in_one() -> None:
    assert laid_out({"a": [1, 2], "b": {"c": "d"}}) == '{"a": [1, 2], "b": {"c": "d"}}'
    assert laid_out({"numbers": list(range(60)), "text": "x"}).splitlines()[1:] == [
        f' "numbers": {list(range(60))},',
        ' "text": "x"',
        "}",
    ]
