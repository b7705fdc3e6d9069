"""`visitwire worker`: one worker of one stage."""

import os
import sys
from typing import Annotated

import typer
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW

STAGES = tuple(row.stage for row in FLOW)
GATEWAY = "gateway"
CREW = (*STAGES, GATEWAY)
"""What the whole suite is made of."""


def module(stage: str) -> str:
    """What `python -m` runs for a stage or the gateway: its own package, without the suite, as in its image; for visits
    that of the readers which the settings want."""
    if stage == "visits" and Settings().readers != "rules":
        return "visitwire_reader_llm"
    return f"visitwire_{stage}"


def known(stage: str) -> str:
    if stage not in STAGES:
        raise typer.BadParameter(f"unknown stage {stage!r}; use one of {', '.join(STAGES)}")
    return stage


def worker(stage: Annotated[str, typer.Argument(help=f"One of {', '.join(STAGES)}.", callback=known)]) -> None:
    """Runs one worker of STAGE until it is stopped. Several workers share the load.

    Settings come from VISITWIRE_* and visitwire.toml. Exits with status 3 if it was stopped at its dead-letter limit.
    """
    os.execv(sys.executable, [sys.executable, "-m", module(stage)])
