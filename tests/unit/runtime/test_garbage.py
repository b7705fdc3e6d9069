"""A worker's garbage collector leaves alone what stays."""

import subprocess
import sys

TRIAL = """
import gc
from visitwire_runtime.gc_tuning import YOUNG, settle
loop = []; loop.append(loop); del loop
settle()
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] == YOUNG, gc.collect())
"""


def test_what_is_loaded_is_not_walked_again() -> None:
    """In a process of its own, whose collector is its own."""
    told = subprocess.run([sys.executable, "-c", TRIAL], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "0"]
