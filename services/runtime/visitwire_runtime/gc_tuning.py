"""What Python's garbage collector need not do in a process that runs for months."""

import gc

YOUNG = 20_000
"""Objects made before the youngest are looked through; Python's 700 are a fraction of what one story makes."""


def settle() -> None:
    """To be called once everything that stays is loaded: models, tables, code.

    The collector walks all objects there are again and again, in search of cycles; what stays for ever it need not
    walk. Deliveries take a quarter less processor time so (`bench.speed.deliveries`), and no walk through a language
    model falls between a story and its alert.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
