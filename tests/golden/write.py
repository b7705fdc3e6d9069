"""Writes what the stages tell of their golden cases now, for a person to read the diff.

make golden [ARGS="visits extraction"]                             what is wanted, in all stages or in some
make golden ARGS="attribution --fresh"                             what is given too: parses, wire items
python -m tests.golden.write --new visits/hosting ABOUT < text     a new case, at the end of its file
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.golden.cases import FOLDER, Case, files, read, write
from tests.golden.stages import TOLD, as_lines, as_parsed
from tests.unit.ingestion.wires import CASES as WIRES

_DAY = "2026-03-11"


def again(stage: str, fresh: bool) -> None:
    """Writes the cases of a stage over."""
    for file in files(stage):
        cases = read(file)
        if fresh and stage == "attribution":
            cases = [replace(case, given=as_parsed(case.given["text"])) for case in cases]
        write(file, [replace(case, want=TOLD[stage](case.given, case.want)) for case in cases])


def wires() -> None:
    """Writes a file for every wire item of the tests."""
    for name, raw in WIRES.items():
        file = FOLDER / "ingestion" / f"{name}.json"
        about = read(file)[0].about if file.exists() else name.replace("-", " ")
        write(file, [Case(about, as_lines(raw), [])])


def add(place: str, about: str, given: Any) -> None:
    """Adds a case to the file `STAGE/NAME`, which it makes if there is none."""
    stage, file = place.partition("/")[0], FOLDER / f"{place}.json"
    cases = read(file) if file.exists() else []
    write(file, [*cases, Case(about, given, TOLD[stage](given, None))])


def given_of(stage: str, text: str, date: str, dateline: str | None) -> Any:
    """A text as a case of the language stages has it."""
    if stage == "attribution":
        return as_parsed(text)
    return {"text": text, "date": date, "dateline": dateline or ("ROME" if stage == "visits" else None)}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="STAGE", help=f"of {', '.join(TOLD)}; all of them by default")
    parser.add_argument("--fresh", action="store_true", help="make the parses and the wire items again, too")
    parser.add_argument("--new", metavar="STAGE/NAME", help="add a case: ABOUT is the argument, its text is read")
    parser.add_argument("--date", default=_DAY, help="the day of a new case's story (%(default)s)")
    parser.add_argument("--dateline", help="the place at its head")
    asked = parser.parse_args(arguments)
    if asked.new:
        stage = asked.new.partition("/")[0]
        if stage not in ("extraction", "attribution", "visits"):
            parser.error("--new takes extraction/NAME, attribution/NAME or visits/NAME")
        given = given_of(stage, sys.stdin.read().strip("\n"), asked.date, asked.dateline)
        add(asked.new, " ".join(asked.words), given)
        return
    for stage in asked.words or TOLD:
        if stage not in TOLD:
            parser.error(f"{stage} is not a stage; use one of: {', '.join(TOLD)}")
        if asked.fresh and stage == "ingestion":
            wires()
        again(stage, asked.fresh)


if __name__ == "__main__":
    main()
